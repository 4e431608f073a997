/** Stands in the journal where a row belongs to no attempt. */
export const noAttempt = '-';

/** One step to be remembered. `body` is JSON: the attempt's whole record after the step. No keys, no full track data. */
export type JournalEntry = {
  readonly wallMs: number;
  /** The fact that caused the step. */
  readonly kind: string;
  /** The attempt's reference, or `noAttempt`. */
  readonly attempt: string;
  /** True when nothing remains to be found out or done for this attempt. */
  readonly settled: boolean;
  readonly body: string;
};

export type JournalRow = JournalEntry & {
  /** From 1, without gaps. */
  readonly seq: number;
  /** HMAC-SHA-256, hex, over the previous row's hash and this row's fields (db/chain.ts). */
  readonly hash: string;
  readonly previousHash: string;
};

/** The journal cannot be read or written. `kind` is what the screen and the technician are told. */
export class JournalFault extends Error {
  /** `not-ready`: its key is missing, or is another one. */
  readonly kind: 'disk-full' | 'read-only' | 'corrupt' | 'busy' | 'not-ready';
  constructor(kind: JournalFault['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JournalFault';
    this.kind = kind;
  }
}

export type VerifyAnswer =
  | { readonly kind: 'whole'; readonly rows: number }
  /** The first row that is not as it was written, and what is wrong with it. */
  | { readonly kind: 'broken'; readonly row: number; readonly what: string };

/** What the journal's key does for others: nothing here gives any of it away. */
export interface Seal {
  /** Ed25519 (RFC 8032), base64, of a text in UTF-8, whose first line tells what it is. */
  sign(text: string): string;
  /** HMAC-SHA-256 (RFC 2104), hex, of a text in UTF-8, whose first line tells what it is. */
  mac(text: string): string;
}

/** Append-only, hash-chained memory of every step that touches money, card or paper. */
export interface Journal {
  readonly seal: Seal;
  /** All entries in one transaction; durable when it returns. Throws JournalFault, and then nothing was written. */
  append(entries: readonly JournalEntry[]): void;
  /** The last row of each attempt that is not settled, oldest attempt first. */
  unsettled(): readonly JournalRow[];
  /** Rows with seq > `after`, at most `limit`, oldest first. */
  rows(after: number, limit: number): readonly JournalRow[];
  /** The newest `limit` rows, newest first. */
  newest(limit: number): readonly JournalRow[];
  /** The last row of an attempt; null where there is none. Throws JournalFault, `corrupt` where it is not as it was written. */
  attempt(reference: string): JournalRow | null;
  /**
   * The last row of each of the newest `limit` attempts with this card number, the attempt that began last first. Several
   * profiles may know the same number. Throws JournalFault, `corrupt` where one is not as it was written.
   */
  attemptsOfCard(cardNumber: string, limit: number): readonly JournalRow[];
  verify(): VerifyAnswer;
  close(): void;
}
