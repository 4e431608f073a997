import { chmodSync, existsSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { fileFault, guarded } from './fault-of.ts';
import { headFileOf, headFlaw, makeHead, newestOf, readHead } from './head.ts';
import type { JournalKey } from './key.ts';
import { readKey } from './key-file.ts';
import { openToRead } from './open.ts';
import { moveFile } from './place-file.ts';
import { JournalFault, type VerifyAnswer } from './port.ts';
import { verifyFile } from './verify.ts';

export type Backup =
  | { readonly kind: 'done'; readonly rows: number; readonly openAttempts: number }
  /** The journal itself is not as it was written: no copy was made. */
  | Extract<VerifyAnswer, { kind: 'broken' }>;

/**
 * Copy a journal to a file of its own, with a head beside it, also while the kiosk writes. The copy is checked row by row
 * before it gets its name; nothing is written over. Throws JournalFault.
 */
export async function backUp(file: string, keyFile: string, to: string): Promise<Backup> {
  for (const taken of [to, headFileOf(to)]) {
    if (!existsSync(taken)) continue;
    throw new JournalFault(
      'read-only',
      `${taken} is there already, and is not written over. Name another file.`,
    );
  }
  if (statSync(dirname(resolve(to)), { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new JournalFault('read-only', `${to} cannot be written: its folder does not exist.`);
  }
  const key = readKey(keyFile);
  // Before the copy: it must hold at least what was durable by now.
  const head = readHead(headFileOf(file), key);
  const draft = `${to}.part`;
  clear(draft);
  try {
    await copyPages(file, draft);
    const answer = check(draft, keyFile, key, (db) => headFlaw(db, head, headFileOf(file)));
    if (answer.kind === 'done') {
      moveFile(headFileOf(draft), headFileOf(to));
      moveFile(draft, to);
    }
    return answer;
  } finally {
    clear(draft);
  }
}

async function copyPages(file: string, draft: string): Promise<void> {
  const source = openToRead(file, {});
  try {
    // All pages in one step are of one moment; in smaller ones, each row of the kiosk would begin the copy anew.
    await source.db.backup(draft, { progress: () => 0x7fffffff });
  } catch (error) {
    guarded(draft, () => {
      throw error;
    });
  } finally {
    source.close();
  }
  guarded(draft, () => {
    const copy = new Database(draft);
    try {
      // One file, without companions that would have to be copied with it.
      copy.pragma('journal_mode = DELETE');
    } finally {
      copy.close();
    }
  });
  try {
    chmodSync(draft, 0o600);
  } catch (error) {
    throw fileFault(error, draft);
  }
}

function check(
  draft: string,
  keyFile: string,
  key: JournalKey,
  missing: (db: Database.Database) => ReturnType<typeof headFlaw>,
): Backup {
  const opened = openToRead(draft, { keyFile });
  try {
    return guarded(draft, () => {
      const flaw = missing(opened.db);
      if (flaw !== null) return { kind: 'broken', ...flaw };
      makeHead(headFileOf(draft), newestOf(opened.db), key);
      const answer = verifyFile(opened);
      if (answer.kind === 'broken') return answer;
      const count = opened.db.prepare<[], number>('SELECT count(*) FROM open_attempt').pluck();
      return { kind: 'done', rows: answer.rows, openAttempts: count.get() ?? 0 };
    });
  } finally {
    opened.close();
  }
}

function clear(draft: string): void {
  for (const end of ['', '-journal', '-wal', '-shm', '-head']) {
    rmSync(draft + end, { force: true });
  }
}
