import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openJournal, openJournalToRead } from '../../db/sqlite-journal.ts';
import { faultOf, journalPath, step } from './journal-file.ts';

const appender = fileURLToPath(new URL('./append-until-killed.ts', import.meta.url));

/** Start a process that appends, and kill it once it has acknowledged `rows` more. Answers the last seq it acknowledged. */
async function appendUntilKilled(path: string, rows: number, meanwhile?: () => void) {
  const child = spawn(process.execPath, [appender, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let first: number | null = null;
  let acknowledged = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    first ??= acknowledged;
    if (acknowledged - first < rows || child.killed) continue;
    meanwhile?.();
    child.kill('SIGKILL');
  }
  await exited;
  return acknowledged;
}

describe('a kiosk that is killed in the middle of its work', () => {
  it('has every step that it was told is durable, and the chain is whole', async () => {
    const path = journalPath();
    let rows = 0;
    for (const more of [2, 60, 250]) {
      const acknowledged = await appendUntilKilled(path, more);
      expect(acknowledged).toBeGreaterThan(rows);

      const reader = openJournalToRead(path);
      rows = reader.newest(1)[0]?.seq ?? 0;
      expect(rows).toBeGreaterThanOrEqual(acknowledged);
      expect(rows % 2, 'two steps of one moment').toBe(0);
      expect(reader.verify()).toEqual({ kind: 'whole', rows });
      reader.close();
    }
    const journal = openJournal(path);
    expect(journal.unsettled().length).toBeGreaterThan(0);
    journal.append([step('A-last', 'credit-done', { settled: true })]);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: rows + 1 });
    journal.close();
  }, 30_000);
});

describe('while the kiosk writes', () => {
  it('a second writer is refused, and whoever only reads is not', async () => {
    const path = journalPath();
    let looked = false;
    await appendUntilKilled(path, 20, () => {
      const fault = faultOf(() => openJournal(path));
      expect(fault.kind).toBe('busy');
      expect(fault.message).toContain(path);
      expect(fault.message).toContain('Stop that process');

      const reader = openJournalToRead(path);
      expect(reader.verify()).toMatchObject({ kind: 'whole' });
      reader.close();
      looked = true;
    });
    expect(looked).toBe(true);

    const journal = openJournal(path);
    expect(journal.verify().kind).toBe('whole');
    journal.close();
  }, 30_000);

  it('the same process cannot open it twice either, until it has closed it', () => {
    const path = journalPath();
    const first = openJournal(path);
    expect(faultOf(() => openJournal(path)).kind).toBe('busy');
    first.append([step('A-1', 'credit-done')]);
    first.close();
    openJournal(path).close();
  });

  it('a reader sees each step as soon as it is durable', () => {
    const path = journalPath();
    const journal = openJournal(path);
    const reader = openJournalToRead(path);
    journal.append([step('A-1', 'payment-approved')]);
    expect(reader.unsettled().map((row) => row.kind)).toEqual(['payment-approved']);
    journal.append([step('A-1', 'credit-done', { settled: true })]);
    expect(reader.unsettled()).toEqual([]);
    expect(reader.verify()).toEqual({ kind: 'whole', rows: 2 });
    reader.close();
    journal.close();
  });
});
