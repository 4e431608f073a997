import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { backUp } from '../../db/backup.ts';
import { headFileOf } from '../../db/head.ts';
import { usualKeyFile } from '../../db/key-file.ts';
import { openJournal, openJournalToRead } from '../../db/sqlite-journal.ts';
import { runCli } from './cli.ts';
import { faultOf, journalPath, step, tamper, topUps, writtenJournal } from './journal-file.ts';

describe('a copy of the journal', () => {
  it('is made while the kiosk writes, and says what it holds', async () => {
    const path = writtenJournal();
    const to = `${path}-copy`;
    const journal = openJournal(path);
    journal.append([step('A-7', 'payment-approved')]);
    const { code, out } = await runCli('backup', path, to);
    expect([code, out]).toEqual([
      0,
      expect.stringContaining(
        `${to} is a copy of ${path}: 23 rows, each as it was written, attempts open: 2.`,
      ),
    ]);
    journal.append([step('A-7', 'payment-captured', { settled: true })]);
    journal.close();

    expect(statSync(to).mode & 0o777).toBe(0o600);
    const copy = openJournalToRead(to, { keyFile: usualKeyFile(path) });
    expect(copy.verify()).toEqual({ kind: 'whole', rows: 23 });
    expect(copy.unsettled().map(({ attempt }) => attempt)).toEqual(['A-6', 'A-7']);
    copy.close();
    const beside = readdirSync(dirname(to)).filter((name) => name.startsWith(basename(to)));
    expect(beside.sort()).toEqual([basename(to), basename(headFileOf(to))]);
  });

  it('is of one moment, however fast rows come', async () => {
    const path = journalPath();
    const journal = openJournal(path);
    journal.append(topUps(2_000));
    let isDone = false;
    let more = 0;
    const copying = backUp(path, usualKeyFile(path), `${path}-copy`).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      journal.append([step(`B-${more}`, 'payment-approved')]);
      more += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await copying).toMatchObject({ kind: 'done' });
    journal.close();
    expect(more).toBeGreaterThan(1);
  });

  it('lacks its newest rows as noticeably as the journal itself', async () => {
    const path = writtenJournal();
    const to = `${path}-copy`;
    await runCli('backup', path, to);
    tamper(
      to,
      'PRAGMA foreign_keys = OFF',
      'DELETE FROM step WHERE seq > 20',
      'DELETE FROM open_attempt',
      "UPDATE sqlite_sequence SET seq = 20 WHERE name = 'step'",
    );
    const { code, err } = await runCli('verify', to, '--key', usualKeyFile(path));
    expect([code, err]).toEqual([1, expect.stringContaining('Row 21: it is missing')]);
  });

  it.each(['', '-head'])('is not written over what is there already (%s)', async (end) => {
    const path = writtenJournal();
    const to = `${path}-copy`;
    writeFileSync(to + end, 'of last year');
    const { code, err } = await runCli('backup', path, to);
    expect([code, err]).toEqual([2, expect.stringContaining(`${to}${end} is there already`)]);
    expect(readFileSync(to + end, 'utf8')).toBe('of last year');
  });

  it.each([
    ["UPDATE step SET body = '{}' WHERE seq = 7", 7],
    ['DELETE FROM step WHERE seq = 9', 9],
  ])('is not made of a journal that is broken (%s)', async (sql, row) => {
    const path = writtenJournal();
    tamper(path, 'PRAGMA foreign_keys = OFF', sql);
    const to = `${path}-copy`;
    const { code, err } = await runCli('backup', path, to);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining(`No copy was made. ${path} is broken. Row ${row}`),
    ]);
    expect(existsSync(to)).toBe(false);
    expect(readdirSync(dirname(to)).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('is not made where its folder is missing, is a file, or of what is no journal', async () => {
    const path = writtenJournal();
    const folder = dirname(path);
    const other = join(folder, 'other.sqlite');
    const db = new Database(other);
    db.exec('CREATE TABLE somebody_elses (b)');
    db.close();
    mkdirSync(join(folder, 'a'));
    for (const [from, to] of [
      [path, join(folder, 'missing', 'copy')],
      [path, join(path, 'copy')],
      [path, join(folder, 'a')],
      [folder, join(folder, 'copy')],
      [join(folder, 'none.sqlite'), join(folder, 'copy')],
      [other, join(folder, 'copy')],
    ] as const) {
      const { code, out, err } = await runCli('backup', from, to, '--key', usualKeyFile(path));
      expect([code, out], `${from} → ${to}`).toEqual([2, '']);
      expect(err.length).toBeGreaterThan(20);
    }
    expect(existsSync(join(folder, 'copy'))).toBe(false);
  });

  it('asks for a place to go to', async () => {
    const path = writtenJournal();
    expect((await runCli('backup', path)).err).toContain('npm run journal -- backup FILE TO');
    expect((await runCli('verify', path, 'somewhere')).code).toBe(2);
  });
});

describe('a journal that is restored from a copy', () => {
  it('says which rows the copy lacks, and goes on once that is accepted', async () => {
    const path = writtenJournal();
    const to = `${path}-copy`;
    await runCli('backup', path, to);
    const journal = openJournal(path);
    journal.append([step('A-7', 'payment-approved')]);
    journal.close();

    // As docs/journal.md says.
    for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true });
    writeFileSync(path, readFileSync(to));
    expect(faultOf(() => openJournal(path)).message).toContain(`Row 23 of ${path}: it is missing`);
    expect((await runCli('accept-loss', path)).code).toBe(0);
    const restored = openJournal(path);
    expect(restored.verify()).toEqual({ kind: 'whole', rows: 23 });
    restored.close();
  });

  it('lacks nothing where nothing was written since', async () => {
    const path = writtenJournal();
    const to = `${path}-copy`;
    await runCli('backup', path, to);
    rmSync(path);
    writeFileSync(path, readFileSync(to));
    const restored = openJournal(path);
    expect(restored.verify()).toEqual({ kind: 'whole', rows: 22 });
    restored.close();
  });
});
