import type { Clock } from '../../../main/contract/clock.ts';
import type { Health } from '../../../main/contract/device.ts';
import type { PaymentMeans, PaymentOrder } from '../../../main/contract/payment.ts';
import type { Line } from '../../line/port.ts';
import type {
  InquireAnswer,
  OpenAnswer,
  PaymentAnswer,
  PaymentInQuestion,
  PaymentTerminal,
  SettleAnswer,
} from '../port.ts';
import { buildAuthorisation } from './command/authorisation.ts';
import { buildBookTotal } from './command/book-total.ts';
import { moneyFields } from './command/money-field.ts';
import { passwordField } from './command/password.ts';
import { buildReservation } from './command/reservation.ts';
import { buildReservationReversal } from './command/reservation-reversal.ts';
import { buildReversal } from './command/reversal.ts';
import { type ConversationDeadlines, ZvtConversation } from './conversation.ts';
import { judgePayment, judgeSettlement, type SettlementOutcome } from './outcome.ts';
import { faultOf, ZvtReadiness } from './readiness.ts';
import { type Read, ZvtReads } from './reads.ts';
import {
  countedOn,
  formatMark,
  formatReceipt,
  formatReference,
  nameOf,
  type PaymentName,
  parseMark,
  parseReference,
  sameTransaction,
  type TransactionName,
} from './reference.ts';
import { describeCode, isBusy, notRegistered } from './result-code.ts';
import { judge, type TerminalBooks, type Verdict } from './verdict.ts';

export type ZvtDeadlines = ConversationDeadlines & {
  /** A read: from its acknowledgement to its end. */
  readonly readMs: number;
  /** A payment, the person's time included. Longer than the terminal's own time for a card. */
  readonly paymentMs: number;
  /** A booking or reversal, the bank's time included. */
  readonly settleMs: number;
  /** How long a booking, a reversal or an inquiry waits for a line that is away or a terminal that is occupied. */
  readonly patienceMs: number;
  /** Between two status enquiries while nothing else is said. About every 3 s (CCV's manual for unattended terminals). */
  readonly pollMs: number;
};

const zvtDeadlines: ZvtDeadlines = {
  ackMs: 5_000,
  abortMs: 5_000,
  quietMs: 1_500,
  readMs: 15_000,
  paymentMs: 120_000,
  settleMs: 60_000,
  patienceMs: 30_000,
  pollMs: 3_000,
};

export type ZvtTerminalOptions = {
  /** Carries bare ZVT messages, as over TCP. Closed with the terminal. */
  readonly line: Line;
  readonly means: PaymentMeans;
  readonly clock: Clock;
  /** ISO 4217 number: 978. */
  readonly currency: number;
  /** Six digits. */
  readonly password: string;
  /** See buildRegistration. BE where nothing is said. */
  readonly configByte?: number;
  readonly deadlines?: Partial<ZvtDeadlines>;
};

/**
 * A bank terminal over ZVT. Two-phase means reserve (06 22), book (06 24) and release (06 25, or 06 30 once booked); one-phase
 * means pay (06 01) and reverse (06 30). Throws a RangeError for a password or currency that ZVT cannot carry.
 *
 * Framing, registration, payment, status and abort are as in ZVT PA00P015 13.x and in captures of real terminals. To be
 * confirmed with each terminal's manual, and on the terminal, before it is used: that it reserves at all, how it books a
 * reservation (buildBookTotal) and releases one (buildReservationReversal), whether it then asks for the card again, what its
 * receipts say afterwards (judge), what it answers when it has no receipt to repeat (ZvtReads), and that it takes a payment
 * back when a late approval is answered 84 66. End of day (06 50) is not sent: the terminal has to be set to do it by itself.
 */
export function createZvtTerminal(options: ZvtTerminalOptions): PaymentTerminal {
  return new ZvtTerminal(options);
}

class ZvtTerminal implements PaymentTerminal {
  readonly means: PaymentMeans;
  readonly #clock: Clock;
  readonly #line: Line;
  readonly #currency: number;
  readonly #password: string;
  readonly #deadlines: ZvtDeadlines;
  readonly #conversation: ZvtConversation;
  readonly #reads: ZvtReads;
  readonly #readiness: ZvtReadiness;
  #asking = false;
  #stopAsked = false;
  /** The last transaction that was given to an order: it proves nothing for another one. */
  #given: { readonly name: TransactionName; readonly order: string } | null = null;

  constructor(options: ZvtTerminalOptions) {
    passwordField(options.password);
    moneyFields(0, options.currency);
    this.means = options.means;
    this.#clock = options.clock;
    this.#line = options.line;
    this.#currency = options.currency;
    this.#password = options.password;
    this.#deadlines = { ...zvtDeadlines, ...options.deadlines };
    this.#conversation = new ZvtConversation({
      line: options.line,
      clock: options.clock,
      deadlines: this.#deadlines,
    });
    this.#reads = new ZvtReads({
      conversation: this.#conversation,
      password: options.password,
      configByte: options.configByte ?? 0xbe,
      currency: options.currency,
      readMs: this.#deadlines.readMs,
    });
    this.#readiness = new ZvtReadiness({
      clock: options.clock,
      pollMs: this.#deadlines.pollMs,
      conversation: this.#conversation,
      reads: this.#reads,
    });
    this.#conversation.start((open) => this.#readiness.onLine(open));
  }

  watch(onHealth: (health: Health) => void): () => void {
    return this.#readiness.watch(onHealth);
  }

  open(): Promise<OpenAnswer> {
    return this.#readiness.exclusive(async () => {
      const fault = await this.#readiness.check();
      if (fault !== null) return { kind: 'failed', fault };
      const books = await this.#readFully();
      if (books.kind !== 'done') return { kind: 'failed', fault: faultOf(books) };
      const { last, open } = books.value;
      const name = typeof last === 'string' ? last : (nameOf(last) ?? 'unreadable');
      // A payment whose lost answer could never be found out is not begun.
      const tellsApart = name !== 'unreadable' || (this.means.phases === 'two' && open !== null);
      if (!tellsApart) return { kind: 'failed', fault: 'not-ready' };
      return { kind: 'done', mark: formatMark({ last: name, open }) };
    });
  }

  authorise(order: PaymentOrder): Promise<PaymentAnswer> {
    this.#asking = true;
    this.#stopAsked = false;
    return this.#readiness.exclusive(async () => {
      const money = { amountMinor: order.amountMinor, currency: this.#currency };
      try {
        if ((await this.#readiness.ready(0)) !== null)
          return { kind: 'refused', reason: 'terminal-fault' };
        await this.#conversation.settle();
        if (this.#stopAsked) return { kind: 'refused', reason: 'cancelled' };
        const command =
          this.means.phases === 'two' ? buildReservation(money) : buildAuthorisation(money);
        const ending = await this.#conversation.run(command, 'payment', this.#deadlines.paymentMs);
        this.#readiness.noteEnding(ending);
        const outcome = judgePayment(ending, money, this.#stopAsked);
        if (outcome.kind === 'refused' && ending.kind === 'aborted' && ending.stopped) {
          return (await this.#surelyStopped(order)) ? outcome : { kind: 'unknown' };
        }
        if (outcome.kind !== 'approved') return outcome;
        this.#given = { name: outcome.name, order: order.reference };
        return { kind: 'done', ...namesFor(outcome.name) };
      } finally {
        this.#asking = false;
      }
    });
  }

  cancel(): void {
    if (!this.#asking) return;
    this.#stopAsked = true;
    this.#conversation.stop();
  }

  capture(payment: PaymentInQuestion): Promise<SettleAnswer> {
    return this.#readiness.exclusive(async () => {
      if (this.means.phases !== 'two') {
        return { kind: 'refused', detail: 'what this terminal approves is taken at once' };
      }
      const untilMs = this.#clock.nowMs() + this.#deadlines.patienceMs;
      const found = await this.#find(payment, untilMs);
      if (found.kind === 'unknown') return found;
      if (found.status === 'captured') return { kind: 'done' };
      if (found.status !== 'authorised' || found.name === null) {
        return { kind: 'refused', detail: `booking: ${found.status} in the terminal's books` };
      }
      const { name } = found;
      const outcome = await this.#settle(
        buildBookTotal({
          receipt: name.receipt,
          trace: name.trace,
          attribute: name.attribute,
          amountMinor: payment.order.amountMinor,
          currency: this.#currency,
        }),
        untilMs,
      );
      if (outcome.kind !== 'refused') return outcome;
      // Refused where it was booked before: then it is done.
      const now = await this.#look(payment.order, name, untilMs);
      if (now.kind === 'unknown') return now;
      if (now.status === 'captured') return { kind: 'done' };
      return refusal('booking', name, describeCode(outcome.code));
    });
  }

  reverse(payment: PaymentInQuestion): Promise<SettleAnswer> {
    return this.#readiness.exclusive(async () => {
      const untilMs = this.#clock.nowMs() + this.#deadlines.patienceMs;
      const found = await this.#find(payment, untilMs);
      if (found.kind === 'unknown') return found;
      // A release and a reversal name a receipt number, which begins anew with the terminal's day: by then it is another's.
      if (found.name !== null && !(await this.#isSameCount(found.name, untilMs))) {
        const now = await this.#look(payment.order, found.name, untilMs);
        const isOpen = now.kind === 'unknown' || now.status === 'authorised';
        return isOpen ? { kind: 'unknown' } : refusal('release', found.name, 'of another day');
      }
      if (found.status === 'none' || found.status === 'reversed') return { kind: 'done' };
      if (found.status === 'captured') return await this.#undo(payment.order, found, untilMs);
      if (found.name === null) return { kind: 'unknown' };
      const { name } = found;
      const outcome = await this.#settle(buildReservationReversal(name), untilMs);
      if (outcome.kind !== 'refused') return outcome;
      // Refused where it was booked: then the booking has to be reversed.
      const now = await this.#look(payment.order, name, untilMs);
      if (now.kind === 'unknown') return now;
      if (now.status === 'captured') return await this.#undo(payment.order, now, untilMs);
      return now.status === 'authorised' || now.status === 'closed'
        ? refusal('release', name, describeCode(outcome.code))
        : { kind: 'done' };
    });
  }

  inquire(payment: PaymentInQuestion): Promise<InquireAnswer> {
    return this.#readiness.exclusive(async () => {
      const { order, terminalReference } = payment;
      const name = terminalReference === null ? null : parseReference(terminalReference);
      if (terminalReference !== null && name === null) return { kind: 'unknown' };
      const untilMs = this.#clock.nowMs() + this.#deadlines.patienceMs;
      const verdict = await this.#look(order, name, untilMs);
      if (verdict.kind === 'unknown') return verdict;
      return {
        kind: 'done',
        status: verdict.status,
        ...(verdict.name === null ? unnamed : namesFor(verdict.name)),
      };
    });
  }

  async close(): Promise<void> {
    this.#readiness.close();
    this.#conversation.close();
    await this.#line.close();
  }

  /**
   * Whether a payment that was asked to stop has not been made. The end behind an abort 06 B0 may come from a terminal that
   * had approved before and could not say so: its books decide. Where it repeats no receipts, its word and an unchanged
   * list of open reservations together do.
   */
  async #surelyStopped(order: PaymentOrder): Promise<boolean> {
    const books = await this.#booksAtRest(this.#clock.nowMs() + this.#deadlines.patienceMs);
    if (books === null) return false;
    const verdict = this.#judge(order, null, books);
    if (verdict.kind === 'known') return verdict.status === 'none';
    const before = parseMark(order.mark);
    const mute = books.last === 'unreadable' || before.last === 'unreadable';
    const known = before.open;
    if (!mute || books.open === null || known === null) return false;
    return [...books.open].every((receipt) => known.has(receipt));
  }

  /** Reverse what was taken. */
  async #undo(order: PaymentOrder, found: Known, untilMs: number): Promise<SettleAnswer> {
    if (found.reversible === null) return { kind: 'unknown' };
    const receipt = found.reversible;
    const outcome = await this.#settle(
      buildReversal({ password: this.#password, receipt }),
      untilMs,
    );
    if (outcome.kind !== 'refused') return outcome;
    // Refused where it was reversed before: then it is done.
    const now = await this.#look(order, found.name, untilMs);
    return now.kind === 'known' && now.status === 'reversed'
      ? { kind: 'done' }
      : refusal('reversal', { receipt }, describeCode(outcome.code));
  }

  /**
   * Where a payment stands before it is settled. One that has a name is taken as it was left (reserved, or paid): the
   * terminal refuses what does not fit. One without a name has to be found first.
   */
  async #find(payment: PaymentInQuestion, untilMs: number): Promise<Verdict> {
    if (payment.terminalReference === null) return await this.#look(payment.order, null, untilMs);
    const name = parseReference(payment.terminalReference);
    if (name === null) return { kind: 'unknown' };
    return this.means.phases === 'two'
      ? { kind: 'known', status: 'authorised', name, reversible: null }
      : { kind: 'known', status: 'captured', name, reversible: name.receipt };
  }

  /** Whether the terminal has gone on counting receipts since this payment, as far as its last receipt tells. */
  async #isSameCount(name: TransactionName, untilMs: number): Promise<boolean> {
    for (;;) {
      const books = await this.#booksAtRest(untilMs);
      if (books !== null) {
        if (typeof books.last === 'string') return books.last === 'unreadable';
        const last = nameOf(books.last);
        return last !== null && countedOn(name, last);
      }
      if (!(await this.#readiness.pause(untilMs))) return false;
    }
  }

  /** Ask the terminal's books, until they answer or patience ends. */
  async #look(order: PaymentOrder, name: PaymentName | null, untilMs: number): Promise<Verdict> {
    for (let readings = 0; ; ) {
      const books = await this.#booksAtRest(untilMs);
      if (books !== null) {
        readings += 1;
        const verdict = this.#judge(order, name, books);
        if (verdict.kind === 'known' && verdict.name !== null) {
          this.#given = { name: verdict.name, order: order.reference };
        }
        // A receipt that did not come once may come the second time.
        if (verdict.kind === 'known' || books.last !== 'unreadable' || readings === 2) {
          return verdict;
        }
      } else if (!(await this.#readiness.pause(untilMs))) {
        return { kind: 'unknown' };
      }
    }
  }

  #judge(order: PaymentOrder, name: PaymentName | null, books: TerminalBooks): Verdict {
    const last = typeof books.last === 'string' ? null : nameOf(books.last);
    const given = this.#given;
    const anothers =
      name === null &&
      last !== null &&
      given !== null &&
      given.order !== order.reference &&
      sameTransaction(given.name, last) &&
      !sameAsMark(order.mark, last);
    if (anothers) return { kind: 'unknown' };
    return judge(
      {
        phases: this.means.phases,
        amountMinor: order.amountMinor,
        mark: parseMark(order.mark),
        name,
      },
      books,
    );
  }

  /** The books of a terminal that is at rest; null when it is away or occupied. */
  async #booksAtRest(untilMs: number): Promise<TerminalBooks | null> {
    if ((await this.#readiness.ready(untilMs)) !== null) return null;
    const status = await this.#reads.status();
    this.#readiness.note(status);
    if (status.kind !== 'done' || isBusy(status.value)) return null;
    const books = await this.#readBooks();
    return books.kind === 'done' ? books.value : null;
  }

  /** What did not come once may come the second time: a payment is told apart by it, should its answer get lost. */
  async #readFully(): Promise<Read<TerminalBooks>> {
    const books = await this.#readBooks();
    const isFull =
      books.kind !== 'done' ||
      (books.value.last !== 'unreadable' &&
        (this.means.phases === 'one' || books.value.open !== null));
    return isFull ? books : await this.#readBooks();
  }

  async #readBooks(): Promise<Read<TerminalBooks>> {
    const last = await this.#reads.lastReceipt();
    this.#readiness.note(last);
    if (last.kind !== 'done') return last;
    if (this.means.phases === 'one') {
      return { kind: 'done', value: { last: last.value, open: null } };
    }
    const open = await this.#reads.openReservations();
    this.#readiness.note(open);
    if (open.kind !== 'done') return open;
    return { kind: 'done', value: { last: last.value, open: open.value } };
  }

  /** Book or reverse. Repeated only where the terminal said that it did nothing because it is occupied or not registered. */
  async #settle(command: Uint8Array, untilMs: number): Promise<SettlementOutcome> {
    for (;;) {
      if ((await this.#readiness.ready(untilMs)) !== null) return { kind: 'unknown' };
      const ending = await this.#conversation.run(command, 'settlement', this.#deadlines.settleMs);
      this.#readiness.noteEnding(ending);
      const outcome = judgeSettlement(ending);
      if (outcome.kind !== 'refused') return outcome;
      const { code } = outcome;
      if (!isBusy(code) && code !== notRegistered) return outcome;
      if (!(await this.#readiness.pause(untilMs))) return outcome;
    }
  }
}

type Known = Extract<Verdict, { kind: 'known' }>;

const unnamed = { terminalReference: null, terminalReceipt: null };

/** A payment's name for the terminal, and for people. */
function namesFor(name: PaymentName) {
  return { terminalReference: formatReference(name), terminalReceipt: formatReceipt(name) };
}

function refusal(
  what: string,
  name: { readonly receipt: number },
  why: string,
): { readonly kind: 'refused'; readonly detail: string } {
  const receipt = name.receipt.toString().padStart(4, '0');
  return { kind: 'refused', detail: `${what} of receipt ${receipt}: ${why}` };
}

function sameAsMark(mark: string, last: TransactionName): boolean {
  const before = parseMark(mark).last;
  return typeof before !== 'string' && sameTransaction(before, last);
}
