import { expect, test } from 'vitest';
import type { StatusInformation } from '../../../hardware/terminal/zvt/command/status-information.ts';
import { judge, type TerminalBooks } from '../../../hardware/terminal/zvt/verdict.ts';
import type { PaymentPhases } from '../../../main/contract/payment.ts';

const amountMinor = 5000;
const mark = { last: { receipt: 10, trace: 100 }, open: new Set([7]) };

function slip(
  receipt: number,
  trace: number,
  rest: Partial<StatusInformation> = {},
): StatusInformation {
  return {
    resultCode: 0,
    amountMinor,
    currency: 978,
    receipt,
    trace,
    originalTrace: null,
    attribute: null,
    ...rest,
  };
}

const named = (receipt: number, trace: number) => ({ receipt, trace, attribute: null });

function unnamed(phases: PaymentPhases, last: TerminalBooks['last'], open: number[] | null) {
  const books = { last, open: open === null ? null : new Set(open) };
  const verdict = judge({ phases, amountMinor, mark, name: null }, books);
  return verdict.kind === 'known' ? verdict.status : 'unknown';
}

function known(phases: PaymentPhases, last: TerminalBooks['last'], open: number[] | null) {
  const books = { last, open: open === null ? null : new Set(open) };
  const verdict = judge({ phases, amountMinor, mark, name: named(11, 101) }, books);
  return verdict.kind === 'known' ? verdict.status : 'unknown';
}

test('the same last receipt as before means that nothing happened', () => {
  expect(unnamed('two', slip(10, 100), [7])).toBe('none');
  expect(unnamed('one', slip(10, 100), null)).toBe('none');
});

test('the same last receipt and a new reservation contradict each other', () => {
  expect(unnamed('two', slip(10, 100), [7, 11])).toBe('unknown');
});

test('the amount alone proves nothing, a new receipt of another amount neither', () => {
  expect(unnamed('two', slip(11, 101, { amountMinor: 4999 }), [7, 11])).toBe('unknown');
  expect(unnamed('one', slip(11, 101, { amountMinor: 4999 }), null)).toBe('unknown');
});

test('a list that did not come before the payment makes nothing on it news', () => {
  const judged = (last: TerminalBooks['last'], open: number[]) => {
    const unlisted = { ...mark, open: null };
    const question = { phases: 'two', amountMinor, mark: unlisted, name: null } as const;
    const verdict = judge(question, { last, open: new Set(open) });
    return verdict.kind === 'known' ? verdict.status : 'unknown';
  };
  expect(judged(slip(10, 100), [7])).toBe('none');
  expect(judged(slip(11, 101), [7, 11])).toBe('authorised');
});

test('two new reservations cannot be told apart', () => {
  expect(unnamed('two', slip(12, 102), [7, 11, 12])).toBe('unknown');
});

test('the next receipt of the right amount is the payment', () => {
  expect(unnamed('two', slip(11, 101), [7, 11])).toBe('authorised');
  expect(unnamed('two', slip(11, 101), null)).toBe('authorised');
  expect(unnamed('one', slip(11, 101), null)).toBe('captured');
});

test('a receipt further on may be anybody’s', () => {
  expect(unnamed('one', slip(12, 102), null)).toBe('unknown');
  expect(unnamed('two', slip(12, 102), null)).toBe('unknown');
});

test('a reservation that is on neither list nor receipt is not made up', () => {
  expect(unnamed('two', slip(11, 101), [7])).toBe('unknown');
  expect(unnamed('two', 'unreadable', [7, 11])).toBe('unknown');
  expect(unnamed('two', 'empty', [7])).toBe('unknown');
});

test('a reservation that others’ orders have passed by is the first receipt after the mark, by both counts', () => {
  const othersBooking = { amountMinor: 990, originalTrace: 90 };
  const judged = (last: TerminalBooks['last'], open: number[]) =>
    judge({ phases: 'two', amountMinor, mark, name: null }, { last, open: new Set(open) });
  expect(judged(slip(12, 102, othersBooking), [7, 11])).toEqual({
    kind: 'known',
    status: 'authorised',
    name: named(11, 101),
    reversible: null,
  });
  // The terminal's day has changed: receipt 11 is another one.
  expect(judged(slip(12, 140, othersBooking), [7, 11]).kind).toBe('unknown');
  expect(judged(slip(13, 103, othersBooking), [7, 12]).kind).toBe('unknown');
});

test('a decline of this amount is the payment that was not made; a later one says nothing', () => {
  expect(unnamed('one', slip(11, 101, { resultCode: 0x62 }), null)).toBe('none');
  expect(unnamed('one', slip(12, 102, { resultCode: 0x62 }), null)).toBe('unknown');
  expect(unnamed('one', slip(11, 101, { resultCode: 0x62, amountMinor: 1 }), null)).toBe('unknown');
});

test('a reversal of something older than the payment says nothing about it', () => {
  const back = { amountMinor: 0, originalTrace: 99 };
  expect(unnamed('two', slip(11, 101, back), [])).toBe('unknown');
  expect(unnamed('one', slip(11, 101, back), null)).toBe('unknown');
  expect(unnamed('two', slip(11, 101, { amountMinor: 0 }), [7])).toBe('unknown');
});

test('a reversal of something newer than the mark is the payment’s', () => {
  const back = { amountMinor: 0, originalTrace: 101 };
  expect(unnamed('two', slip(12, 102, back), [7])).toBe('reversed');
  expect(unnamed('one', slip(12, 102, back), null)).toBe('reversed');
  expect(unnamed('two', slip(12, 102, { amountMinor: 0 }), [7])).toBe('reversed');
});

test('a reservation with a name is open while it is listed, whatever was last', () => {
  expect(known('two', slip(20, 120), [11, 20])).toBe('authorised');
  expect(known('two', 'unreadable', [11])).toBe('authorised');
});

test('a booking or release is this one’s only where it says so, or comes next; else it is closed, nobody knows how', () => {
  const other = { originalTrace: 90 };
  expect(known('two', slip(12, 102, { originalTrace: 101 }), [])).toBe('captured');
  expect(known('two', slip(12, 102, other), [])).toBe('closed');
  expect(known('two', slip(12, 102), [])).toBe('captured');
  expect(known('two', slip(13, 103), [])).toBe('closed');
  expect(known('two', slip(12, 102, { originalTrace: 101, amountMinor: 0 }), [])).toBe('reversed');
  expect(known('two', slip(12, 102, { ...other, amountMinor: 0 }), [])).toBe('closed');
  expect(known('two', slip(12, 102, { resultCode: 0x62 }), [])).toBe('closed');
  expect(known('two', 'unreadable', [])).toBe('unknown');
});

test('the next person’s reservation of the same amount is no booking of this one', () => {
  expect(known('two', slip(12, 102), [12])).toBe('closed');
  expect(known('two', slip(12, 102), null)).toBe('unknown');
});

test('with both lists and nothing new on them, nothing is reserved, readable receipt or not', () => {
  expect(unnamed('two', 'unreadable', [7])).toBe('none');
  expect(unnamed('two', 'unreadable', [])).toBe('none');
  expect(unnamed('one', 'unreadable', [7])).toBe('unknown');
  expect(unnamed('two', 'unreadable', null)).toBe('unknown');
});

test('a reservation that is its own last receipt, but not listed, cannot be judged', () => {
  expect(known('two', slip(11, 101), [])).toBe('unknown');
  expect(known('two', slip(11, 101), null)).toBe('authorised');
});

test('a booking that was reversed is reversed', () => {
  expect(known('two', slip(13, 103, { originalTrace: 102, amountMinor: 0 }), [])).toBe('reversed');
  expect(known('two', slip(13, 103, { originalTrace: 95, amountMinor: 0 }), [])).toBe('closed');
  expect(known('two', slip(13, 103, { amountMinor: 0 }), [])).toBe('closed');
});

test('a one-phase payment with a name is there while it is last, and gone when its reversal is', () => {
  expect(known('one', slip(11, 101), null)).toBe('captured');
  expect(known('one', slip(12, 102, { originalTrace: 101 }), null)).toBe('reversed');
  expect(known('one', slip(12, 102, { amountMinor: 0 }), null)).toBe('reversed');
  expect(known('one', slip(12, 102), null)).toBe('unknown');
  expect(known('one', slip(12, 102, { originalTrace: 90 }), null)).toBe('unknown');
});

test('receipt and trace numbers come round', () => {
  const before = { last: { receipt: 9999, trace: 999999 }, open: new Set<number>() };
  const question = { phases: 'one' as const, amountMinor, mark: before, name: null };
  expect(judge(question, { last: slip(1, 1), open: null })).toMatchObject({ status: 'captured' });
  const back = slip(2, 2, { amountMinor: 0, originalTrace: 1 });
  expect(judge(question, { last: back, open: null })).toMatchObject({ status: 'reversed' });
});
