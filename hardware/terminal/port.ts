import type { DeviceFault, Health } from '../../main/contract/device.ts';
import type {
  DeclineReason,
  PaymentMeans,
  PaymentOrder,
  PaymentStatus,
} from '../../main/contract/payment.ts';

export type OpenAnswer =
  /** Ready for a payment. `mark` names the terminal's last transaction so far; journaled before money is asked for. */
  | { readonly kind: 'done'; readonly mark: string }
  | { readonly kind: 'failed'; readonly fault: DeviceFault };

export type PaymentAnswer =
  /**
   * Two-phase: the amount is reserved. One-phase: it is taken. `terminalReference` names it to the terminal from now on and
   * is understood by nobody else; `terminalReceipt` is the number on the terminal's own receipt, for people to quote.
   */
  | { readonly kind: 'done'; readonly terminalReference: string; readonly terminalReceipt: string }
  /** No money was reserved or taken. */
  | { readonly kind: 'refused'; readonly reason: DeclineReason }
  /** The answer is missing. Only `inquire` may follow, never a second payment. */
  | { readonly kind: 'unknown' };

export type SettleAnswer =
  | { readonly kind: 'done' }
  /** The terminal knows the payment and will not do this (its words, for the technician). */
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'unknown' };

export type InquireAnswer =
  | {
      readonly kind: 'done';
      readonly status: PaymentStatus;
      readonly terminalReference: string | null;
      readonly terminalReceipt: string | null;
    }
  /** Still not known: ask again later. */
  | { readonly kind: 'unknown' };

/** A payment and the terminal's own name for it, null while its answer is missing. */
export type PaymentInQuestion = {
  readonly order: PaymentOrder;
  readonly terminalReference: string | null;
};

/** A payment terminal. Calls never overlap (but for cancel); none throws for what the terminal or the line does. */
export interface PaymentTerminal {
  readonly means: PaymentMeans;
  watch(onHealth: (health: Health) => void): () => void;
  open(): Promise<OpenAnswer>;
  /** Ask a person for money. Answers when the terminal does, or `unknown` past the driver's deadline. */
  authorise(order: PaymentOrder): Promise<PaymentAnswer>;
  /** Ask the running authorise to stop. The authorise itself still answers, and may still answer `done`. */
  cancel(): void;
  /** Take what was authorised (two-phase only). Capturing twice is done once. */
  capture(payment: PaymentInQuestion): Promise<SettleAnswer>;
  /** Give back: release an authorisation, or reverse what was taken. Reversing twice is done once. */
  reverse(payment: PaymentInQuestion): Promise<SettleAnswer>;
  /** What became of this order, from the terminal's own books. */
  inquire(payment: PaymentInQuestion): Promise<InquireAnswer>;
  close(): Promise<void>;
}
