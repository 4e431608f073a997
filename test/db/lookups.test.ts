import { describe, expect, it } from 'vitest';
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
});
