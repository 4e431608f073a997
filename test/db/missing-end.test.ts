import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { headFileOf } from '../../db/head.ts';
import { acceptLoss } from '../../db/open.ts';
import { openJournal, openJournalToRead } from '../../db/sqlite-journal.ts';
import { runCli } from './cli.ts';
import { faultOf, journalPath, step, tamper, topUps, writtenJournal } from './journal-file.ts';

function verify(path: string) {
  const reader = openJournalToRead(path);
  try {
    return reader.verify();
  } finally {
    reader.close();
  }
}

/** Both ways to find out: the kiosk's start, and verify. */
function expectMissing(path: string, row: number, written: number): void {
  const what = `it is missing: ${written} rows were written, as ${headFileOf(path)} tells`;
  expect(verify(path)).toEqual({ kind: 'broken', row, what });
  const fault = faultOf(() => openJournal(path));
  expect(fault.kind).toBe('corrupt');
  expect(fault.message).toContain(`Row ${row} of ${path}: ${what}`);
}

/** A journal as a power cut leaves it: closed by nobody, with rows that are only in its -wal file. */
function cutOff(path: string): void {
  const copy = `${path}-copy`;
  const journal = openJournal(path);
  journal.append([step('A-7', 'payment-approved'), step('A-7', 'credit-unknown')]);
  for (const part of ['', '-wal', '-head', '.key']) copyFileSync(path + part, copy + part);
  journal.close();
  for (const part of ['', '-wal', '-head', '.key']) copyFileSync(copy + part, path + part);
}

describe('the newest rows', () => {
  it('that somebody removed, their count too, are missed from the first one on', () => {
    const path = writtenJournal();
    tamper(
      path,
      'PRAGMA foreign_keys = OFF',
      'DELETE FROM step WHERE seq > 20',
      'DELETE FROM open_attempt',
      "UPDATE sqlite_sequence SET seq = 20 WHERE name = 'step'",
    );
    expectMissing(path, 21, 22);
  });

  it('that were all removed are missed', () => {
    const path = writtenJournal();
    tamper(
      path,
      'PRAGMA foreign_keys = OFF',
      'DELETE FROM open_attempt',
      'DELETE FROM step',
      'DELETE FROM sqlite_sequence',
    );
    expectMissing(path, 1, 22);
  });

  it('that went with the -wal file are missed', () => {
    const path = writtenJournal();
    cutOff(path);
    rmSync(`${path}-wal`);
    expectMissing(path, 23, 24);
  });

  it('are all there after a power cut that leaves the -wal file', () => {
    const path = writtenJournal();
    cutOff(path);
    expect(verify(path)).toEqual({ kind: 'whole', rows: 24 });
    openJournal(path).close();
  });

  it('are missed where the -wal file held all of them, and the journal seems new', () => {
    const path = journalPath();
    cutOff(path);
    rmSync(`${path}-wal`);
    const fault = faultOf(() => openJournal(path));
    expect(fault.message).toContain(`Row 1 of ${path}: it is missing: 2 rows were written`);
  });

  it('are missed where the journal has been replaced by an older copy of itself', () => {
    const path = writtenJournal();
    copyFileSync(path, `${path}-older`);
    const journal = openJournal(path);
    journal.append(topUps(3));
    journal.close();
    copyFileSync(`${path}-older`, path);
    expectMissing(path, 23, 34);
  });

  it('are missed where the older copy has been continued without its head', () => {
    const path = writtenJournal();
    copyFileSync(path, `${path}-older`);
    copyFileSync(headFileOf(path), `${path}-older-head`);
    copyFileSync(`${path}.key`, `${path}-older.key`);
    for (const [file, kind] of [
      [path, 'payment-captured'],
      [`${path}-older`, 'payment-declined'],
    ] as const) {
      const journal = openJournal(file);
      journal.append([step('A-6', kind, { settled: true })]);
      journal.close();
    }
    copyFileSync(`${path}-older`, path);
    expect(verify(path)).toMatchObject({ row: 23, what: expect.stringContaining('not the row') });
    expect(faultOf(() => openJournal(path)).message).toContain('Row 23');
  });

  it.each([0, 40, 400, 4096, 8192, 12_288, 20_480, 32_768, 40_959])(
    'that went when the file was cut to %i bytes are named',
    async (bytes) => {
      const path = writtenJournal();
      truncateSync(path, bytes);
      const { code, err } = await runCli('verify', path);
      expect(code).toBe(1);
      expect(err).toMatch(/ is broken\. Row [1-9]\d*: it/);
      expect(faultOf(() => openJournal(path)).kind).toBe('corrupt');
    },
  );

  it('of a journal that is gone altogether are missed: it does not begin anew', () => {
    const path = writtenJournal();
    rmSync(path);
    expect(faultOf(() => openJournal(path)).message).toContain(`${path} is missing, but`);
    expect(existsSync(path)).toBe(false);
  });
});

describe('the head', () => {
  it('that is some rows behind is normal', () => {
    const path = writtenJournal();
    const behind = readFileSync(headFileOf(path));
    const journal = openJournal(path);
    journal.append(topUps(3));
    journal.close();
    writeFileSync(headFileOf(path), behind);
    expect(verify(path)).toEqual({ kind: 'whole', rows: 34 });
    openJournal(path).close();
  });

  it.each([0, 4_096])('of which half is spoiled (at %i) is as good as before', (at) => {
    const path = writtenJournal();
    const bytes = readFileSync(headFileOf(path));
    bytes.fill(0, at, at + 200);
    writeFileSync(headFileOf(path), bytes);
    expect(verify(path)).toEqual({ kind: 'whole', rows: 22 });
    openJournal(path).close();
  });

  it.each([
    ['missing', (file: string) => rmSync(file)],
    ['empty', (file: string) => truncateSync(file, 0)],
    [
      'written by somebody else',
      (file: string) => {
        const forged = readFileSync(file, 'latin1').replaceAll(/row 22 /g, 'row 20 ');
        writeFileSync(file, forged, 'latin1');
      },
    ],
  ])('that is %s keeps the kiosk from taking money', (_, spoil) => {
    const path = writtenJournal();
    spoil(headFileOf(path));
    expect(verify(path)).toMatchObject({ kind: 'broken', row: 0 });
    expect(faultOf(() => openJournal(path)).message).toContain(headFileOf(path));
  });

  it('never names a row that a reader does not find', () => {
    const path = writtenJournal();
    const journal = openJournal(path);
    const reader = openJournalToRead(path);
    for (const entry of topUps(25)) {
      journal.append([entry]);
      expect(reader.verify()).toMatchObject({ kind: 'whole' });
    }
    reader.close();
    journal.close();
  });
});

describe('a loss that somebody accepts', () => {
  it('is written down in the journal, which then goes on', async () => {
    const path = writtenJournal();
    copyFileSync(path, `${path}-older`);
    const journal = openJournal(path);
    journal.append([step('A-7', 'payment-approved')]);
    journal.close();
    copyFileSync(`${path}-older`, path);

    const { code, out } = await runCli('accept-loss', path);
    expect([code, out]).toEqual([0, expect.stringContaining('Missing was row 23')]);
    expect(verify(path)).toEqual({ kind: 'whole', rows: 23 });
    const again = openJournal(path);
    expect(again.newest(1)[0]).toMatchObject({ kind: 'end-missing', settled: true });
    expect(JSON.parse(again.newest(1)[0]?.body ?? '')).toMatchObject({
      row: 23,
      head: { seq: 23 },
    });
    expect(again.unsettled().map(({ attempt }) => attempt)).toEqual(['A-6']);
    again.close();
    expect(acceptLoss(path, {}, 0)).toBeNull();
  });

  it('may be that of the head alone', () => {
    const path = writtenJournal();
    rmSync(headFileOf(path));
    expect(acceptLoss(path, {}, 0)).toContain('is missing');
    openJournal(path).close();
    expect(verify(path)).toEqual({ kind: 'whole', rows: 23 });
  });

  it('is never one inside the journal', async () => {
    const path = writtenJournal();
    tamper(path, "UPDATE step SET body = '{}' WHERE seq = 7");
    expect((await runCli('accept-loss', path)).out).toContain('nothing was changed');
    expect(verify(path)).toMatchObject({ kind: 'broken', row: 7 });
  });

  it('is not accepted of a journal that is not there', async () => {
    const path = journalPath();
    const { code, err } = await runCli('accept-loss', path);
    expect([code, existsSync(path)]).toEqual([2, false]);
    expect(err).toContain(path);
  });

  it('leaves a foreign file alone', async () => {
    const path = journalPath();
    const db = new Database(path);
    db.exec('CREATE TABLE somebody_elses (b)');
    db.close();
    expect((await runCli('accept-loss', path)).code).toBe(2);
    expect(existsSync(headFileOf(path))).toBe(false);
  });
});

describe('a first start that was cut off', () => {
  it.each([
    ['the draft of its key', ['.key.draft']],
    ['its key', ['.key']],
    ['its key and the draft of its head', ['.key', '-head.draft']],
    ['its key and its head', ['.key', '-head']],
    ['its key, its head, and a file without anything in it', ['.key', '-head', '']],
  ])('and left %s is done by the next one', (_, left) => {
    const other = journalPath();
    openJournal(other).close();
    const path = journalPath();
    for (const end of left) {
      if (end === '') writeFileSync(path, '');
      else
        writeFileSync(path + end, readFileSync(other + end.replace('.draft', '')), { mode: 0o600 });
    }
    const journal = openJournal(path);
    journal.append(topUps(1));
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 4 });
    journal.close();
  });

  it('and left a file that SQLite had begun is done by the next one', () => {
    const path = journalPath();
    openJournal(path).close();
    rmSync(path);
    const begun = new Database(path);
    begun.pragma('journal_mode = WAL');
    begun.close();
    openJournal(path).close();
    expect(verify(path)).toEqual({ kind: 'whole', rows: 0 });
  });
});
