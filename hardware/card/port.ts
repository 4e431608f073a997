import type {
  CardFacts,
  CardRefusal,
  LoadMark,
  LoadOrder,
  LoadProof,
} from '../../main/contract/card.ts';
import type { Health } from '../../main/contract/device.ts';
import type { CardFault, ReaderFault } from '../reader/port.ts';

export type Fault = CardFault | ReaderFault;

export type ReadAnswer =
  | { readonly kind: 'done'; readonly card: CardFacts }
  | { readonly kind: 'refused'; readonly refusal: CardRefusal }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** Why a load was not begun, or is proved not to have happened. */
export type LoadRefusal =
  /** Not the card that the order names. */
  | { readonly kind: 'other-card' }
  /** The card that the order names was read since the slot was empty last, and now another one answers: both lie there. */
  | { readonly kind: 'two-cards' }
  | { readonly kind: 'above-balance-cap' }
  | { readonly kind: 'above-load-cap' }
  /** The card could not show that it holds its issuer's key (PBOC: MAC1; DESFire: authentication). */
  | { readonly kind: 'not-genuine' }
  /** The card did not accept what its load authority made for the load (PBOC: MAC2), and is proved unchanged. */
  | { readonly kind: 'authority-refused' }
  | { readonly kind: 'sam-fault'; readonly detail: string }
  /** Any other status word: `detail` names the command and the word. */
  | { readonly kind: 'card-refused'; readonly detail: string };

/** Nothing has been written, whatever the answer. */
export type PrepareAnswer =
  | { readonly kind: 'done'; readonly mark: LoadMark }
  | { readonly kind: 'refused'; readonly refusal: LoadRefusal }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** `refused` is proved: the card has been read again and is unchanged. Everything that is not certain is `unknown`. */
export type CreditAnswer =
  | { readonly kind: 'done'; readonly proof: LoadProof }
  | { readonly kind: 'refused'; readonly refusal: LoadRefusal }
  | {
      readonly kind: 'unknown';
      readonly fault: Fault | { readonly kind: 'undecided'; readonly detail: string };
    };

export type CheckAnswer =
  | { readonly kind: 'loaded'; readonly proof: LoadProof }
  | { readonly kind: 'not-loaded' }
  /** The card in the reader is not the order's. */
  | { readonly kind: 'other-card' }
  | { readonly kind: 'two-cards' }
  | {
      readonly kind: 'unknown';
      readonly fault: Fault | { readonly kind: 'undecided'; readonly detail: string };
    };

/**
 * Stored-value cards as the runtime sees them: one card at a time, whatever its family. Calls are made one after the
 * other, never overlapping. No call throws for what a card, a reader or a SAM does; each ends within a few seconds.
 */
export interface StoredValueCards {
  watch(handlers: {
    readonly onPresence: (present: boolean) => void;
    readonly onReaderHealth: (health: Health) => void;
    /** Of each family's load authority: without it its cards can be read, and not loaded. */
    readonly onSamHealth: (family: string, health: Health) => void;
  }): () => void;
  /** Find out what card this is and read it. */
  read(): Promise<ReadAnswer>;
  /** Make the card ready for this load and verify that it is genuine. Holds the connection until credit or abandon. */
  prepare(order: LoadOrder): Promise<PrepareAnswer>;
  /** Write the load that was prepared, and prove it from the card. */
  credit(): Promise<CreditAnswer>;
  /** Let go of a prepared load without writing. */
  abandon(): Promise<void>;
  /** Ask the card in the reader whether this load happened. Changes nothing on the card. */
  check(order: LoadOrder, mark: LoadMark): Promise<CheckAnswer>;
  close(): Promise<void>;
}
