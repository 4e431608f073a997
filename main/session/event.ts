import type { CardFacts, CardRefusal, LoadMark, LoadProof } from '../contract/card.ts';
import type { Command } from '../contract/command.ts';
import type { DeviceFault, DeviceName, Health } from '../contract/device.ts';
import type { DeclineReason, PaymentStatus } from '../contract/payment.ts';
import type { Attempt } from './attempt.ts';

/** Time and chance, as they come through the door. */
export type Moment = {
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  /** Milliseconds since 1970 UTC. */
  readonly wallMs: number;
  /** The same in the station's time zone: YYYYMMDDhhmmss. */
  readonly localTime: string;
  /** 40 random bits as 10 hex digits: an attempt's reference is made of them. */
  readonly chance: string;
};

/** How a conversation with a card broke off. The person moved, or the machine broke; `undecided`: the card's own books do not tell. */
export type CardTrouble = {
  readonly kind: 'card-fault' | 'reader-fault' | 'undecided';
  readonly detail: string;
};

/** What the devices answer. Each belongs to one effect, and each performed effect is answered by exactly one of its own. */
export type AnswerFact =
  // read-card
  | { readonly kind: 'card-read'; readonly card: CardFacts }
  | { readonly kind: 'card-refused'; readonly refusal: CardRefusal }
  | { readonly kind: 'card-unreadable'; readonly trouble: CardTrouble }
  // open-terminal
  | { readonly kind: 'terminal-opened'; readonly mark: string }
  | { readonly kind: 'terminal-not-opened'; readonly fault: DeviceFault }
  // authorise
  | {
      readonly kind: 'payment-approved';
      readonly terminalReference: string;
      readonly terminalReceipt: string;
    }
  | { readonly kind: 'payment-declined'; readonly reason: DeclineReason }
  | { readonly kind: 'payment-unknown' }
  // cancel-payment
  | { readonly kind: 'payment-cancel-sent' }
  // prepare-credit: nothing has been written, whatever the answer
  | { readonly kind: 'credit-prepared'; readonly mark: LoadMark }
  | {
      readonly kind: 'credit-not-prepared';
      readonly why: 'other-card' | 'two-cards' | 'refused';
      readonly detail: string;
    }
  | { readonly kind: 'credit-preparation-failed'; readonly trouble: CardTrouble }
  // credit-card
  | { readonly kind: 'credit-proved'; readonly proof: LoadProof }
  | { readonly kind: 'credit-disproved'; readonly detail: string }
  | { readonly kind: 'credit-unknown'; readonly trouble: CardTrouble }
  // check-card
  | { readonly kind: 'load-found'; readonly proof: LoadProof }
  | { readonly kind: 'load-not-found' }
  | { readonly kind: 'other-card-found'; readonly why: 'other-card' | 'two-cards' }
  | { readonly kind: 'load-unknown'; readonly trouble: CardTrouble }
  // capture
  | { readonly kind: 'payment-captured' }
  | { readonly kind: 'capture-refused'; readonly detail: string }
  | { readonly kind: 'capture-unknown' }
  // reverse
  | { readonly kind: 'payment-reversed' }
  | { readonly kind: 'reversal-refused'; readonly detail: string }
  | { readonly kind: 'reversal-unknown' }
  // inquire-payment
  | {
      readonly kind: 'payment-found';
      readonly status: PaymentStatus;
      readonly terminalReference: string | null;
      readonly terminalReceipt: string | null;
    }
  | { readonly kind: 'inquiry-unanswered' }
  // sign-claim
  | { readonly kind: 'claim-signed'; readonly claim: string }
  // look-up: newest first
  | { readonly kind: 'attempts-found'; readonly found: readonly Attempt[] }
  // ready-printer: nothing is on paper, whatever the answer
  | { readonly kind: 'printer-ready' }
  | { readonly kind: 'printer-not-ready'; readonly fault: DeviceFault }
  // print-receipt
  | { readonly kind: 'receipt-printed' }
  | { readonly kind: 'receipt-not-printed'; readonly fault: DeviceFault }
  | { readonly kind: 'receipt-unknown'; readonly fault: DeviceFault };

/** What happens by itself. */
export type WorldFact =
  | { readonly kind: 'card-inserted' }
  | { readonly kind: 'card-removed' }
  | {
      readonly kind: 'device-changed';
      readonly device: Exclude<DeviceName, 'terminal' | 'sam'>;
      readonly health: Health;
    }
  /** The load authority of one family of cards. */
  | {
      readonly kind: 'device-changed';
      readonly device: 'sam';
      readonly family: string;
      readonly health: Health;
    }
  | { readonly kind: 'terminal-changed'; readonly terminal: string; readonly health: Health }
  /** The session's own deadline has come. */
  | { readonly kind: 'deadline-passed' };

/** A command, already found to answer the view that is on screen. */
export type CommandFact = { readonly kind: 'commanded'; readonly command: Command };

export type Fact = AnswerFact | WorldFact | CommandFact;
export type FactKind = Fact['kind'];

export type Event = { readonly at: Moment; readonly fact: Fact };
