import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { attemptSql, attemptsOfCardSql } from '../../db/lookups.ts';
import type { JournalEntry } from '../../db/port.ts';
import { openJournal, openJournalToRead } from '../../db/sqlite-journal.ts';
import { faultOf, journalPath, step, tamper } from './journal-file.ts';

/** A step of an attempt with this card. */
function ofCard(attempt: string, kind: string, cardNumber: string, settled = false): JournalEntry {
  return step(attempt, kind, { settled, body: JSON.stringify({ attempt, kind, cardNumber }) });
}

/** The top-ups of two people who came by turns; the first one's first top-up was settled last. */
const turns = [
  ofCard('A-1', 'payment-approved', '1001'),
  ofCard('B-1', 'payment-approved', '1002'),
  ofCard('B-1', 'payment-captured', '1002', true),
  ofCard('A-2', 'payment-approved', '1001'),
  ofCard('A-2', 'payment-captured', '1001', true),
  ofCard('A-3', 'payment-approved', '1001'),
  ofCard('A-3', 'payment-captured', '1001', true),
  ofCard('A-1', 'payment-reversed', '1001', true),
  ofCard('A-1', 'receipt-printed', '1001', true),
];

function writtenTurns(): string {
  const path = journalPath();
  const journal = openJournal(path);
  journal.append(turns);
  journal.close();
  return path;
}

describe('somebody who asks what became of their money', () => {
  it('is told with their card: the top-up that began last first, each as it stands now', () => {
    const journal = openJournal(':memory:');
    journal.append(turns);
    expect(journal.attemptsOfCard('1001', 10).map(({ attempt, kind }) => [attempt, kind])).toEqual([
      ['A-3', 'payment-captured'],
      ['A-2', 'payment-captured'],
      ['A-1', 'receipt-printed'],
    ]);
    expect(journal.attemptsOfCard('1001', 2).map(({ attempt }) => attempt)).toEqual(['A-3', 'A-2']);
    expect(journal.attemptsOfCard('1002', 10)).toEqual([journal.rows(2, 1)[0]]);
    expect(journal.attemptsOfCard('100', 10)).toEqual([]);
    journal.close();
  });

  it('is told with the number on their slip', () => {
    const journal = openJournal(':memory:');
    journal.append(turns);
    expect(journal.attempt('A-1')).toEqual(journal.newest(1)[0]);
    expect(journal.attempt('B-1')).toMatchObject({ seq: 3, kind: 'payment-captured' });
    expect(journal.attempt('A-9')).toBeNull();
    journal.close();
  });

  it('is not shown rows about the journal itself', () => {
    const journal = openJournal(':memory:');
    journal.append(turns);
    journal.closeBooks(1_767_000_000_000, 'now');
    expect(journal.newest(1)[0]?.attempt).toBe('-');
    expect(journal.attempt('-')).toBeNull();
    journal.close();
  });

  it('is told the same by a journal that somebody only reads', () => {
    const path = writtenTurns();
    const reader = openJournalToRead(path);
    expect(reader.attempt('A-1')).toMatchObject({ kind: 'receipt-printed', settled: true });
    expect(reader.attemptsOfCard('1001', 1)).toMatchObject([{ attempt: 'A-3' }]);
    reader.close();
  });

  it.each([
    [attemptSql, ['A-1']],
    [attemptsOfCardSql, ['1001', 10]],
  ])('is found without walking the steps, however many there are: %s', (sql, values) => {
    const db = new Database(writtenTurns(), { readonly: true });
    const plan = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    const deeds = plan.all(...values).map(({ detail }) => detail);
    db.close();
    expect(deeds.length).toBeGreaterThan(0);
    expect(deeds.filter((deed) => /SCAN (step|began)/.test(deed))).toEqual([]);
  });
});

describe('an answer about money that was tampered with is not given', () => {
  it.each([
    ["UPDATE step SET body = replace(body, 'captured', 'reversed') WHERE seq = 7", 'A-3', 7],
    ['UPDATE step SET settled = 0 WHERE seq = 7', 'A-3', 7],
    ["UPDATE step SET attempt = 'A-4' WHERE seq = 7", 'A-4', 7],
  ])('%s', (sql, reference, row) => {
    const path = writtenTurns();
    tamper(path, sql);
    const reader = openJournalToRead(path);
    for (const ask of [() => reader.attempt(reference), () => reader.attemptsOfCard('1001', 10)]) {
      const fault = faultOf(ask);
      expect(fault.kind).toBe('corrupt');
      expect(fault.message).toContain(`Row ${row} of ${path}`);
    }
    expect(reader.attempt('B-1')).toMatchObject({ seq: 3 });
    reader.close();
  });

  it('nor one that is listed under another card: the list is in no hash', () => {
    const path = writtenTurns();
    const bytes = readFileSync(path);
    // The second person's first row in step_by_card: a text of 4 bytes and an integer of one (SQLite's file format, 2.1).
    const listed = bytes.indexOf(Buffer.from('\x03\x15\x011002\x02', 'latin1'));
    bytes.write('1001', listed + 3);
    writeFileSync(path, bytes);
    const reader = openJournalToRead(path);
    expect(faultOf(() => reader.attemptsOfCard('1001', 10)).message).toContain(`Row 3 of ${path}`);
    expect(reader.verify()).toMatchObject({
      kind: 'broken',
      what: expect.stringContaining('step_by_card'),
    });
    reader.close();
  });

  it('nor one of a body that is no JSON any more, which keeps nothing else from being found', () => {
    const path = writtenTurns();
    const journal = openJournal(path);
    for (let n = 0; n < 70; n += 1) journal.append([ofCard(`C-${n}`, 'payment-approved', '1003')]);
    journal.close();
    tamper(
      path,
      'PRAGMA ignore_check_constraints = ON',
      "UPDATE step SET body = '{' WHERE seq = 3",
    );
    const opened = openJournal(path);
    opened.append([ofCard('A-4', 'payment-approved', '1001')]);
    expect(opened.attemptsOfCard('1001', 1)).toMatchObject([{ attempt: 'A-4' }]);
    expect(faultOf(() => opened.attempt('B-1')).message).toContain(`Row 3 of ${path}`);
    expect(opened.verify()).toMatchObject({ kind: 'broken', row: 3 });
    opened.close();
  });
});
