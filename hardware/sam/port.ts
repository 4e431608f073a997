import type { Health } from '../../main/contract/device.ts';

/** One load as the load authority needs to know it (PBOC: cards.md 1.6). All byte fields as on the card's wire. */
export type LoadRequest = {
  readonly reference: string;
  readonly transactionType: number;
  readonly cardNumber: Uint8Array;
  readonly amountMinor: number;
  /** 6 bytes. */
  readonly terminalId: Uint8Array;
  /** The whole answer to INITIALIZE FOR LOAD without status word: 16 bytes. */
  readonly challenge: Uint8Array;
  /** 7 bytes BCD, YYYYMMDDhhmmss. */
  readonly dateTime: Uint8Array;
};

export type AuthoriseAnswer =
  /** `mac2`: 4 bytes, to be sent in CREDIT FOR LOAD. */
  | { readonly kind: 'done'; readonly mac2: Uint8Array }
  /** MAC1 does not fit: the card is not genuine. No MAC2 is made for it. */
  | { readonly kind: 'mac1-invalid' }
  | { readonly kind: 'failed'; readonly detail: string };

/** What a transaction authentication code is computed over: known before the credit, so it can be checked weeks later. */
export type TacClaim = {
  readonly transactionType: number;
  readonly cardNumber: Uint8Array;
  readonly amountMinor: number;
  readonly terminalId: Uint8Array;
  readonly dateTime: Uint8Array;
  readonly balanceAfterMinor: number;
  /** On-line counter before the increment. */
  readonly counter: number;
  readonly tac: Uint8Array;
};

export type TacAnswer =
  | { readonly kind: 'genuine' }
  | { readonly kind: 'false' }
  | { readonly kind: 'failed'; readonly detail: string };

/** The load authority: the only place where keys are. Keys never cross this port. */
export interface Sam {
  watch(onHealth: (health: Health) => void): () => void;
  /** Verify MAC1, then make MAC2. */
  authoriseLoad(request: LoadRequest): Promise<AuthoriseAnswer>;
  verifyTac(claim: TacClaim): Promise<TacAnswer>;
  close(): Promise<void>;
}
