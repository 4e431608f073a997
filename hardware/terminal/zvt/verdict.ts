import type { PaymentPhases, PaymentStatus } from '../../../main/contract/payment.ts';
import type { StatusInformation } from './command/status-information.ts';
import {
  countedOn,
  type Mark,
  nameOf,
  type PaymentName,
  sameTransaction,
  type TransactionName,
} from './reference.ts';

/** What the terminal says of itself now: its last receipt, and its open reservations (null where it has no list). */
export type TerminalBooks = {
  readonly last: StatusInformation | 'empty' | 'unreadable';
  readonly open: ReadonlySet<number> | null;
};

export type Question = {
  readonly phases: PaymentPhases;
  readonly amountMinor: number;
  readonly mark: Mark;
  /** Null while the payment's answer is missing. */
  readonly name: PaymentName | null;
};

export type Verdict =
  | {
      readonly kind: 'known';
      readonly status: PaymentStatus;
      readonly name: PaymentName | null;
      /** The receipt that a reversal has to name: the booking's own, where it has one. */
      readonly reversible: number | null;
    }
  | { readonly kind: 'unknown' };

const unknown: Verdict = { kind: 'unknown' };

/**
 * What became of a payment, from the terminal's last receipt and its open reservations. Pure; answers `unknown` wherever the
 * evidence allows two stories. It relies on this, to be confirmed with the terminal's manual and on the terminal itself:
 *
 * - each transaction that moves money takes the next receipt number and a new trace number;
 * - the receipt of a released reservation shows amount 0 (so in a Feig cVEND capture), that of a booking the booked amount;
 * - an original trace (37), where there is one, names the transaction that was booked or reversed;
 * - the terminal serves this kiosk only, and the kiosk begins no payment while another's outcome is unknown.
 *
 * The amount alone never proves anything: the previous customer may have paid the same.
 */
export function judge(question: Question, now: TerminalBooks): Verdict {
  if (question.name !== null) {
    return question.phases === 'two'
      ? namedReservation(question, question.name, now)
      : namedPayment(question.name, now);
  }
  // A list can only be compared with the one before the payment. Where that one did not come, this one tells no news.
  return unnamed(question, question.mark.open === null ? { ...now, open: null } : now);
}

/** A payment whose answer is missing. */
function unnamed(question: Question, now: TerminalBooks): Verdict {
  if (now.last === 'unreadable' || question.mark.last === 'unreadable') {
    // Whatever was approved is on the list, unless it was given back since.
    const isListed = question.phases === 'two' && now.open !== null;
    return isListed && !hasNews(question, now) ? nothing : newReservation(question, now);
  }
  const before = question.mark.last;
  if (now.last === 'empty') {
    return before === 'empty' && !hasNews(question, now) ? nothing : unknown;
  }
  const last = nameOf(now.last);
  if (last === null) return unknown;
  if (before !== 'empty' && sameTransaction(before, last)) {
    return hasNews(question, now) ? unknown : nothing;
  }
  return sinceMark(question, now, now.last, last, before === 'empty' ? null : before);
}

const nothing: Verdict = { kind: 'known', status: 'none', name: null, reversible: null };

/** The last receipt is another than before the payment, and the payment has no name yet. */
function sinceMark(
  question: Question,
  now: TerminalBooks,
  status: StatusInformation,
  last: PaymentName,
  before: TransactionName | null,
): Verdict {
  const ours = status.amountMinor === question.amountMinor;
  const steps = before === null ? null : receiptsBetween(before.receipt, last.receipt);
  if (!approved(status)) {
    return ours && (steps === null || steps <= 1) && !hasNews(question, now) ? nothing : unknown;
  }
  const listed = newReservation(question, now);
  if (listed.kind === 'known') return listed;
  if (hasNews(question, now)) return unknown;
  const closesOurs =
    status.originalTrace === null
      ? steps === 2
      : before === null || isLater(status.originalTrace, before.trace);
  if (status.amountMinor === 0 || (question.phases === 'one' && status.originalTrace !== null)) {
    return closesOurs
      ? { kind: 'known', status: 'reversed', name: null, reversible: null }
      : unknown;
  }
  if (!ours) return unknown;
  const first = (before === null || steps === 1) && status.originalTrace === null;
  if (question.phases === 'one') {
    return first
      ? { kind: 'known', status: 'captured', name: last, reversible: last.receipt }
      : unknown;
  }
  if (now.open === null) {
    return first ? { kind: 'known', status: 'authorised', name: last, reversible: null } : unknown;
  }
  return closesOurs && !first
    ? { kind: 'known', status: 'captured', name: null, reversible: last.receipt }
    : unknown;
}

/** The one open reservation that was not there before, where it is ours: the last receipt, or the very next after the mark. */
function newReservation(question: Question, now: TerminalBooks): Verdict {
  if (question.phases === 'one' || typeof now.last === 'string') return unknown;
  const last = nameOf(now.last);
  const [receipt, ...others] = newsOn(question, now);
  if (last === null || receipt === undefined || others.length > 0) return unknown;
  const isLast = receipt === last.receipt;
  const isOurs = approved(now.last) && now.last.amountMinor === question.amountMinor;
  if (isLast && !isOurs) return unknown;
  const name = isLast ? last : nextAfter(question.mark.last, receipt, last);
  return name === null ? unknown : { kind: 'known', status: 'authorised', name, reversible: null };
}

/**
 * The name of the first transaction after the mark, whose receipt this is. Others' payments have been settled since, so the
 * terminal no longer tells its trace: it is the next one where both numbers have gone on alike up to the last.
 */
function nextAfter(mark: Mark['last'], receipt: number, last: PaymentName): PaymentName | null {
  if (typeof mark === 'string' || receiptsBetween(mark.receipt, receipt) !== 1) return null;
  return countedOn(mark, last)
    ? { receipt, trace: (mark.trace % 999_999) + 1, attribute: null }
    : null;
}

/** A two-phase payment whose reservation is known by name. */
function namedReservation(question: Question, name: PaymentName, now: TerminalBooks): Verdict {
  if (now.open?.has(name.receipt)) {
    return { kind: 'known', status: 'authorised', name, reversible: null };
  }
  if (typeof now.last === 'string') return unknown;
  const last = nameOf(now.last);
  if (last === null) return unknown;
  const closed: Verdict =
    now.open === null ? unknown : { kind: 'known', status: 'closed', name, reversible: null };
  if (!approved(now.last)) return closed;
  if (sameTransaction(last, name)) {
    return now.open === null
      ? { kind: 'known', status: 'authorised', name, reversible: null }
      : unknown;
  }
  if (now.open?.has(last.receipt)) return closed;
  const { originalTrace, amountMinor } = now.last;
  const steps = receiptsBetween(name.receipt, last.receipt);
  // Without a list, the next receipt may just as well be the next person's reservation.
  const closesIt =
    originalTrace === null ? now.open !== null && steps <= 1 : originalTrace === name.trace;
  if (closesIt && amountMinor === 0) {
    return { kind: 'known', status: 'reversed', name, reversible: null };
  }
  if (closesIt && amountMinor === question.amountMinor) {
    return { kind: 'known', status: 'captured', name, reversible: last.receipt };
  }
  // Booked, and the booking reversed: two receipts later, reversing something newer than the reservation.
  const undoesBooking =
    steps === 2 &&
    originalTrace !== null &&
    isLater(originalTrace, name.trace) &&
    amountMinor === 0;
  return undoesBooking ? { kind: 'known', status: 'reversed', name, reversible: null } : closed;
}

/** A one-phase payment known by name: it is there, or it was reversed. */
function namedPayment(name: PaymentName, now: TerminalBooks): Verdict {
  if (typeof now.last === 'string') return unknown;
  const last = nameOf(now.last);
  if (last === null || !approved(now.last)) return unknown;
  if (sameTransaction(last, name)) {
    return { kind: 'known', status: 'captured', name, reversible: name.receipt };
  }
  const { originalTrace, amountMinor } = now.last;
  const steps = receiptsBetween(name.receipt, last.receipt);
  const reversesIt =
    originalTrace === null ? steps <= 1 && amountMinor === 0 : originalTrace === name.trace;
  return reversesIt ? { kind: 'known', status: 'reversed', name, reversible: null } : unknown;
}

/** A last receipt without a result code is one that was printed: approved. */
function approved(status: StatusInformation): boolean {
  return status.resultCode === 0 || status.resultCode === null;
}

function hasNews(question: Question, now: TerminalBooks): boolean {
  return newsOn(question, now).length > 0;
}

/** The open reservations that were not open before the payment; none where there is no list to compare. */
function newsOn({ mark }: Question, now: TerminalBooks): readonly number[] {
  return [...(now.open ?? [])].filter((receipt) => !mark.open?.has(receipt));
}

/** How many receipts after `from` the receipt `to` is, on the ring 1 to 9999. */
function receiptsBetween(from: number, to: number): number {
  return (to - from + 9999) % 9999;
}

/** On the ring of trace numbers, less than half of it ahead. */
function isLater(trace: number, than: number): boolean {
  const ahead = (trace - than + 999999) % 999999;
  return ahead > 0 && ahead < 500000;
}
