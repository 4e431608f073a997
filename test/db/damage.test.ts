import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { hashOf, keyedBy, unkeyed } from '../../db/chain.ts';
import { readKey, usualKeyFile } from '../../db/key-file.ts';
import type { JournalRow, VerifyAnswer } from '../../db/port.ts';
import { JournalFault } from '../../db/port.ts';
import { type JournalReader, openJournal, openJournalToRead } from '../../db/sqlite-journal.ts';
import { faultOf, journalPath, tamper, topUps, writtenJournal } from './journal-file.ts';

function verify(path: string): VerifyAnswer {
  const reader = openJournalToRead(path);
  try {
    return reader.verify();
  } finally {
    reader.close();
  }
}

describe('somebody with a database tool', () => {
  it.each([
    ["UPDATE step SET body = replace(body, '5000', '9000') WHERE seq = 7", 7, /changed/],
    ['UPDATE step SET settled = 1 WHERE seq = 7', 7, /changed/],
    ["UPDATE step SET kind = 'credit-refused' WHERE seq = 7", 7, /changed/],
    ["UPDATE step SET attempt = 'A-1' WHERE seq = 7", 7, /changed/],
    ['UPDATE step SET wall_ms = wall_ms + 1 WHERE seq = 7', 7, /changed/],
    ['UPDATE step SET hash = previous_hash WHERE seq = 7', 7, /changed/],
    ['UPDATE step SET previous_hash = hash WHERE seq = 7', 7, /replaced/],
    ['DELETE FROM step WHERE seq = 1', 1, /missing/],
    ['DELETE FROM step WHERE seq = 7', 7, /missing/],
    ['DELETE FROM step WHERE seq = 20', 20, /missing/],
    ['DELETE FROM step WHERE seq = 22', 22, /missing: 22 rows were written/],
    ['UPDATE step SET seq = 100 WHERE seq = 7', 7, /now stands as row 100/],
    ["UPDATE step SET kind = '' WHERE seq = 7", 7, /changed/],
  ])('who does %s is found out at the row', (sql, row, what) => {
    const path = writtenJournal();
    tamper(path, 'PRAGMA ignore_check_constraints = ON', 'PRAGMA foreign_keys = OFF', sql);
    expect(verify(path)).toEqual({ kind: 'broken', row, what: expect.stringMatching(what) });
  });

  it('who swaps two rows is told which row stands where', () => {
    const path = writtenJournal();
    tamper(
      path,
      'UPDATE step SET seq = 1000 WHERE seq = 7',
      'UPDATE step SET seq = 7 WHERE seq = 12',
      'UPDATE step SET seq = 12 WHERE seq = 1000',
    );
    expect(verify(path)).toMatchObject({
      row: 7,
      what: expect.stringContaining('it now stands as row 12'),
    });
  });

  it('who rewrites a row and hashes it anew lacks the key for it', () => {
    const path = writtenJournal();
    const [row] = readAll(path).rows.slice(6) as [JournalRow];
    const forged = hashOf(unkeyed, row.previousHash, row.seq, { ...row, body: '{}' });
    tamper(path, `UPDATE step SET body = '{}', hash = '${forged}' WHERE seq = 7`);
    expect(verify(path)).toMatchObject({ row: 7, what: expect.stringContaining('been changed') });
  });

  it('who has the key too and rewrites a row is found out at the next row', () => {
    const path = writtenJournal();
    const [row] = readAll(path).rows.slice(6) as [JournalRow];
    const hasher = keyedBy(readKey(usualKeyFile(path)));
    const forged = hashOf(hasher, row.previousHash, row.seq, { ...row, body: '{}' });
    tamper(path, `UPDATE step SET body = '{}', hash = '${forged}' WHERE seq = 7`);
    expect(verify(path)).toMatchObject({
      row: 8,
      what: expect.stringContaining('does not follow'),
    });
  });

  it('who forges a whole last row with a body that is no JSON is found out', () => {
    const path = writtenJournal();
    const reader = openJournalToRead(path);
    const [row] = reader.newest(1) as [JournalRow];
    reader.close();
    const hasher = keyedBy(readKey(usualKeyFile(path)));
    const forged = hashOf(hasher, row.previousHash, row.seq, { ...row, body: '{' });
    tamper(
      path,
      'PRAGMA ignore_check_constraints = ON',
      `UPDATE step SET body = '{', hash = '${forged}' WHERE seq = 22`,
    );
    expect(verify(path)).toEqual({ kind: 'broken', row: 22, what: 'its body is not JSON' });
    expect(faultOf(() => openJournal(path)).message).toContain(`Row 22 of ${path}`);
  });

  it('who takes the guards away is found out, and the kiosk does not start without them', () => {
    const path = writtenJournal();
    const db = new Database(path);
    db.exec('DROP TRIGGER step_is_never_deleted');
    db.close();
    expect(verify(path)).toMatchObject({
      row: 0,
      what: expect.stringContaining('step_is_never_deleted'),
    });
    const fault = faultOf(() => openJournal(path));
    expect(fault).toMatchObject({ kind: 'corrupt' });
    expect(fault.message).toContain('trigger step_is_never_deleted');
  });
});

describe('the end of the journal is looked at each time it is opened', () => {
  it.each([
    ['DELETE FROM step WHERE seq = 22', 22],
    ["UPDATE step SET body = '{}' WHERE seq = 22", 22],
    ["UPDATE step SET body = '{}' WHERE seq = 20", 20],
    ['DELETE FROM step WHERE seq = 21', 21],
  ])('%s keeps the kiosk from taking money', (sql, row) => {
    const path = writtenJournal();
    tamper(path, 'PRAGMA foreign_keys = OFF', sql);
    const fault = faultOf(() => openJournal(path));
    expect(fault.kind).toBe('corrupt');
    expect(fault.message).toContain(`Row ${row} of ${path}`);
    expect(fault.message).toContain('last good copy');
  });

  it('but not all of it: years of rows are for verify', () => {
    const path = journalPath();
    const first = openJournal(path);
    first.append(topUps(40));
    first.close();
    tamper(path, "UPDATE step SET body = '{}' WHERE seq = 3");
    openJournal(path).close();
    expect(verify(path)).toMatchObject({ kind: 'broken', row: 3 });
  });
});

describe('a file that the disk has spoiled', () => {
  it('is named for every byte that flips: never a crash, never a changed row taken for whole', () => {
    const path = writtenJournal();
    const good = readFileSync(path);
    const rowsWere = readAll(path);
    const seen = { whole: 0, broken: 0, refused: 0 };
    for (let at = 0; at < good.length; at += at < 120 ? 1 : 61) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x10;
      writeFileSync(path, bad);
      seen[outcome(path, rowsWere)] += 1;
    }
    expect(seen.broken).toBeGreaterThan(50);
    expect(seen.refused).toBeGreaterThan(20);
    expect(seen.whole).toBeGreaterThan(20);
  }, 30_000);

  it('is named by its row where the flip is in a row', () => {
    const path = writtenJournal();
    const good = readFileSync(path);
    const bodies = [...good.toString('latin1').matchAll(/"amountMinor":5000/g)];
    expect(bodies.length).toBeGreaterThanOrEqual(22);
    const named = new Set<number>();
    for (const { index } of bodies) {
      const bad = Buffer.from(good);
      bad[index + 15] = 0x39;
      writeFileSync(path, bad);
      const answer = verify(path);
      if (answer.kind === 'broken') named.add(answer.row);
    }
    expect([...named].sort((a, b) => a - b)).toEqual(Array.from({ length: 22 }, (_, i) => i + 1));
  });

  it('is broken as a file where the flip is in its list of free pages', () => {
    const path = writtenJournal();
    const bytes = readFileSync(path);
    // Number of free pages: SQLite's file format, 1.3.8.
    bytes.writeUInt32BE(bytes.readUInt32BE(36) + 1, 36);
    writeFileSync(path, bytes);
    expect(verify(path)).toMatchObject({ kind: 'broken', row: 0 });
  });

  it.each([0, 1, 15, 30])('is named by its path where its header is gone (byte %i)', (at) => {
    const path = writtenJournal();
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    writeFileSync(path, bytes);
    for (const open of [openJournal, openJournalToRead]) {
      const fault = faultOf(() => open(path).verify());
      expect(fault.kind).toBe('corrupt');
      expect(fault.message).toContain(path);
    }
  });

  it.each([1, 99, 100, 511, 512, 4096, 8192, 12_288, 16_384])(
    'and was cut after %i bytes is refused or named',
    (size) => {
      const path = writtenJournal();
      const rowsWere = readAll(path);
      truncateSync(path, size);
      expect(outcome(path, rowsWere)).not.toBe('whole');
      expect(faultOf(() => openJournal(path)).message).toContain(path);
    },
  );

  it('and is empty does not pass for a new one', () => {
    const path = writtenJournal();
    truncateSync(path, 0);
    for (const open of [openJournal, openJournalToRead]) {
      const fault = faultOf(() => open(path));
      expect(fault.kind).toBe('corrupt');
      expect(fault.message).toContain('is empty');
    }
  });

  it('and is something else altogether is not touched', () => {
    const path = journalPath();
    writeFileSync(path, 'a letter to the operator, longer than a hundred bytes '.repeat(40));
    const before = readFileSync(path);
    expect(faultOf(() => openJournal(path))).toMatchObject({ kind: 'corrupt' });
    expect(readFileSync(path)).toEqual(before);
  });
});

type Rows = readonly JournalRow[];

type Told = { rows: Rows; unsettled: Rows; lookedUp: readonly (JournalRow | null)[] };

function readAll(path: string): Told {
  const reader = openJournalToRead(path);
  try {
    return told(reader);
  } finally {
    reader.close();
  }
}

/** Everything that a journal tells of its rows. */
function told(reader: JournalReader): Told {
  const rows = reader.rows(0, 1_000);
  const references = [...new Set(rows.map(({ attempt }) => attempt))];
  const lookedUp = references.map((reference) => reader.attempt(reference));
  return { rows, unsettled: reader.unsettled(), lookedUp };
}

/** What verify makes of the file. Throws when it says "whole" of rows that are not what they were. */
function outcome(path: string, rowsWere: Told) {
  let reader: ReturnType<typeof openJournalToRead> | null = null;
  try {
    reader = openJournalToRead(path);
    const answer = reader.verify();
    if (answer.kind === 'broken') return 'broken';
    expect(told(reader)).toEqual(rowsWere);
    return 'whole';
  } catch (error) {
    if (!(error instanceof JournalFault)) throw error;
    expect(error.message).toContain(path);
    return 'refused';
  } finally {
    reader?.close();
  }
}
