import { existsSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { type Chain, chainStart, hashOf, keyedBy } from './chain.ts';
import { restore } from './fault-of.ts';
import { type Head, headFileOf, headFlaw, makeHead, newestOf, readHead } from './head.ts';
import type { JournalKey } from './key.ts';
import { putBack, readKey, readOrMakeKey } from './key-file.ts';
import { type JournalEntry, JournalFault, noAttempt } from './port.ts';
import { insertRow, rowValues } from './stored-row.ts';

/** The migration since which rows are keyed. */
const keyedSince = 2;

/**
 * Before anything is in a journal's file: its key and its head. A file without them is then never a new journal, and an
 * empty one whose head says that no row was written is only a first start that was cut off. Throws JournalFault, also where
 * there was a journal once.
 */
export function prepareNew(file: string, keyFile: string): void {
  const headFile = headFileOf(file);
  if (!existsSync(headFile)) {
    if (existsSync(file)) throw emptied(file);
    makeHead(headFile, { seq: 0, hash: chainStart }, readOrMakeKey(keyFile));
    return;
  }
  const head = readHead(headFile, readKey(keyFile));
  if (head?.seq === 0) return;
  if (existsSync(file)) throw emptied(file);
  throw new JournalFault(
    'corrupt',
    `The journal ${file} is missing, but ${headFile} tells that there was one. Put it back. If it was ` +
      'moved aside on purpose, move that file after it.',
  );
}

/** A journal that was cut to nothing must not pass for a new one: the attempts in it would be forgotten. */
export function emptied(file: string): JournalFault {
  return new JournalFault(
    'corrupt',
    `The journal ${file} is empty: it was cut off, or its first start was. If this station has ` +
      `never taken money, delete it. Otherwise: ${restore}`,
  );
}

/**
 * The key of the journal that has just been opened to be written, once its newest rows were found to be there. `done`: how
 * many migrations it has seen. A journal from before there were keys gets its own here. Throws JournalFault.
 */
export function keyToWrite(
  db: Database.Database,
  file: string,
  keyFile: string,
  done: number,
): JournalKey {
  const headFile = headFileOf(file);
  if (done < keyedSince && !existsSync(headFile)) {
    const key = readOrMakeKey(keyFile);
    makeHead(headFile, newestOf(db), key);
    return key;
  }
  const key = readKey(keyFile);
  if (done >= keyedSince) chainOf(db, file, key);
  const flaw = headFlaw(db, readHead(headFile, key), headFile);
  if (flaw !== null) throw endMissing(file, flaw);
  return key;
}

/** Called once, when migration 0002 has been done: rows are keyed from here on, and the first one after others says so. */
export function beginKeyedRows(db: Database.Database, key: JournalKey, done: number): void {
  if (done >= keyedSince) return;
  const newest = newestOf(db);
  db.prepare('INSERT INTO chain_key VALUES (1, ?, ?)').run(newest.seq + 1, key.id);
  if (newest.seq > 0) noteInChain(db, newest, key, 'chain-keyed', { key: key.id });
}

/** What an open journal's rows are hashed with. Throws JournalFault where that is not this key. */
export function chainOf(db: Database.Database, file: string, key: JournalKey): Chain {
  const sql = 'SELECT first_seq AS firstKeyedSeq, key_id AS keyId FROM chain_key';
  const found = db.prepare<[], { firstKeyedSeq: number; keyId: string }>(sql).get();
  if (found === undefined) {
    throw new JournalFault('corrupt', `The journal ${file} lost the name of its key. ${restore}`);
  }
  const { firstKeyedSeq, keyId } = found;
  if (keyId !== key.id) {
    throw new JournalFault(
      'not-ready',
      `The journal ${file} was written with the key ${keyId}, and was given the key ${key.id}. ${putBack}`,
    );
  }
  return { firstKeyedSeq, key };
}

/**
 * Somebody has decided that what remains of a journal is all there will ever be: say so in the journal itself, and begin its
 * head anew. Answers what was missing, or null where nothing was. Throws JournalFault.
 */
export function acceptMissingEnd(
  db: Database.Database,
  file: string,
  key: JournalKey,
  wallMs: number,
): string | null {
  const headFile = headFileOf(file);
  chainOf(db, file, key);
  const head = readHead(headFile, key);
  const flaw = headFlaw(db, head, headFile);
  if (flaw === null) return null;
  const body = { row: flaw.row, what: flaw.what, head };
  const newest = noteInChain(db, newestOf(db), key, 'end-missing', body, wallMs);
  rmSync(headFile, { force: true });
  makeHead(headFile, newest, key);
  return flaw.row === 0 ? flaw.what : `row ${flaw.row}: ${flaw.what}`;
}

/** A row about the journal itself. */
function noteInChain(
  db: Database.Database,
  newest: Head,
  key: JournalKey,
  kind: string,
  body: object,
  wallMs = Date.now(),
): Head {
  const seq = newest.seq + 1;
  const entry: JournalEntry = {
    wallMs,
    kind,
    attempt: noAttempt,
    settled: true,
    body: JSON.stringify(body),
  };
  const hash = hashOf(keyedBy(key), newest.hash, seq, entry);
  db.prepare(insertRow).run(...rowValues(seq, entry, newest.hash, hash));
  return { seq, hash };
}

function endMissing(file: string, { row, what }: { row: number; what: string }): JournalFault {
  const where = row === 0 ? file : `Row ${row} of ${file}`;
  return new JournalFault(
    'corrupt',
    `${where}: ${what}. Nobody can tell which attempts are open. Keep the files as evidence, look for ` +
      'the last good copy, and see "When rows are missing" in docs/journal.md.',
  );
}
