import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { chainStart, hashOf, keyedBy, unkeyed } from '../../db/chain.ts';
import { readKey, usualKeyFile } from '../../db/key-file.ts';
import { openToWrite } from '../../db/open.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import { faultOf, journalPath, step, topUps, writtenJournal } from './journal-file.ts';

describe('a step that was journaled', () => {
  it('is there again after the kiosk has been started anew, field by field', () => {
    const path = journalPath();
    const entry = step('A-1', 'credit-unknown', { body: '{"note":"充值 “¥50”\\n二"}' });
    const first = openJournal(path);
    first.append([entry]);
    first.close();

    const second = openJournal(path);
    const hash = hashOf(keyedBy(readKey(usualKeyFile(path))), chainStart, 1, entry);
    expect(second.rows(0, 10)).toEqual([{ ...entry, seq: 1, previousHash: chainStart, hash }]);
    second.append([step('A-1', 'credit-done')]);
    expect(second.verify()).toEqual({ kind: 'whole', rows: 2 });
    second.close();
  });

  it('is hashed as the four lines that chain.ts describes', () => {
    const entry = { wallMs: 1, kind: 'credit-done', attempt: 'A-1', settled: true, body: '{}' };
    // printf '%s\n1 1 1\n["credit-done","A-1"]\n{}' "$(printf '0%.0s' $(seq 64))" | sha256sum
    expect(hashOf(unkeyed, chainStart, 1, entry)).toBe(
      'da85504bae17be980375e1eb39880e202a797d3c4e0d796275a49052943d9bd7',
    );
  });

  it('names the hash of the step before it', () => {
    const journal = openJournal(':memory:');
    journal.append(topUps(2));
    journal.append([step('A-9', 'payment-approved')]);
    const rows = journal.rows(0, 100);
    expect(rows).toHaveLength(9);
    rows.forEach((row, index) => {
      expect(row.seq).toBe(index + 1);
      expect(row.previousHash).toBe(rows[index - 1]?.hash ?? chainStart);
    });
    journal.close();
  });

  it('can be read page by page, and from the newest', () => {
    const journal = openJournal(':memory:');
    journal.append(topUps(3));
    expect(journal.rows(4, 3).map((row) => row.seq)).toEqual([5, 6, 7]);
    expect(journal.rows(12, 3)).toEqual([]);
    expect(journal.newest(2).map((row) => row.seq)).toEqual([12, 11]);
    journal.close();
  });

  it('is flushed to the disk before append returns', () => {
    const opened = openToWrite(journalPath(), {});
    expect(opened.db.pragma('journal_mode', { simple: true })).toBe('wal');
    const full = 2;
    expect(opened.db.pragma('synchronous', { simple: true })).toBe(full);
    opened.close();
  });
});

describe('nobody rewrites the past', () => {
  it.each([
    ["UPDATE step SET body = '{}' WHERE seq = 3", /never changed/],
    ['UPDATE step SET settled = 1', /never changed/],
    ['DELETE FROM step WHERE seq = 22', /never deleted/],
    ['DELETE FROM step', /never deleted/],
    [
      'INSERT OR REPLACE INTO step SELECT seq, 0, kind, attempt, settled, body, previous_hash, hash FROM step WHERE seq = 3',
      /follows the last one/,
    ],
  ])('refuses %s', (sql, refusal) => {
    const path = writtenJournal();
    const db = new Database(path);
    expect(() => db.exec(sql)).toThrow(refusal);
    db.close();
    const journal = openJournal(path);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 22 });
    journal.close();
  });
});

describe('several steps of one moment', () => {
  it('are written all or not at all', () => {
    const journal = openJournal(':memory:');
    journal.append(topUps(1));
    const half = [
      step('A-2', 'payment-approved'),
      step('A-2', 'credit-done', { body: 'not JSON' }),
    ];
    expect(() => journal.append(half)).toThrow(/json_valid/);
    expect(journal.newest(1)[0]?.seq).toBe(4);
    expect(journal.unsettled()).toEqual([]);

    journal.append([step('A-3', 'payment-approved')]);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 5 });
    journal.close();
  });

  it('may be none', () => {
    const journal = openJournal(':memory:');
    journal.append([]);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 0 });
    journal.close();
  });

  it.each([
    ['no attempt', { attempt: '' }],
    ['no kind', { kind: '' }],
    ['a body that is not JSON', { body: '{' }],
    ['a broken millisecond', { wallMs: 1.5 }],
  ])('a step with %s is refused, and nothing is written', (_, wrong) => {
    const journal = openJournal(':memory:');
    expect(() => journal.append([step('A-1', 'credit-done', wrong)])).toThrow();
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 0 });
    journal.close();
  });
});

describe('a full disk', () => {
  it('refuses the step, says what to do, and the journal is whole and goes on once there is room', () => {
    const path = journalPath();
    const journal = openJournal(path, { maxPages: 40 });
    let written = 0;
    const fault = faultOf(() => {
      for (; written < 10_000; written += 1) journal.append([step(`A-${written}`, 'credit-done')]);
    });
    expect(fault.kind).toBe('disk-full');
    expect(fault.message).toContain(path);
    expect(fault.message).toContain('Free some space');
    expect(written).toBeGreaterThan(50);
    expect(journal.verify()).toEqual({ kind: 'whole', rows: written });
    expect(faultOf(() => journal.append(topUps(20))).kind).toBe('disk-full');
    expect(journal.newest(1)[0]?.seq).toBe(written);
    journal.close();

    const roomy = openJournal(path);
    expect(roomy.unsettled()).toHaveLength(written);
    roomy.append([step('A-0', 'credit-done', { settled: true })]);
    expect(roomy.verify()).toEqual({ kind: 'whole', rows: written + 1 });
    roomy.close();
  });
});
