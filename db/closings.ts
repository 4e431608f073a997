import type Database from 'better-sqlite3';
import { chainStart } from './chain.ts';
import {
  type Closing,
  closingIn,
  localDay,
  localDayBefore,
  type SignedClosing,
  signedText,
  Tally,
} from './closing.ts';
import { newestOf } from './head.ts';
import type { JournalKey } from './key.ts';
import { type JournalEntry, type JournalRow, noAttempt, type VerifyAnswer } from './port.ts';
import { columns, type StoredRow, toRow } from './stored-row.ts';

/** The kind of the row that says that the books were closed. */
const booksClosed = 'books-closed';

/** A clock that was this far ahead when the books were closed was wrong: they are not left open until it is right. */
const dayMs = 24 * 60 * 60_000;

/** Every closing as it is stored, oldest first. */
export function storedClosings(db: Database.Database): readonly SignedClosing[] {
  const sql = 'SELECT statement, signature FROM closing ORDER BY number';
  return db.prepare<[], SignedClosing>(sql).all();
}

/** Whether a day is over since these books were closed. */
export function isDue(closedMs: number, wallMs: number): boolean {
  return localDay(wallMs) > localDay(closedMs) || wallMs < closedMs - dayMs;
}

/** When the books were last closed, or the first row was written; null: there is nothing to close. */
export function lastClosedMs(db: Database.Database): number | null {
  const last = newestClosing(db);
  if (last !== null) return closingIn(last.statement)?.toMs ?? 0;
  const first = 'SELECT wall_ms FROM step WHERE seq = 1';
  return db.prepare<[], number>(first).pluck().get() ?? null;
}

/**
 * Close the books with all rows that there are, in the transaction that is under way; the row that says so is for the caller
 * to append. `day`: whether they are those of the days that are over, or of today so far.
 */
export function closeBooks(
  db: Database.Database,
  key: JournalKey,
  wallMs: number,
  day: 'over' | 'today',
): { readonly signed: SignedClosing; readonly entry: JournalEntry } {
  const last = newestClosing(db);
  const before = last === null ? null : closingIn(last.statement);
  const newest = newestOf(db);
  const fromMs = lastClosedMs(db) ?? wallMs;
  const firstSeq = (before?.lastSeq ?? 0) + 1;
  const tally = new Tally(before?.open);
  const rows = db.prepare<[number], StoredRow>(
    `SELECT ${columns} FROM step WHERE seq >= ? ORDER BY seq`,
  );
  for (const row of rows.iterate(firstSeq)) tally.note(toRow(row));
  const isOver = day === 'over' && wallMs > fromMs;
  const closing: Closing = {
    closing: (before?.closing ?? 0) + 1,
    firstDay: localDay(fromMs),
    lastDay: isOver ? localDayBefore(wallMs) : localDay(wallMs),
    fromMs,
    toMs: wallMs,
    firstSeq,
    lastSeq: newest.seq,
    lastHash: newest.hash,
    figures: tally.figures,
    open: tally.open,
    previousSignature: last?.signature ?? null,
  };
  const statement = JSON.stringify(closing);
  const signature = key.sign(signedText(statement));
  db.prepare('INSERT INTO closing VALUES (?, ?, ?, ?)').run(
    closing.closing,
    closing.lastSeq,
    statement,
    signature,
  );
  const body = JSON.stringify({ closing: closing.closing, signature });
  return {
    signed: { statement, signature },
    entry: { wallMs, kind: booksClosed, attempt: noAttempt, settled: true, body },
  };
}

function newestClosing(db: Database.Database): SignedClosing | null {
  const sql = 'SELECT statement, signature FROM closing ORDER BY number DESC LIMIT 1';
  return db.prepare<[], SignedClosing>(sql).get() ?? null;
}

type Broken = Extract<VerifyAnswer, { kind: 'broken' }>;

/** Compares the closings with the rows, which are given to it one after the other. */
export class Auditor {
  readonly #closings: readonly SignedClosing[];
  readonly #key: JournalKey;
  #next = 0;
  #tally = new Tally();
  #before: { readonly closing: Closing; readonly signature: string } | null = null;
  #lastHash = chainStart;

  constructor(db: Database.Database, key: JournalKey) {
    this.#closings = storedClosings(db);
    this.#key = key;
  }

  /** What is wrong, where the row shows it. */
  note(row: JournalRow): Broken | null {
    // Books are closed with the rows before the one that says so.
    if (row.kind === booksClosed) {
      const flaw = this.#check(row);
      if (flaw !== null) return flaw;
    }
    this.#tally.note(row);
    this.#lastHash = row.hash;
    return null;
  }

  /** What is wrong at the end: closings that no row tells of. */
  end(rows: number): Broken | null {
    if (this.#next === this.#closings.length) return null;
    const what = `closing ${this.#next + 1} is in no row: it was put in`;
    return { kind: 'broken', row: rows, what };
  }

  #check(row: JournalRow): Broken | null {
    const number = this.#next + 1;
    const broken = (what: string): Broken => ({ kind: 'broken', row: row.seq, what });
    const stored = this.#closings[this.#next];
    if (stored === undefined) return broken(`closing ${number}, of which it tells, is missing`);
    const { statement, signature } = stored;
    if (!this.#key.hasSigned(signedText(statement), signature)) {
      return broken(`closing ${number} is not as it was signed`);
    }
    if (row.body !== JSON.stringify({ closing: number, signature })) {
      return broken(`closing ${number} is not the one of which it tells`);
    }
    const said = closingIn(statement);
    const { figures, open } = this.#tally;
    const counted = {
      ...said,
      closing: number,
      fromMs: this.#before?.closing.toMs ?? said?.fromMs,
      firstSeq: (this.#before?.closing.lastSeq ?? 0) + 1,
      lastSeq: row.seq - 1,
      lastHash: this.#lastHash,
      figures,
      open,
      previousSignature: this.#before?.signature ?? null,
    };
    if (said === null || JSON.stringify(counted) !== statement) {
      return broken(`closing ${number} does not agree with the rows before it`);
    }
    this.#before = { closing: said, signature };
    this.#tally = new Tally(open);
    this.#next += 1;
    return null;
  }
}
