import { describe, expect, it } from 'vitest';
import type { CardRecord } from '../../../../hardware/card/desfire/card-record.ts';
import {
  type CardBooks,
  judgeLoad,
  type LoadInQuestion,
} from '../../../../hardware/card/desfire/verdict.ts';

const load: LoadInQuestion = {
  amount: 500,
  terminal: '000001000050',
  dateTime: '20260302160000',
  reference: 'AABBCCDDEEFF0011',
  valueBefore: 1_000,
  counted: 'records',
  counterBefore: 7,
};

function record(counter: number, rest: Partial<CardRecord> = {}): CardRecord {
  return {
    counter,
    kind: 'purchase',
    amount: 100,
    terminal: '0000000000AA',
    dateTime: '20260302180000',
    reference: '0000000000000000',
    bytes: new Uint8Array(),
    ...rest,
  };
}

function ours(counter: number, rest: Partial<CardRecord> = {}): CardRecord {
  const { amount, terminal, dateTime, reference } = load;
  return record(counter, { kind: 'load', amount, terminal, dateTime, reference, ...rest });
}

/** Purchases by their counters, newest first. */
function purchases(newest: number, oldest: number): CardRecord[] {
  return Array.from({ length: newest - oldest + 1 }, (_, at) => record(newest - at));
}

type Case = readonly [
  what: string,
  books: Omit<CardBooks, 'transactions'>,
  verdict: string | RegExp,
];

function expectVerdict(question: LoadInQuestion, books: CardBooks, expected: string | RegExp) {
  const verdict = judgeLoad(question, books);
  if (typeof expected === 'string') return expect(verdict.kind).toBe(expected);
  return expect(verdict).toEqual({ kind: 'undecided', detail: expect.stringMatching(expected) });
}

describe('a load whose card numbers its records', () => {
  const cases: readonly Case[] = [
    ['its record is the newest', { value: 1_500, records: [ours(8), record(7)] }, 'loaded'],
    ['its record is the only one left', { value: 1_500, records: [ours(8)] }, 'loaded'],
    [
      'its record is there, and gates have taken since, one of them without a word',
      { value: 20, records: [record(10), record(9), ours(8), record(7)] },
      'loaded',
    ],
    ['no record is newer than before', { value: 1_000, records: purchases(7, 3) }, 'not-loaded'],
    [
      'no record is newer, and a gate has taken without one',
      { value: 400, records: purchases(7, 3) },
      'not-loaded',
    ],
    ['its counter is another’s', { value: 900, records: [record(8), record(7)] }, 'not-loaded'],
    [
      'another machine’s load of the same amount has its counter',
      { value: 1_500, records: [ours(8, { terminal: '0000000000BB' }), record(7)] },
      'not-loaded',
    ],
    [
      'another order of this machine has its counter',
      { value: 1_500, records: [ours(8, { reference: 'AABBCCDDEEFF0012' }), record(7)] },
      'not-loaded',
    ],
    [
      'a load of another time has its counter',
      { value: 1_500, records: [ours(8, { dateTime: '20260302160001' }), record(7)] },
      'not-loaded',
    ],
    [
      'a purchase that looks like it has its counter',
      { value: 500, records: [ours(8, { kind: 'purchase' }), record(7)] },
      'not-loaded',
    ],
    [
      'the oldest record left is the one that has its counter',
      { value: 700, records: purchases(10, 8) },
      'not-loaded',
    ],
    [
      'something of another kind gave money back',
      { value: 3_000, records: [record(8, { kind: 'other' }), record(7)] },
      'not-loaded',
    ],
    ['the file has cycled beyond its counter', { value: 700, records: purchases(11, 9) }, /gone/],
    ['the newest record is older than before', { value: 1_000, records: purchases(6, 3) }, /older/],
    ['the records are gone', { value: 1_000, records: [] }, /older/],
    [
      'its record stands under a later counter',
      { value: 1_500, records: [ours(9), record(8)] },
      /counter that cannot be its own/,
    ],
    [
      'its record stood there before',
      { value: 1_000, records: [ours(7), record(6)] },
      /counter that cannot be its own/,
    ],
    [
      'a counter is left out between the records',
      { value: 900, records: [record(9), record(7)] },
      /one after the other/,
    ],
    [
      'two records have one counter',
      { value: 900, records: [record(8), record(8), record(7)] },
      /one after the other/,
    ],
    [
      'the value has grown, and no record says why',
      { value: 1_500, records: purchases(7, 3) },
      /more than its records explain/,
    ],
    [
      'the value has grown by more than the records say',
      { value: 1_401, records: [record(8, { kind: 'load', amount: 400 }), record(7)] },
      /more than its records explain/,
    ],
  ];

  it.each(cases)('%s', (_, books, verdict) => {
    expectVerdict(load, { ...books, transactions: null }, verdict);
  });

  it('a card without a record before: the first one is its own, or another’s', () => {
    const first = { ...load, counterBefore: 0 };
    expectVerdict(first, { value: 1_000, records: [], transactions: null }, 'not-loaded');
    expectVerdict(first, { value: 1_500, records: [ours(1)], transactions: null }, 'loaded');
    expectVerdict(first, { value: 900, records: [record(1)], transactions: null }, 'not-loaded');
  });

  it('where records have no room for a reference, it is told by the rest', () => {
    const without = { ...load, reference: null };
    const records = [ours(8, { reference: null })];
    expectVerdict(without, { value: 1_500, records, transactions: null }, 'loaded');
  });
});

describe('a load whose card counts its transactions', () => {
  const counted: LoadInQuestion = { ...load, counted: 'transactions', counterBefore: 40 };
  const cases: readonly (readonly [string, CardBooks, string | RegExp])[] = [
    [
      'its record is the newest',
      { value: 1_500, records: [ours(8), record(7)], transactions: 41 },
      'loaded',
    ],
    [
      'its record is there, among gates with and without records',
      { value: 900, records: [record(9), ours(8)], transactions: 44 },
      'loaded',
    ],
    [
      'nothing was committed',
      { value: 1_000, records: purchases(7, 3), transactions: 40 },
      'not-loaded',
    ],
    [
      'nothing was committed, and a file that has cycled does not matter',
      { value: 1_000, records: purchases(99, 97), transactions: 40 },
      'not-loaded',
    ],
    [
      'all that can have been written since is another’s',
      { value: 800, records: purchases(9, 7), transactions: 43 },
      'not-loaded',
    ],
    [
      'gates have taken without records, and the records left are enough',
      { value: 200, records: purchases(7, 4), transactions: 44 },
      'not-loaded',
    ],
    [
      'many transactions, and every record that ever was is there',
      { value: 100, records: purchases(3, 1), transactions: 60 },
      'not-loaded',
    ],
    [
      'a transaction, and no record was ever written',
      { value: 900, records: [], transactions: 41 },
      'not-loaded',
    ],
    [
      'more transactions than records that are left',
      { value: 100, records: purchases(9, 7), transactions: 44 },
      /gone/,
    ],
    [
      'fewer transactions than before',
      { value: 1_000, records: purchases(7, 3), transactions: 39 },
      /fewer/,
    ],
    [
      'the value is another, and no transaction was counted',
      { value: 999, records: purchases(7, 3), transactions: 40 },
      /value has changed/,
    ],
    [
      'its record is there, and no transaction was counted',
      { value: 1_500, records: [ours(8), record(7)], transactions: 40 },
      /do not account/,
    ],
    [
      'its record is older than the transactions since',
      { value: 1_500, records: [record(9), ours(8)], transactions: 41 },
      /do not account/,
    ],
    [
      'money came that no record explains',
      { value: 1_500, records: purchases(9, 7), transactions: 42 },
      /more than its records explain/,
    ],
    [
      'the card no longer counts',
      { value: 1_500, records: [ours(8)], transactions: null },
      /does not count/,
    ],
  ];

  it.each(cases)('%s', (_, books, verdict) => {
    expectVerdict(counted, books, verdict);
  });
});
