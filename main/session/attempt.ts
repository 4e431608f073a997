import type { LoadMark, LoadOrder, LoadProof } from '../contract/card.ts';
import type { Language } from '../contract/language.ts';
import type { MinorUnits } from '../contract/money.ts';
import type { PaymentMeans, PaymentOrder } from '../contract/payment.ts';
import type { Receipt } from '../contract/receipt.ts';

/**
 * Where the money is. The -ing states are written down before the order leaves the process; found at a start, or after a
 * missing answer, they mean "unknown": the terminal is asked, or given again an order that is done once however often.
 *
 * For a one-phase terminal `authorised` means taken, and `captured` is reached without a capture.
 * `uncollected`: the card was loaded but the terminal has definitely refused to capture. The operator's loss, never the person's.
 */
export type MoneyState =
  | 'none'
  | 'authorising'
  | 'authorised'
  | 'capturing'
  | 'captured'
  | 'uncollected'
  | 'reversing'
  | 'reversed'
  | 'declined';

/** Whether the card holds the load. `writing` is written down before CREDIT leaves; afterwards only the card can end it. */
export type CardState = 'none' | 'writing' | 'written' | 'unwritten';

/**
 * Where the slip is. A print job is queued → sent → printed | failed | unknown; said of the paper itself, that is queued →
 * printing → printed | not-printed | maybe-printed. `queued`: the printer is asked whether it can print, nothing has left.
 * `printing` is written down before a byte leaves; afterwards only the printer's confirmation tells.
 */
export type PaperState =
  | 'none'
  | 'queued'
  | 'printing'
  | 'printed'
  | 'not-printed'
  | 'maybe-printed';

/** One top-up: money × card × paper. The journal keeps the whole record at each step. */
export type Attempt = {
  readonly reference: string;
  /** Milliseconds since 1970 UTC. */
  readonly openedWallMs: number;
  readonly language: Language;
  readonly cardNumber: string;
  readonly profile: string;
  readonly amountMinor: MinorUnits;
  readonly means: PaymentMeans;
  readonly receiptWanted: boolean;
  /** 12 hex digits: the station's id when the attempt began. It stands in the card's log for ever. */
  readonly terminalId: string;
  readonly money: MoneyState;
  readonly card: CardState;
  readonly paper: PaperState;
  /**
   * The last slip that is on paper, or may be. Never forgotten, whatever a later copy's answer is: another one that says the
   * same is a duplicate. A slip that says how it ended is not a duplicate of one that said it is unresolved.
   */
  readonly onPaper: Receipt['kind'] | null;
  /** Duplicates of that slip which were printed, or may have been. */
  readonly copies: number;
  /** The terminal's last transaction before this one. */
  readonly terminalMark: string;
  /** The payment's name for the terminal. Opaque. */
  readonly terminalReference: string | null;
  /** Its number for people, as the terminal prints it. */
  readonly terminalReceipt: string | null;
  /** How many times a load was begun. Each has its own order, date and time, so that the card's log can tell them apart. */
  readonly loads: number;
  /** YYYYMMDDhhmmss, local, of the newest load. */
  readonly loadTime: string;
  readonly loadMark: LoadMark | null;
  readonly proof: LoadProof | null;
  /**
   * Signed when it could not be settled while the person waited (contract/claim.ts), and kept for ever. Open until the attempt
   * is settled.
   */
  readonly claim: string | null;
};

export function paymentOrder(attempt: Attempt): PaymentOrder {
  return {
    reference: attempt.reference,
    means: attempt.means.id,
    amountMinor: attempt.amountMinor,
    mark: attempt.terminalMark,
  };
}

export function loadOrder(attempt: Attempt): LoadOrder {
  return {
    reference: `${attempt.reference}/${attempt.loads}`,
    cardNumber: attempt.cardNumber,
    profile: attempt.profile,
    amountMinor: attempt.amountMinor,
    terminalId: attempt.terminalId,
    dateTime: attempt.loadTime,
  };
}
