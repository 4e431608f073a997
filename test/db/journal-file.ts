import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { type JournalEntry, JournalFault } from '../../db/port.ts';
import { openJournal } from '../../db/sqlite-journal.ts';

/** Where a journal can be for one test. */
export function journalPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'journal.db');
}

export function step(
  attempt: string,
  kind: string,
  more: Partial<JournalEntry> = {},
): JournalEntry {
  const body = JSON.stringify({ attempt, kind, amountMinor: 5000, card: '•••• •••• 9432' });
  return { wallMs: 1_767_000_000_000, kind, attempt, settled: false, body, ...more };
}

/** The steps of `attempts` top-ups that went well, four each. */
export function topUps(attempts: number): JournalEntry[] {
  return Array.from({ length: attempts }, (_, index) => {
    const attempt = `A-${index + 1}`;
    return [
      step(attempt, 'payment-approved'),
      step(attempt, 'credit-ready'),
      step(attempt, 'credit-done'),
      step(attempt, 'payment-captured', { settled: true }),
    ];
  }).flat();
}

/** A journal of five top-ups and a sixth one that is still open, closed again: 22 rows. */
export function writtenJournal(): string {
  const path = journalPath();
  const journal = openJournal(path);
  journal.append([...topUps(5), step('A-6', 'payment-approved'), step('A-6', 'credit-unknown')]);
  journal.close();
  return path;
}

/** What somebody with a database tool can do: any SQL, once the guards are out of the way. */
export function tamper(path: string, ...sql: readonly string[]): void {
  const db = new Database(path);
  try {
    const guards = db
      .prepare<[], { name: string; sql: string }>(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'",
      )
      .all();
    for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`);
    for (const each of sql) db.exec(each);
    for (const guard of guards) db.exec(guard.sql);
  } finally {
    db.close();
  }
}

/** The JournalFault that `deed` throws. */
export function faultOf(deed: () => unknown): JournalFault {
  try {
    deed();
  } catch (error) {
    if (error instanceof JournalFault) return error;
    throw error;
  }
  throw new Error('no JournalFault was thrown');
}
