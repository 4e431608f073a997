import type { LoadMark, LoadOrder } from '../contract/card.ts';
import type { Claim } from '../contract/claim.ts';
import type { PaymentOrder } from '../contract/payment.ts';
import type { Receipt } from '../contract/receipt.ts';
import type { AnswerFact } from './event.ts';

/** Whose top-ups are looked for in the journal. */
export type LookUp =
  | { readonly kind: 'card'; readonly number: string; readonly profile: string }
  | { readonly kind: 'reference'; readonly reference: string };

/** What a claim states, but for the card's number: only its hash is stated. */
export type UnsignedClaim = Omit<Claim, 'card'> & {
  readonly cardNumber: string;
  readonly profile: string;
};

/** Orders to the world. The step that gives one is durable in the journal before the order leaves the process. */
export type Effect =
  | { readonly kind: 'read-card' }
  | { readonly kind: 'open-terminal'; readonly means: string }
  | { readonly kind: 'authorise'; readonly order: PaymentOrder }
  | { readonly kind: 'cancel-payment'; readonly means: string }
  | { readonly kind: 'prepare-credit'; readonly order: LoadOrder }
  | { readonly kind: 'credit-card'; readonly reference: string }
  | { readonly kind: 'check-card'; readonly order: LoadOrder; readonly mark: LoadMark }
  | {
      readonly kind: 'capture' | 'reverse' | 'inquire-payment';
      readonly order: PaymentOrder;
      readonly terminalReference: string | null;
    }
  | { readonly kind: 'sign-claim'; readonly claim: UnsignedClaim }
  | { readonly kind: 'look-up'; readonly by: LookUp }
  /** Asked before anything is printed, so that a printer that cannot leaves no doubt. */
  | { readonly kind: 'ready-printer' }
  | {
      readonly kind: 'print-receipt';
      readonly receipt: Receipt;
      /** A duplicate is marked as one on the paper. */
      readonly copy: 'original' | 'duplicate';
    };

export type EffectKind = Effect['kind'];

/** Which facts may answer which effect. The runtime is checked against it. */
export const answersOf = {
  'read-card': ['card-read', 'card-refused', 'card-unreadable'],
  'open-terminal': ['terminal-opened', 'terminal-not-opened'],
  authorise: ['payment-approved', 'payment-declined', 'payment-unknown'],
  'cancel-payment': ['payment-cancel-sent'],
  'prepare-credit': ['credit-prepared', 'credit-not-prepared', 'credit-preparation-failed'],
  'credit-card': ['credit-proved', 'credit-disproved', 'credit-unknown'],
  'check-card': ['load-found', 'load-not-found', 'other-card-found', 'load-unknown'],
  capture: ['payment-captured', 'capture-refused', 'capture-unknown'],
  reverse: ['payment-reversed', 'reversal-refused', 'reversal-unknown'],
  'inquire-payment': ['payment-found', 'inquiry-unanswered'],
  'sign-claim': ['claim-signed'],
  'look-up': ['attempts-found'],
  'ready-printer': ['printer-ready', 'printer-not-ready'],
  'print-receipt': ['receipt-printed', 'receipt-not-printed', 'receipt-unknown'],
} as const satisfies Record<EffectKind, readonly AnswerFact['kind'][]>;
