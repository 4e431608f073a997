import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../../../hardware/card/pboc/read-log-record.ts';
import {
  bothLogs,
  hearLog,
  judgeWithoutProof,
  type LoadInQuestion,
} from '../../../../hardware/card/pboc/verdict.ts';

const load: LoadInQuestion = {
  purse: 'ep',
  amount: 5_000,
  terminal: '000001000050',
  dateTime: '20260302160000',
  balanceBefore: 1_000,
  counterBefore: 4,
};

const ours: LogRecord = {
  counter: 5,
  overdraftLimit: 0,
  amount: 5_000,
  transactionType: 0x02,
  terminal: '000001000050',
  dateTime: '20260302160000',
};

describe('the card’s log', () => {
  it('testifies for our load by amount, terminal, date, time and counter together', () => {
    expect(hearLog([ours], load, 'n+1')).toBe('ours');
    expect(hearLog([{ ...ours, counter: 4 }], load, 'n')).toBe('ours');
  });

  it.each([{ amount: 5_001 }, { terminal: '000001000051' }, { dateTime: '20260302160001' }])(
    'names another load at our counter by %o',
    (difference) => {
      expect(hearLog([{ ...ours, ...difference }], load, 'n+1')).toBe('anothers');
    },
  );

  it('that has our row under an unexpected counter contradicts, whoever else is in it', () => {
    const previous = { ...ours, counter: 4, terminal: '0000000000BB' };
    expect(hearLog([ours, previous], load, 'n')).toBe('contradicts');
    expect(hearLog([previous, ours], load, 'n')).toBe('contradicts');
  });

  it('takes a gate’s row with the same number for no load: gates count for themselves', () => {
    expect(hearLog([{ ...ours, transactionType: 0x06 }], load, 'n+1')).toBe('silent');
  });

  it('of a deposit purse knows that an unload uses up a counter as a load does', () => {
    const deposit: LoadInQuestion = { ...load, purse: 'ed' };
    expect(hearLog([{ ...ours, transactionType: 0x03 }], deposit, 'n+1')).toBe('anothers');
    expect(hearLog([ours], deposit, 'n+1')).toBe('silent');
  });

  it('is silent when it is empty', () => {
    expect(hearLog([], load, 'n+1')).toBe('silent');
  });
});

describe('two logs together', () => {
  it.each([
    ['silent', 'silent', 'silent'],
    ['ours', 'silent', 'ours'],
    ['ours', 'ours', 'ours'],
    ['anothers', 'silent', 'anothers'],
    ['anothers', 'anothers', 'anothers'],
    ['ours', 'anothers', 'contradicts'],
    ['contradicts', 'silent', 'contradicts'],
    ['contradicts', 'ours', 'contradicts'],
    ['contradicts', 'anothers', 'contradicts'],
  ] as const)('%s and %s: %s, whichever says which', (one, other, together) => {
    expect(bothLogs(one, other)).toBe(together);
    expect(bothLogs(other, one)).toBe(together);
  });
});

describe('without a proof', () => {
  it.each([
    // log, balance, live counter, verdict
    ['silent', 1_000, 4, 'not-loaded'],
    ['silent', 300, 4, 'not-loaded'],
    ['anothers', 1_000, 4, 'not-loaded'],
    ['anothers', 6_000, 5, 'not-loaded'],
    ['anothers', 6_000, null, 'not-loaded'],
    ['silent', 6_000, 4, 'undecided'],
    ['silent', 6_000, 5, 'undecided'],
    ['silent', 1_000, 5, 'undecided'],
    ['silent', 1_000, 6, 'undecided'],
    ['silent', 1_000, 3, 'undecided'],
    ['anothers', 1_000, 3, 'undecided'],
    ['silent', 1_000, null, 'undecided'],
    ['contradicts', 1_000, 4, 'undecided'],
    ['contradicts', 6_000, 5, 'undecided'],
  ] as const)('log %s, balance %i, counter %s: %s', (log, balance, counter, verdict) => {
    expect(judgeWithoutProof(load, log, balance, counter).kind).toBe(verdict);
  });
});
