import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type Migration, readMigrations } from '../../db/migrations.ts';
import { openJournal, openJournalToRead } from '../../db/sqlite-journal.ts';
import { faultOf, journalPath, step, tamper, writtenJournal } from './journal-file.ts';

/** A program that knows these migrations and no others. */
function programOf(path: string, migrations: readonly Migration[]): { migrationsFolder: URL } {
  const folder = join(dirname(path), `migrations-${migrations.length}/`);
  mkdirSync(folder, { recursive: true });
  for (const { name, sql } of migrations) writeFileSync(join(folder, name), sql);
  return { migrationsFolder: pathToFileURL(folder) };
}

/** The program's migrations and some later ones. */
function laterProgram(path: string, ...later: readonly string[]): { migrationsFolder: URL } {
  const known = readMigrations();
  const added = later.map((sql, index) => {
    const number = String(known.length + index + 1).padStart(4, '0');
    return { name: `${number}-later-deed.sql`, sql };
  });
  return programOf(path, [...known, ...added]);
}

/** Written by the program that knew only migration 0001: 22 rows, no key, and the attempt 8C3P-11AB is open. */
const first = fileURLToPath(new URL('../fixtures/journal-0001.sqlite', import.meta.url));

/** A journal as a program left it that knew only the first so many migrations. */
function journalOfVersion(version: number): string {
  const path = journalPath();
  copyFileSync(first, path);
  // Keyed since 0002: before that, nothing but a file was left.
  if (version > 1) openJournal(path, programOf(path, readMigrations().slice(0, version))).close();
  return path;
}

const earlierVersions = readMigrations()
  .slice(1)
  .map((_, index) => index + 1);

describe('a newer program', () => {
  it.each(earlierVersions)(
    'goes on with a journal of version %i, and finds what is in it',
    (version) => {
      const path = journalOfVersion(version);
      expect(faultOf(() => openJournalToRead(path)).message).toContain(`version ${version}`);
      const journal = openJournal(path);
      expect(journal.verify()).toEqual({ kind: 'whole', rows: 23 });
      const [open] = journal.unsettled();
      expect(open).toMatchObject({ attempt: '8C3P-11AB' });
      expect(journal.attempt('8C3P-11AB')).toEqual(open);
      const { cardNumber }: { cardNumber: string } = JSON.parse(open?.body ?? '');
      expect(journal.attemptsOfCard(cardNumber, 1)).toEqual([open]);
      journal.append([step('8C3P-11AB', 'payment-captured', { settled: true })]);
      expect(journal.closeBooks(Date.now(), 'now')).not.toBeNull();
      expect(journal.verify()).toEqual({ kind: 'whole', rows: 25 });
      journal.close();
    },
  );

  it('takes a journal as it is, a body that is damaged with it: that is for verify to name', () => {
    const beforeLookups = 3;
    const path = journalOfVersion(beforeLookups);
    const older = openJournal(path, programOf(path, readMigrations().slice(0, beforeLookups)));
    for (let n = 0; n < 70; n += 1) older.append([step('C', 'payment-approved')]);
    older.close();
    tamper(
      path,
      'PRAGMA ignore_check_constraints = ON',
      "UPDATE step SET body = '{' WHERE seq = 3",
    );
    const journal = openJournal(path);
    expect(journal.verify()).toMatchObject({ kind: 'broken', row: 3 });
    journal.close();
  });

  it('brings an older journal up to date and keeps every row', () => {
    const path = writtenJournal();
    const later = laterProgram(
      path,
      'CREATE INDEX step_by_kind ON step (kind)',
      'CREATE TABLE a (b)',
    );
    const journal = openJournal(path, later);
    journal.append([step('A-7', 'payment-approved')]);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 23 });
    journal.close();
    openJournal(path, later).close();
  });

  it('does a migration whole or not at all', () => {
    const path = writtenJournal();
    const broken = laterProgram(path, 'CREATE TABLE first_half (b); CREATE TABLE step (b);');
    expect(faultOf(() => openJournal(path, broken)).kind).toBe('corrupt');
    const journal = openJournal(path);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 22 });
    journal.close();
  });

  it('asks to be started once before an older journal can be looked at', () => {
    const path = writtenJournal();
    const fault = faultOf(() => openJournalToRead(path, laterProgram(path, 'CREATE TABLE a (b)')));
    expect(fault.message).toContain('Start the kiosk on it once');
  });
});

describe('an older program', () => {
  it('leaves a newer journal alone and says what to install', () => {
    const path = writtenJournal();
    openJournal(path, laterProgram(path, 'CREATE TABLE a (b)')).close();
    for (const open of [openJournal, openJournalToRead]) {
      const fault = faultOf(() => open(path));
      expect(fault.kind).toBe('read-only');
      expect(fault.message).toContain(
        `${path} was written by a newer AddValue (version ${readMigrations().length + 1}`,
      );
    }
  });
});

describe('the migrations', () => {
  it('are numbered without gaps', () => {
    const path = journalPath();
    const folder = laterProgram(path).migrationsFolder;
    writeFileSync(new URL('0009-too-far.sql', folder), 'CREATE TABLE a (b)');
    expect(() => readMigrations(folder)).toThrow(
      `0009-too-far.sql is not migration ${readMigrations().length + 1}`,
    );
  });
});

describe('a path that is not right', () => {
  it('to another SQLite file leaves that file as it is', () => {
    const path = journalPath();
    const db = new Database(path);
    db.exec('CREATE TABLE somebody_elses (b)');
    db.close();
    const fault = faultOf(() => openJournal(path));
    expect(fault.kind).toBe('corrupt');
    expect(fault.message).toContain('is not an AddValue journal');
    expect(faultOf(() => openJournalToRead(path)).message).toContain(path);
  });

  it('to a folder that is missing names the path and what to look at', () => {
    const path = join(journalPath(), 'missing', 'journal.db');
    for (const open of [openJournal, openJournalToRead]) {
      const fault = faultOf(() => open(path));
      expect(fault.kind).toBe('read-only');
      expect(fault.message).toContain(path);
      expect(fault.message).toContain('does not exist. Make it');
    }
  });

  it('to a folder says that it cannot be opened', () => {
    const path = dirname(journalPath());
    for (const open of [openJournal, openJournalToRead]) {
      const fault = faultOf(() => open(path));
      expect(fault.kind).toBe('read-only');
      expect(fault.message).toContain('it is not a file');
    }
  });

  it('makes no journal for somebody who only wants to look', () => {
    const path = journalPath();
    expect(faultOf(() => openJournalToRead(path)).kind).toBe('read-only');
    expect(existsSync(path)).toBe(false);
  });
});
