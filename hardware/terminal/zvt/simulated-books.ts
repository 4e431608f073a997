/** One payment as the simulated terminal's bank sees it. */
export type BookEntry = {
  readonly receipt: number;
  readonly trace: number;
  readonly amountMinor: number;
  readonly kind: 'reservation' | 'payment';
  readonly status: 'authorised' | 'captured' | 'reversed' | 'declined';
  /** The booking's own receipt and trace, where a reservation was booked. */
  readonly booked: { readonly receipt: number; readonly trace: number } | null;
};

/** The last thing printed: what "repeat receipt" repeats. */
export type Slip = {
  readonly receipt: number;
  readonly trace: number;
  readonly amountMinor: number;
  readonly resultCode: number;
  /** Of the reservation or payment that it books or reverses. */
  readonly originalTrace: number | null;
};

/** All that a terminal remembers without power: plain data, fit for JSON. */
export type TerminalMemory = {
  readonly entries: readonly BookEntry[];
  readonly lastSlip: Slip | null;
  readonly nextReceipt: number;
  readonly nextTrace: number;
};

export const emptyMemory: TerminalMemory = {
  entries: [],
  lastSlip: null,
  nextReceipt: 1,
  nextTrace: 1,
};

/** What came of a booking or reversal: its slip, or the code of the refusal. */
export type Posting =
  | { readonly kind: 'posted'; readonly slip: Slip }
  | { readonly kind: 'refused'; readonly code: number };

const alreadyReversed = 0xb4;
const reversalNotPossible = 0xb5;
const preAuthorisationIncorrect = 0xb7;
const preAuthorisationError = 0xb8;

/** The terminal's books: they outlive every power cut, and are the truth that a test compares against. */
export class SimulatedBooks {
  #entries: BookEntry[];
  #lastSlip: Slip | null;
  #nextReceipt: number;
  #nextTrace: number;
  /** Places of the open reservations in the entries. */
  readonly #open = new Set<number>();
  #onWritten: () => void = () => {};

  constructor(memory: TerminalMemory) {
    this.#entries = [...memory.entries];
    this.#entries.forEach((entry, at) => {
      if (entry.status === 'authorised') this.#open.add(at);
    });
    this.#lastSlip = memory.lastSlip;
    this.#nextReceipt = memory.nextReceipt;
    this.#nextTrace = memory.nextTrace;
  }

  /** Be told of each posting, before anybody is answered. One listener. */
  watch(onWritten: () => void): void {
    this.#onWritten = onWritten;
  }

  get entries(): readonly BookEntry[] {
    return this.#entries;
  }

  get lastSlip(): Slip | null {
    return this.#lastSlip;
  }

  get memory(): TerminalMemory {
    return {
      entries: [...this.#entries],
      lastSlip: this.#lastSlip,
      nextReceipt: this.#nextReceipt,
      nextTrace: this.#nextTrace,
    };
  }

  /** A card was read and the bank has spoken. `resultCode` 0: approved. */
  enter(kind: BookEntry['kind'], amountMinor: number, resultCode: number): Slip {
    const approved = kind === 'reservation' ? 'authorised' : 'captured';
    const slip = this.#print(amountMinor, resultCode, null);
    if (resultCode === 0 && kind === 'reservation') this.#open.add(this.#entries.length);
    this.#entries.push({
      receipt: slip.receipt,
      trace: slip.trace,
      amountMinor,
      kind,
      status: resultCode === 0 ? approved : 'declined',
      booked: null,
    });
    this.#onWritten();
    return slip;
  }

  openReceipts(): readonly number[] {
    return [...this.#open].map((at) => this.#entries[at]?.receipt ?? 0);
  }

  book(receipt: number, trace: number, amountMinor: number): Posting {
    const at = this.#newest((entry) => entry.kind === 'reservation' && entry.receipt === receipt);
    const entry = this.#entries[at];
    if (entry === undefined || entry.status !== 'authorised' || entry.trace !== trace) {
      return { kind: 'refused', code: preAuthorisationError };
    }
    if (amountMinor > entry.amountMinor) {
      return { kind: 'refused', code: preAuthorisationIncorrect };
    }
    const slip = this.#print(amountMinor, 0, entry.trace);
    const booked = { receipt: slip.receipt, trace: slip.trace };
    this.#entries[at] = { ...entry, status: 'captured', booked };
    this.#open.delete(at);
    this.#onWritten();
    return { kind: 'posted', slip };
  }

  release(receipt: number): Posting {
    const at = this.#newest((entry) => entry.kind === 'reservation' && entry.receipt === receipt);
    const entry = this.#entries[at];
    if (entry === undefined || entry.status === 'captured' || entry.status === 'declined') {
      return { kind: 'refused', code: preAuthorisationError };
    }
    if (entry.booked !== null) return { kind: 'refused', code: preAuthorisationError };
    if (entry.status === 'reversed') return { kind: 'refused', code: alreadyReversed };
    return { kind: 'posted', slip: this.#reverse(at, entry, entry.trace) };
  }

  /** Reverse a payment, or a booking, by its own receipt. */
  reverse(receipt: number): Posting {
    const at = this.#newest((entry) => (entry.booked ?? entry).receipt === receipt);
    const entry = this.#entries[at];
    const taken = entry?.kind === 'payment' || entry?.booked !== null;
    if (entry === undefined || !taken || entry.status === 'declined') {
      return { kind: 'refused', code: reversalNotPossible };
    }
    if (entry.status === 'reversed') return { kind: 'refused', code: alreadyReversed };
    const slip = this.#reverse(at, entry, (entry.booked ?? entry).trace);
    return { kind: 'posted', slip };
  }

  /** Take back a payment whose goods were not issued. */
  takeBack(slip: Slip): void {
    const at = this.#newest(
      (entry) => entry.receipt === slip.receipt && entry.trace === slip.trace,
    );
    const entry = this.#entries[at];
    if (entry === undefined || entry.status === 'declined' || entry.status === 'reversed') return;
    this.#reverse(at, entry, entry.trace);
  }

  #reverse(at: number, entry: BookEntry, originalTrace: number): Slip {
    this.#entries[at] = { ...entry, status: 'reversed' };
    this.#open.delete(at);
    const slip = this.#print(0, 0, originalTrace);
    this.#onWritten();
    return slip;
  }

  #print(amountMinor: number, resultCode: number, originalTrace: number | null): Slip {
    const slip: Slip = {
      receipt: this.#nextReceipt,
      trace: this.#nextTrace,
      amountMinor,
      resultCode,
      originalTrace,
    };
    this.#nextReceipt = (this.#nextReceipt % 9999) + 1;
    this.#nextTrace = (this.#nextTrace % 999999) + 1;
    this.#lastSlip = slip;
    return slip;
  }

  /** Receipt numbers come round again: the newest is meant. -1 when there is none. */
  #newest(fits: (entry: BookEntry) => boolean): number {
    return this.#entries.findLastIndex(fits);
  }
}
