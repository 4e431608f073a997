import { createPublicKey, verify as verifySignature } from 'node:crypto';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf, keyedBy } from '../../db/chain.ts';
import { type Closing, closingIn, signedText } from '../../db/closing.ts';
import { closingLines } from '../../db/closing-lines.ts';
import { newKey } from '../../db/key.ts';
import { readKey, usualKeyFile } from '../../db/key-file.ts';
import type { JournalEntry } from '../../db/port.ts';
import {
  type BookkeepingJournal,
  openJournal,
  openJournalToRead,
} from '../../db/sqlite-journal.ts';
import { runCli } from './cli.ts';
import { faultOf, journalPath, step, tamper } from './journal-file.ts';

const zone = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'Asia/Shanghai';
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** 2 March 2026, 08:00 in Shanghai. */
const morningMs = Date.UTC(2026, 2, 2, 0, 0, 0);

/** A step of an attempt as the kiosk writes it down. */
function money(
  attempt: string,
  state: string,
  { means = 'bank-card', amountMinor = 5_000, wallMs = morningMs } = {},
): JournalEntry {
  const settled = ['captured', 'reversed', 'uncollected', 'declined'].includes(state);
  const body = JSON.stringify({ amountMinor, means: { id: means }, money: state });
  return step(attempt, `payment-${state}`, { body, settled, wallMs });
}

function said(journal: BookkeepingJournal, wallMs: number): Closing | null {
  const signed = journal.closeBooks(wallMs, 'when-due');
  return signed === null ? null : closingIn(signed.statement);
}

function verifyAt(path: string) {
  const reader = openJournalToRead(path);
  try {
    return reader.verify();
  } finally {
    reader.close();
  }
}

/** A journal whose books were closed for two days. */
function twoDays(): string {
  const path = journalPath();
  const journal = openJournal(path);
  journal.append([money('A-1', 'authorised'), money('A-1', 'captured')]);
  journal.append([money('A-2', 'authorised')]);
  journal.closeBooks(morningMs + 17 * hourMs, 'when-due');
  journal.append([money('A-2', 'reversed')]);
  journal.closeBooks(morningMs + 41 * hourMs, 'when-due');
  journal.append([money('A-3', 'declined')]);
  journal.close();
  return path;
}

describe('the books of a day', () => {
  it('are closed once after midnight, with counts and sums by means of payment and outcome', () => {
    const journal = openJournal(journalPath());
    journal.append([money('A-1', 'authorised'), money('A-1', 'captured')]);
    // The slip of a settled attempt comes later, and is no second payment.
    journal.append([money('A-1', 'captured')]);
    journal.append([money('A-2', 'authorised'), money('A-2', 'captured', { amountMinor: 7_000 })]);
    journal.append([money('A-3', 'authorising'), money('A-3', 'declined')]);
    journal.append([money('A-4', 'authorised'), money('A-4', 'reversed')]);
    const mobile = { means: 'mobile', amountMinor: 300 };
    journal.append([money('A-5', 'authorised', mobile), money('A-5', 'uncollected', mobile)]);
    journal.append([money('A-6', 'authorised')]);
    const evening = morningMs + 15 * hourMs;
    expect(said(journal, evening)).toBeNull();
    const midnight = morningMs + 16 * hourMs;
    expect(said(journal, midnight + 3_000)).toMatchObject({
      closing: 1,
      firstDay: '2026-03-02',
      lastDay: '2026-03-02',
      fromMs: morningMs,
      toMs: midnight + 3_000,
      firstSeq: 1,
      lastSeq: 12,
      figures: [
        { means: 'bank-card', outcome: 'captured', count: 2, sumMinor: 12_000 },
        { means: 'bank-card', outcome: 'reversed', count: 1, sumMinor: 5_000 },
        { means: 'bank-card', outcome: 'declined', count: 1, sumMinor: 5_000 },
        { means: 'mobile', outcome: 'uncollected', count: 1, sumMinor: 300 },
      ],
      open: [{ attempt: 'A-6', means: 'bank-card', amountMinor: 5_000 }],
      previousSignature: null,
    });
    expect(said(journal, midnight + minuteMs)).toBeNull();
    expect(journal.newest(1)[0]).toMatchObject({ kind: 'books-closed', settled: true });
    journal.close();
  });

  it('count what was open in the day in which it ends', () => {
    const journal = openJournal(journalPath());
    journal.append([money('A-1', 'authorised')]);
    journal.closeBooks(morningMs + dayMs, 'when-due');
    journal.append([money('A-1', 'reversed')]);
    expect(said(journal, morningMs + 2 * dayMs)).toMatchObject({
      closing: 2,
      firstDay: '2026-03-03',
      lastDay: '2026-03-03',
      figures: [{ outcome: 'reversed', count: 1, sumMinor: 5_000 }],
      open: [],
    });
    expect(journal.verify()).toMatchObject({ kind: 'whole' });
    journal.close();
  });

  it('are closed for days without business, too', () => {
    const journal = openJournal(journalPath());
    journal.append([money('A-1', 'declined')]);
    journal.closeBooks(morningMs + dayMs, 'when-due');
    for (const day of [2, 3]) {
      // The row that closed the day before is the only one.
      expect(said(journal, morningMs + day * dayMs)).toMatchObject({
        closing: day,
        figures: [],
        firstSeq: day,
        lastSeq: day,
      });
    }
    expect(journal.verify()).toEqual({ kind: 'whole', rows: 4 });
    journal.close();
  });

  it('are closed over the nights that the station was off, in one, at its next start', () => {
    const path = journalPath();
    const first = openJournal(path);
    first.append([money('A-1', 'authorised'), money('A-1', 'captured')]);
    first.closeBooks(morningMs + dayMs, 'when-due');
    first.append([money('A-2', 'authorised'), money('A-2', 'captured')]);
    first.close();
    const later = openJournal(path);
    expect(said(later, morningMs + 5 * dayMs)).toMatchObject({
      firstDay: '2026-03-03',
      lastDay: '2026-03-06',
      figures: [{ outcome: 'captured', count: 1 }],
    });
    expect(said(later, morningMs + 5 * dayMs + hourMs)).toBeNull();
    later.close();
  });

  it('are not closed again by a clock that is set back an hour, but by one that was days ahead', () => {
    const journal = openJournal(journalPath());
    journal.append([money('A-1', 'declined')]);
    const midnight = morningMs + 16 * hourMs;
    expect(said(journal, midnight + 1_000)).not.toBeNull();
    expect(said(journal, midnight - hourMs)).toBeNull();
    expect(said(journal, midnight + 1_000)).toBeNull();
    expect(said(journal, midnight + 300 * dayMs)).not.toBeNull();
    expect(said(journal, midnight + dayMs)).toMatchObject({ closing: 3 });
    expect(journal.verify()).toMatchObject({ kind: 'whole' });
    journal.close();
  });

  it('of a journal without rows are not closed', () => {
    const journal = openJournal(journalPath());
    expect(said(journal, morningMs)).toBeNull();
    journal.close();
  });

  it('hold rows that say nothing of money without stumbling', () => {
    const journal = openJournal(journalPath());
    for (const body of ['[]', 'null', '{"money":7,"amountMinor":1.5,"means":[]}']) {
      journal.append([step('A-1', 'x', { body, wallMs: morningMs })]);
      journal.append([step('A-1', 'x', { body, settled: true })]);
    }
    expect(said(journal, morningMs + dayMs)?.figures).toEqual([
      { means: '?', outcome: 'unknown', count: 3, sumMinor: 0 },
    ]);
    journal.close();
  });
});

describe('a closing that is on the disk', () => {
  it('can be checked by whoever has the public key alone', async () => {
    const path = twoDays();
    const reader = openJournalToRead(path);
    const pem = (await runCli('public-key', path)).out;
    const [first, second] = reader.closings();
    reader.close();
    for (const { statement, signature } of [first, second].flatMap((each) => each ?? [])) {
      const text = Buffer.from(`AddValue closing\n${statement}`);
      const bytes = Buffer.from(signature, 'base64');
      expect(verifySignature(null, text, createPublicKey(pem), bytes)).toBe(true);
      text[30] = (text[30] ?? 0) ^ 1;
      expect(verifySignature(null, text, createPublicKey(pem), bytes)).toBe(false);
    }
    expect(closingIn(second?.statement ?? '')?.previousSignature).toBe(first?.signature);
  });

  it.each([
    [
      "UPDATE closing SET statement = replace(statement, '5000', '9000') WHERE number = 1",
      4,
      /as it was signed/,
    ],
    [
      'UPDATE closing SET signature = (SELECT signature FROM closing WHERE number = 1) WHERE number = 2',
      6,
      /as it was signed/,
    ],
    ['DELETE FROM closing WHERE number = 2', 6, /closing 2, of which it tells, is missing/],
    ['DELETE FROM closing WHERE number = 1', 4, /not the one of which it tells|is missing/],
    [
      'INSERT INTO closing SELECT 3, last_seq, statement, signature FROM closing WHERE number = 2',
      7,
      /closing 3 is in no row/,
    ],
    ["UPDATE closing SET statement = '{}' WHERE number = 1", 4, /as it was signed/],
  ])('and is tampered with is found out: %s', (sql, row, what) => {
    const path = twoDays();
    expect(verifyAt(path)).toEqual({ kind: 'whole', rows: 7 });
    tamper(path, sql);
    expect(verifyAt(path)).toEqual({ kind: 'broken', row, what: expect.stringMatching(what) });
  });

  it('and says what the rows do not bear out is found out, though whoever wrote it had the key', () => {
    const path = twoDays();
    const key = readKey(usualKeyFile(path));
    const reader = openJournalToRead(path);
    const statement = reader.closings()[1]?.statement ?? '';
    const rows = reader.rows(4, 3);
    reader.close();
    const forged = statement.replace('"count":1', '"count":2');
    expect(forged).not.toBe(statement);
    const signature = key.sign(signedText(forged));
    const sql = [
      `UPDATE closing SET statement = '${forged}', signature = '${signature}' WHERE number = 2`,
    ];
    // The row that tells of it, and the one after, hashed anew.
    let previousHash = rows[0]?.hash ?? '';
    for (const row of rows.slice(1)) {
      const body = row.seq === 6 ? JSON.stringify({ closing: 2, signature }) : row.body;
      const hash = hashOf(keyedBy(key), previousHash, row.seq, { ...row, body });
      sql.push(
        `UPDATE step SET body = '${body}', previous_hash = '${previousHash}', hash = '${hash}' WHERE seq = ${row.seq}`,
      );
      previousHash = hash;
    }
    tamper(path, ...sql);
    expect(verifyAt(path)).toEqual({
      kind: 'broken',
      row: 6,
      what: 'closing 2 does not agree with the rows before it',
    });
  });

  it('cannot be changed, deleted or put in between by SQL alone', () => {
    const db = new Database(twoDays());
    for (const [sql, refusal] of [
      ["UPDATE closing SET statement = '{}'", /never changed/],
      ['DELETE FROM closing', /never deleted/],
      [
        'INSERT INTO closing SELECT 9, last_seq, statement, signature FROM closing WHERE number = 1',
        /follows the last one/,
      ],
    ] as const) {
      expect(() => db.exec(sql)).toThrow(refusal);
    }
    db.close();
  });

  it('is not signed by another key', () => {
    expect(newKey().hasSigned('x', newKey().sign('x'))).toBe(false);
    const key = newKey();
    expect(key.hasSigned('x', key.sign('x'))).toBe(true);
    expect(key.hasSigned('x', 'no signature')).toBe(false);
  });
});

describe('a closing for people', () => {
  it('can be printed on narrow paper, line by line', () => {
    const path = twoDays();
    const reader = openJournalToRead(path);
    const [first] = reader.closings();
    reader.close();
    const closing = closingIn(first?.statement ?? '');
    if (first === undefined || closing === null) throw new Error('there is no closing');
    for (const width of [32, 42, 48]) {
      const lines = closingLines(closing, first.signature, width, String);
      for (const line of lines) {
        expect(line.length, line).toBeLessThanOrEqual(width);
        expect(line).toMatch(/^[\x20-\x7e]*$/);
      }
      expect(lines.join('').replaceAll(' ', '')).toContain(first.signature);
    }
    expect(closingLines(closing, first.signature, 42, String).slice(0, 10)).toEqual([
      'CLOSING 1                       2026-03-02',
      'from                   2026-03-02 08:00:00',
      'to                     2026-03-03 01:00:00',
      'rows                                 1 - 3',
      '------------------------------------------',
      'bank-card',
      '  captured                  1         5000',
      '------------------------------------------',
      '  open                      1         5000',
      '  A-2 bank-card                       5000',
    ]);
  });

  it('is shown by the command line, with what verify says of all', async () => {
    const path = twoDays();
    const { code, out } = await runCli('closings', path, '--currency', 'CNY');
    expect(code).toBe(0);
    expect(out).toContain('CLOSING 2');
    expect(out).toMatch(/captured +1 +50\.00\n/);
    expect(out).toContain('Closings: 2, each as it was signed');
    const json = (await runCli('closings', path, '--json')).out.trimEnd().split('\n');
    expect(json.map((line): string => JSON.parse(line).signature.slice(-2))).toEqual(['==', '==']);

    tamper(path, "UPDATE closing SET statement = '{}' WHERE number = 1");
    const broken = await runCli('closings', path);
    expect([broken.code, broken.out]).toEqual([1, expect.stringContaining('cannot be read: {}')]);
    expect(broken.err).toContain('closing 1 is not as it was signed');
    expect((await runCli('closings', path, '--currency', 'XXX')).code).toBe(2);
  });

  it('can be had at any time while the station is stopped, and not while it runs', async () => {
    const path = twoDays();
    const { code, out } = await runCli('close', path);
    expect([code, out]).toEqual([0, expect.stringContaining('CLOSING 3')]);
    expect(verifyAt(path)).toEqual({ kind: 'whole', rows: 8 });
    const journal = openJournal(path);
    const busy = await runCli('close', path);
    expect([busy.code, busy.err]).toEqual([2, expect.stringContaining('another AddValue process')]);
    journal.close();
    const missing = journalPath();
    expect((await runCli('close', missing)).code).toBe(2);
    expect(faultOf(() => openJournalToRead(missing)).kind).toBe('read-only');
  });
});
