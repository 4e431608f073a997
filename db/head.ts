import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { chainStart } from './chain.ts';
import { fileFault } from './fault-of.ts';
import type { JournalKey } from './key.ts';
import { placeFile } from './place-file.ts';

/*
 * How far a journal went, beside the journal: the newest row's number and hash, under the key. The chain cannot tell that
 * its newest rows are missing; this can. A row is durable before the head names it, so a head that is behind is normal (after
 * a power cut, by some seconds), and one that is ahead means that rows are missing.
 */

export type Head = { readonly seq: number; readonly hash: string };

/**
 * Two slots, written in turn, each a page of the disk: whatever a crash or a reader meets half-written, the other one is whole.
 */
const slotBytes = 4_096;

export function headFileOf(file: string): string {
  return `${file}-head`;
}

function slotText({ seq, hash }: Head, key: JournalKey): string {
  return `AddValue journal head: row ${seq} ${hash} ${key.mac(`head\n${seq}\n${hash}`)}\n`;
}

const slotPattern = /^AddValue journal head: row (\d{1,15}) ([0-9a-f]{64}) [0-9a-f]{64}\n/;

/** Make the file. Throws JournalFault. */
export function makeHead(headFile: string, head: Head, key: JournalKey): void {
  const slot = slotText(head, key).padEnd(slotBytes, ' ');
  placeFile(headFile, slot + slot, 0o600);
}

/** The newer of the two slots that this key has written; null where neither is. Throws JournalFault. */
export function readHead(headFile: string, key: JournalKey): Head | null {
  const text = readHeadFile(headFile);
  const heads = [text.slice(0, slotBytes), text.slice(slotBytes)].flatMap((slot) => {
    const [line, seq, hash] = slotPattern.exec(slot) ?? [];
    if (line === undefined || seq === undefined || hash === undefined) return [];
    const head = { seq: Number(seq), hash };
    return slotText(head, key) === line ? [head] : [];
  });
  return heads.sort((a, b) => b.seq - a.seq)[0] ?? null;
}

function readHeadFile(headFile: string): string {
  try {
    return existsSync(headFile) ? readFileSync(headFile, 'latin1') : '';
  } catch (error) {
    throw fileFault(error, headFile);
  }
}

/** The first row that the head knows and the journal lacks, or null. Row 0: the head itself. */
export function headFlaw(
  db: Database.Database,
  head: Head | null,
  headFile: string,
): { readonly row: number; readonly what: string } | null {
  if (head === null) {
    const what = existsSync(headFile)
      ? `${headFile} was not written with this key, or is damaged`
      : `${headFile} is missing`;
    return { row: 0, what: `${what}: it tells how many rows were written` };
  }
  if (head.seq === 0) return null;
  const hash = hasRows(db) ? hashAt(db, head.seq) : undefined;
  if (hash === head.hash) return null;
  if (hash !== undefined) {
    return { row: head.seq, what: `it is not the row that ${headFile} remembers` };
  }
  const what = `it is missing: ${head.seq} rows were written, as ${headFile} tells`;
  return { row: newestOf(db).seq + 1, what };
}

/** The end of a journal, also of one that was never set up. */
export function newestOf(db: Database.Database): Head {
  const sql = 'SELECT seq, hash FROM step ORDER BY seq DESC LIMIT 1';
  const newest = hasRows(db) ? db.prepare<[], Head>(sql).get() : undefined;
  return newest ?? { seq: 0, hash: chainStart };
}

function hashAt(db: Database.Database, seq: number): string | undefined {
  return db.prepare<[number], string>('SELECT hash FROM step WHERE seq = ?').pluck().get(seq);
}

function hasRows(db: Database.Database): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'step'").get() !== undefined;
}

/** The head of an open journal, to be kept up to date. */
export class HeadKeeper {
  readonly #handle: number;
  readonly #key: JournalKey;
  #newest: Head;
  #slot = 0;

  /** Throws JournalFault where the file cannot be written. */
  constructor(headFile: string, key: JournalKey, newest: Head) {
    this.#key = key;
    this.#newest = newest;
    try {
      this.#handle = openSync(headFile, 'r+');
    } catch (error) {
      throw fileFault(error, headFile);
    }
    try {
      this.#writeBoth();
    } catch (error) {
      closeSync(this.#handle);
      throw fileFault(error, headFile);
    }
  }

  /**
   * The row is durable already, so nothing here may fail its step: a head that stays behind misses less, and the next start
   * is refused where it cannot be written at all. It is not flushed; the system does that within half a minute.
   */
  remember(newest: Head): void {
    this.#newest = newest;
    try {
      this.#write();
    } catch {}
  }

  close(): void {
    try {
      this.#writeBoth();
    } catch {
      // As above.
    } finally {
      closeSync(this.#handle);
    }
  }

  /** At rest both slots tell the same. */
  #writeBoth(): void {
    for (const _slot of [0, 1]) {
      this.#write();
      fsyncSync(this.#handle);
    }
  }

  #write(): void {
    const text = slotText(this.#newest, this.#key);
    writeSync(this.#handle, text, this.#slot * slotBytes, 'latin1');
    this.#slot = 1 - this.#slot;
  }
}
