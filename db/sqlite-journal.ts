import type Database from 'better-sqlite3';
import { type Chain, chainStart, flawOf, hashOf, isAsWritten, keyedBy } from './chain.ts';
import type { SignedClosing } from './closing.ts';
import { closeBooks, isDue, lastClosedMs, storedClosings } from './closings.ts';
import { guarded, restore } from './fault-of.ts';
import { HeadKeeper } from './head.ts';
import { attemptSql, attemptsOfCardSql, isOfCard } from './lookups.ts';
import { type JournalFile, type OpenOptions, openToRead, openToWrite } from './open.ts';
import {
  type Journal,
  type JournalEntry,
  JournalFault,
  type JournalRow,
  noAttempt,
  type Seal,
} from './port.ts';
import { columns, insertRow, rowValues, type StoredRow, toRow } from './stored-row.ts';
import { highestSeqGiven, verifyFile } from './verify.ts';

/** A journal that is only read: safe while the kiosk writes it. */
export type JournalReader = Omit<Journal, 'append' | 'seal'> & {
  /** Oldest first, as they were signed; `verify` compares them with the rows. */
  closings(): readonly SignedClosing[];
};

/** A journal whose books can be closed. */
export interface BookkeepingJournal extends Journal {
  /**
   * Close the books: `when-due`, if a local day is over since they were closed last, or `now`. Answers the closing, or
   * null where nothing was due. Durable when it returns. Throws JournalFault.
   */
  closeBooks(wallMs: number, when: 'when-due' | 'now'): SignedClosing | null;
}

/** How many of the newest rows are checked when the journal is opened; the rest is for `verify`. */
const tailRows = 64;

/**
 * Open the journal for its only writer, making the file if it is missing (not its folder); ':memory:' forgets all of it
 * at the end. Throws JournalFault: `busy` while another process has it, `corrupt` where its end is not as it was written.
 */
export function openJournal(file: string, options: OpenOptions = {}): BookkeepingJournal {
  const opened = openToWrite(file, options);
  try {
    return guarded(file, () => new SqliteJournal(opened));
  } catch (error) {
    opened.close();
    throw error;
  }
}

/** Open an existing journal to look at it. Throws JournalFault. */
export function openJournalToRead(file: string, options: OpenOptions = {}): JournalReader {
  const opened = openToRead(file, options);
  try {
    return guarded(file, () => new SqliteJournalReader(opened));
  } catch (error) {
    opened.close();
    throw error;
  }
}

class SqliteJournalReader implements JournalReader {
  protected readonly opened: JournalFile;
  readonly #unsettled: Database.Statement<[], StoredRow>;
  readonly #rows: Database.Statement<[number, number], StoredRow>;
  readonly #newest: Database.Statement<[number], StoredRow>;
  readonly #attempt: Database.Statement<[string], StoredRow>;
  readonly #ofCard: Database.Statement<[string, number], StoredRow>;

  constructor(opened: JournalFile) {
    this.opened = opened;
    this.#unsettled = opened.db.prepare(
      `SELECT ${columns} FROM open_attempt JOIN step ON seq = last_seq ORDER BY first_seq`,
    );
    this.#rows = opened.db.prepare(
      `SELECT ${columns} FROM step WHERE seq > ? ORDER BY seq LIMIT ?`,
    );
    this.#newest = opened.db.prepare(`SELECT ${columns} FROM step ORDER BY seq DESC LIMIT ?`);
    this.#attempt = opened.db.prepare(attemptSql);
    this.#ofCard = opened.db.prepare(attemptsOfCardSql);
  }

  unsettled(): readonly JournalRow[] {
    return this.guarded(() => this.#checked(this.#unsettled.all(), (row) => !row.settled));
  }

  attempt(reference: string): JournalRow | null {
    // Rows about the journal itself are no attempt.
    if (reference === noAttempt) return null;
    return this.guarded(() => {
      const found = this.#attempt.all(reference);
      return this.#checked(found, (row) => row.attempt === reference)[0] ?? null;
    });
  }

  attemptsOfCard(cardNumber: string, limit: number): readonly JournalRow[] {
    return this.guarded(() =>
      this.#checked(this.#ofCard.all(cardNumber, limit), (row) => isOfCard(row, cardNumber)),
    );
  }

  rows(after: number, limit: number): readonly JournalRow[] {
    return this.guarded(() => this.#rows.all(after, limit).map(toRow));
  }

  newest(limit: number): readonly JournalRow[] {
    return this.guarded(() => this.#newest.all(limit).map(toRow));
  }

  closings(): readonly SignedClosing[] {
    return this.guarded(() => storedClosings(this.opened.db));
  }

  verify() {
    return this.guarded(() => verifyFile(this.opened));
  }

  close(): void {
    this.guarded(() => this.opened.close());
  }

  /** Money is decided and told by these rows, so each one is checked against its hash, and for what it was looked up by. */
  #checked(
    stored: readonly StoredRow[],
    fits: (row: JournalRow) => boolean,
  ): readonly JournalRow[] {
    const chain = this.opened.chain();
    return stored.map((each) => {
      const row = toRow(each);
      if (isAsWritten(row, chain) && fits(row)) return row;
      throw this.damaged(row.seq, 'is not as it was written');
    });
  }

  protected guarded<T>(deed: () => T): T {
    return guarded(this.opened.file, deed);
  }

  protected damaged(seq: number, what: string): JournalFault {
    return new JournalFault('corrupt', `Row ${seq} of ${this.opened.file}: ${what}. ${restore}`);
  }
}

class SqliteJournal extends SqliteJournalReader implements BookkeepingJournal {
  readonly seal: Seal;
  readonly #insert: Database.Statement<(string | number)[], never>;
  readonly #appendAll: (entries: readonly JournalEntry[]) => void;
  readonly #hasher: ReturnType<typeof keyedBy>;
  readonly #head: HeadKeeper | null;
  #seq: number;
  #hash: string;
  /** When the books were closed last; null until it has been asked for. */
  #closedMs: number | null = null;

  constructor(opened: JournalFile) {
    super(opened);
    const chain = opened.chain();
    this.seal = chain.key;
    this.#hasher = keyedBy(chain.key);
    this.#insert = opened.db.prepare(insertRow);
    this.#appendAll = opened.db.transaction((entries: readonly JournalEntry[]) => {
      for (const entry of entries) this.#appendOne(entry);
    });
    const last = this.#checkTail(chain);
    this.#seq = last?.seq ?? 0;
    this.#hash = last?.hash ?? chainStart;
    this.#head =
      opened.headFile === null
        ? null
        : new HeadKeeper(opened.headFile, chain.key, { seq: this.#seq, hash: this.#hash });
  }

  append(entries: readonly JournalEntry[]): void {
    const [only] = entries;
    // A lone insert is its own transaction, at half the cost of an explicit one.
    if (entries.length === 1 && only !== undefined) this.#written(() => this.#appendOne(only));
    else if (entries.length > 1) this.#written(() => this.#appendAll(entries));
  }

  closeBooks(wallMs: number, when: 'when-due' | 'now'): SignedClosing | null {
    this.#closedMs ??= this.guarded(() => lastClosedMs(this.opened.db));
    const isOver = this.#closedMs !== null && isDue(this.#closedMs, wallMs);
    if (when === 'when-due' && !isOver) return null;
    const { db, chain } = this.opened;
    const closing = this.#written(
      db.transaction(() => {
        const books = closeBooks(db, chain().key, wallMs, when === 'now' ? 'today' : 'over');
        this.#appendOne(books.entry);
        return books.signed;
      }),
    );
    this.#closedMs = wallMs;
    return closing;
  }

  override close(): void {
    this.#head?.close();
    super.close();
  }

  /** Write rows, all of them durable or none, and remember how far the journal went. */
  #written<T>(deed: () => T): T {
    const seq = this.#seq;
    const hash = this.#hash;
    try {
      const answer = this.guarded(deed);
      this.#head?.remember({ seq: this.#seq, hash: this.#hash });
      return answer;
    } catch (error) {
      this.#seq = seq;
      this.#hash = hash;
      throw error;
    }
  }

  #appendOne(entry: JournalEntry): void {
    const seq = this.#seq + 1;
    const hash = hashOf(this.#hasher, this.#hash, seq, entry);
    this.#insert.run(...rowValues(seq, entry, this.#hash, hash));
    this.#seq = seq;
    this.#hash = hash;
  }

  /** The newest row, once the end of the chain and of the list of open attempts have been found to be whole. */
  #checkTail(chain: Chain): JournalRow | null {
    const rows = this.newest(tailRows + 1);
    const lastSeq = rows[0]?.seq ?? 0;
    const given = highestSeqGiven(this.opened.db);
    if (given !== lastSeq) throw this.damaged(given, 'is missing');

    const open = new Map(this.unsettled().map((row) => [row.attempt, row.seq]));
    const seen = new Set<string>();
    rows.slice(0, tailRows).forEach((row, index) => {
      const previous = rows[index + 1] ?? null;
      if (row.seq !== (previous?.seq ?? 0) + 1) throw this.damaged(row.seq - 1, 'is missing');
      const flaw = flawOf(row, previous?.hash ?? chainStart, chain);
      if (flaw !== null) throw this.damaged(row.seq, flaw);
      const listed = open.get(row.attempt) ?? null;
      if (!seen.has(row.attempt) && listed !== (row.settled ? null : row.seq)) {
        throw this.damaged(row.seq, 'the list of open attempts does not agree with it');
      }
      seen.add(row.attempt);
    });
    return rows[0] ?? null;
  }
}
