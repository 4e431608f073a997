import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../db/sqlite-journal.ts';
import { faultOf, step, tamper, topUps, writtenJournal } from './journal-file.ts';

describe('the attempts that are still open', () => {
  it('are given by their last step, the oldest attempt first', () => {
    const journal = openJournal(':memory:');
    journal.append(topUps(2));
    journal.append([step('B', 'payment-approved'), step('C', 'payment-approved')]);
    journal.append([step('B', 'credit-unknown')]);
    expect(journal.unsettled().map(({ attempt, kind, seq }) => [attempt, kind, seq])).toEqual([
      ['B', 'credit-unknown', 11],
      ['C', 'payment-approved', 10],
    ]);
    journal.close();
  });

  it('are forgotten once settled, and remembered when something turns up later', () => {
    const journal = openJournal(':memory:');
    journal.append([step('B', 'payment-approved'), step('C', 'payment-approved')]);
    journal.append([step('B', 'payment-captured', { settled: true })]);
    expect(journal.unsettled().map((row) => row.attempt)).toEqual(['C']);
    journal.append([step('B', 'payment-reversal-unknown')]);
    expect(journal.unsettled().map((row) => row.attempt)).toEqual(['C', 'B']);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 4 });
    journal.close();
  });

  it('survive a restart', () => {
    const journal = openJournal(writtenJournal());
    expect(journal.unsettled().map((row) => [row.attempt, row.kind])).toEqual([
      ['A-6', 'credit-unknown'],
    ]);
    journal.close();
  });

  it('are found without walking the steps, however many there are', () => {
    const db = new Database(writtenJournal(), { readonly: true });
    const plan = db
      .prepare<[], { detail: string }>(
        'EXPLAIN QUERY PLAN SELECT * FROM open_attempt JOIN step ON seq = last_seq ORDER BY first_seq',
      )
      .all();
    db.close();
    const details = plan.map((row) => row.detail);
    expect(details).toContain('SCAN open_attempt');
    expect(details).toContain('SEARCH step USING INTEGER PRIMARY KEY (rowid=?)');
  });
});

describe('a list of open attempts that was tampered with', () => {
  it.each([
    ['lost an attempt', ['DELETE FROM open_attempt'], 22],
    ['names an older step', ['UPDATE open_attempt SET last_seq = 21'], 22],
    ['holds a settled attempt', ["INSERT INTO open_attempt VALUES ('A-5', 17, 20)"], 20],
  ])('%s: the kiosk does not start on it, and verify sees it', (_, sql, row) => {
    const path = writtenJournal();
    const open = openJournal(path);
    tamper(path, ...sql);
    expect(open.verify()).toMatchObject({ kind: 'broken' });
    open.close();
    const fault = faultOf(() => openJournal(path));
    expect(fault.kind).toBe('corrupt');
    expect(fault.message).toContain(`Row ${row} of ${path}`);
  });
});
