import { describe, expect, test } from 'vitest';
import type { JournalRow } from '../../db/port.ts';
import { attemptOf, entryOf, UnreadableAttempt } from '../../main/runtime/attempt-record.ts';
import { freshAttempt, marked, momentAt, proved } from '../support/attempt.ts';

const attempt = {
  ...freshAttempt,
  money: 'captured',
  card: 'written',
  loadMark: marked,
  proof: proved,
} as const;

function row(body: string): JournalRow {
  const entry = entryOf(attempt, 'credit-proved', momentAt(5));
  return { ...entry, body, seq: 12, hash: '', previousHash: '' };
}

describe('an attempt in the journal', () => {
  test('comes back as it was written', () => {
    expect(attemptOf(row(JSON.stringify(attempt)))).toEqual(attempt);
  });

  test('is marked settled when nothing is left to do', () => {
    expect(entryOf(attempt, 'x', momentAt(0)).settled).toBe(true);
    const open = { ...attempt, money: 'authorised', card: 'writing', proof: null } as const;
    expect(entryOf(open, 'x', momentAt(0)).settled).toBe(false);
  });

  test.each([
    ['none', null],
    ['printing', null],
    ['not-printed', null],
    ['printed', 'top-up'],
    ['maybe-printed', 'top-up'],
  ] as const)(
    'of a version that printed once (%s) can give no second original',
    (paper, onPaper) => {
      const { onPaper: _unknown, ...older } = { ...attempt, paper };
      expect(attemptOf(row(JSON.stringify(older)))).toEqual({ ...attempt, paper, onPaper });
    },
  );

  test.each([
    ['is not JSON', '{', 'JSON'],
    ['has a money state of another version', change({ money: 'escrowed' }), 'money'],
    ['has half a fen', change({ amountMinor: 0.5 }), 'amountMinor'],
    ['has a field that nobody knows', change({ bonus: 1 }), 'bonus'],
    ['lacks its card', change({ cardNumber: undefined }), 'cardNumber'],
  ])('that %s is named with its row', (_what, body, named) => {
    expect(() => attemptOf(row(body))).toThrow(UnreadableAttempt);
    expect(() => attemptOf(row(body))).toThrow('journal row 12 (7K2M-94QX)');
    expect(() => attemptOf(row(body))).toThrow(named);
  });
});

function change(fields: object): string {
  return JSON.stringify({ ...attempt, ...fields });
}
