import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../main/session/attempt.ts';
import { copiesMax } from '../../main/session/paper.ts';
import { freshAttempt, marked, proved } from '../support/attempt.ts';
import { inBooks, inserted, removed } from './all-well.ts';
import { accountOf, askFor, stationWith } from './asked-for.ts';
import { claimTextOf, type Told } from './told.ts';

const { reference } = freshAttempt;
const loaded: Attempt = {
  ...freshAttempt,
  money: 'captured',
  card: 'written',
  paper: 'printed',
  onPaper: 'top-up',
  loads: 1,
  loadMark: marked,
  proof: proved,
};

/** Somebody asks for the slip, again and again, until it is not offered any more. */
function printAll(told: Told): number {
  for (let times = 0; times < 20; times += 1) {
    const [row] = accountOf(askFor(told)).rows;
    if (row?.canPrint !== true) return times;
    told.tap({ kind: 'print-slip', reference }, { kind: 'finish' });
  }
  return Number.POSITIVE_INFINITY;
}

const slips = (told: Told): readonly string[] =>
  told.orderedCopies.filter((order) => order !== 'ready-printer');

describe('nobody empties the roll with copies of one slip', () => {
  test('after some it is not offered any more, and asking for it does nothing', () => {
    const told = stationWith([loaded]);
    expect(printAll(told)).toBe(copiesMax);
    told.tap({ kind: 'print-slip', reference });
    expect(slips(told)).toEqual(Array(copiesMax).fill('duplicate top-up'));
  });

  test('nor where the printer never says what became of them', () => {
    const told = stationWith([loaded], {
      'print-receipt': { kind: 'receipt-unknown', fault: 'silent' },
    });
    askFor(told).tap({ kind: 'print-slip', reference });
    for (let times = 0; times < 20; times += 1) told.tap({ kind: 'print-again' });
    expect(slips(told)).toHaveLength(copiesMax);
    expect(told.screen).toMatchObject({ state: 'maybe-printed', canPrint: false });
  });

  test('copies that did not come are not counted', () => {
    const told = stationWith([loaded], {
      'print-receipt': { kind: 'receipt-not-printed', fault: 'paper-out' },
    });
    for (let times = 0; times < 10; times += 1) {
      askFor(told).tap({ kind: 'print-slip', reference }, { kind: 'finish' });
    }
    told.answers = { ...told.answers, 'print-receipt': { kind: 'receipt-printed' } };
    expect(printAll(told)).toBe(copiesMax);
  });

  test('a slip that says how it ended is another, and has its own', () => {
    const open: Attempt = {
      ...freshAttempt,
      money: 'authorising',
      claim: claimTextOf(),
      paper: 'printed',
      onPaper: 'unresolved',
    };
    const told = stationWith([open], inBooks('authorised'));
    expect(printAll(told)).toBe(copiesMax);
    told.tap({ kind: 'settle', reference });
    expect(told.screen).toMatchObject({ kind: 'money-back', slip: { state: 'printed' } });
    told.tap({ kind: 'finish' }).tell(inserted, removed);
    expect(printAll(told)).toBe(copiesMax);
  });
});
