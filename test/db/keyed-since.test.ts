import { copyFileSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { hashOf, unkeyed } from '../../db/chain.ts';
import { headFileOf } from '../../db/head.ts';
import { readKey, usualKeyFile } from '../../db/key-file.ts';
import type { JournalRow } from '../../db/port.ts';
import { openJournal, openJournalToRead } from '../../db/sqlite-journal.ts';
import { attemptOf } from '../../main/runtime/attempt-record.ts';
import { faultOf, journalPath, step, tamper } from './journal-file.ts';

/** Written by the program that knew only migration 0001: 22 rows, three top-ups and one whose card was being written. */
const written = fileURLToPath(new URL('../fixtures/journal-0001.sqlite', import.meta.url));

function olderJournal(): string {
  const path = journalPath();
  copyFileSync(written, path);
  return path;
}

function rowsOf(path: string): readonly JournalRow[] {
  const db = new Database(path, { readonly: true });
  const rows = db
    .prepare<[], JournalRow>(
      'SELECT seq, wall_ms AS wallMs, kind, attempt, settled, body, previous_hash AS previousHash, hash FROM step',
    )
    .all();
  db.close();
  return rows;
}

describe('a journal from before its chain was keyed', () => {
  it('goes on: its rows stay as they are, a keyed row says so, and what was open is open', () => {
    const path = olderJournal();
    const before = rowsOf(path);
    const journal = openJournal(path);
    expect(journal.unsettled().map(attemptOf)).toMatchObject([
      { reference: '8C3P-11AB', money: 'authorised', card: 'writing' },
    ]);
    journal.append([step('8C3P-11AB', 'credit-proved')]);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 24 });
    journal.close();

    const after = rowsOf(path);
    expect(after.slice(0, 22)).toEqual(before);
    expect(after[22]).toMatchObject({
      kind: 'chain-keyed',
      attempt: '-',
      settled: 1,
      body: JSON.stringify({ key: readKey(usualKeyFile(path)).id }),
    });
    openJournal(path).close();
    expect(rowsOf(path)).toEqual(after);
  });

  it('whose rows are rehashed after a change is found out at the seam, which is keyed', () => {
    const path = olderJournal();
    openJournal(path).close();
    let previousHash = '0'.repeat(64);
    const sql: string[] = [];
    for (const row of rowsOf(path).slice(0, 22)) {
      const entry = { ...row, settled: Boolean(row.settled) };
      if (row.seq === 9) entry.body = row.body.replace('5000', '9000');
      const hash = hashOf(unkeyed, previousHash, row.seq, entry);
      sql.push(
        `UPDATE step SET body = '${entry.body}', previous_hash = '${previousHash}', hash = '${hash}' WHERE seq = ${row.seq}`,
      );
      previousHash = hash;
    }
    tamper(path, ...sql);
    const reader = openJournalToRead(path);
    expect(reader.verify()).toMatchObject({
      row: 23,
      what: expect.stringContaining('does not follow the row before it'),
    });
    reader.close();
  });

  it('whose keyed rows are taken away, with all that tells of them, lacks them all the same', () => {
    const path = olderJournal();
    openJournal(path).close();
    tamper(
      path,
      'DELETE FROM step WHERE seq > 22',
      "UPDATE sqlite_sequence SET seq = 22 WHERE name = 'step'",
    );
    const reader = openJournalToRead(path);
    expect(reader.verify()).toEqual({
      kind: 'broken',
      row: 23,
      what: 'it is missing: no row is keyed',
    });
    reader.close();
  });

  it('that comes back in place of the keyed one is refused', () => {
    const path = olderJournal();
    openJournal(path).close();
    copyFileSync(written, path);
    expect(faultOf(() => openJournal(path)).message).toContain(`Row 23 of ${path}: it is missing`);
  });

  it('is keyed at the next start where the first one was cut off between its key and its rows', () => {
    const path = olderJournal();
    openJournal(path).close();
    const other = olderJournal();
    copyFileSync(usualKeyFile(path), usualKeyFile(other));
    expect(existsSync(headFileOf(other))).toBe(false);
    const journal = openJournal(other);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 23 });
    journal.close();
    expect(readKey(usualKeyFile(other)).id).toBe(readKey(usualKeyFile(path)).id);
  });

  it('whose key is said to begin elsewhere is broken', () => {
    const path = olderJournal();
    openJournal(path).close();
    for (const first of [1, 20, 24]) {
      tamper(path, `UPDATE chain_key SET first_seq = ${first}`);
      const reader = openJournalToRead(path);
      expect(reader.verify()).toMatchObject({ kind: 'broken' });
      reader.close();
    }
  });
});
