import { expect, test } from 'vitest';
import type { StatusInformation } from '../../../hardware/terminal/zvt/command/status-information.ts';
import type { Ending } from '../../../hardware/terminal/zvt/conversation.ts';
import { judgePayment, judgeSettlement } from '../../../hardware/terminal/zvt/outcome.ts';

const none = new Uint8Array(0);
const approved: StatusInformation = {
  resultCode: 0,
  amountMinor: 5000,
  currency: 978,
  receipt: 11,
  trace: 101,
  originalTrace: null,
  attribute: null,
};

const completed = (...statuses: StatusInformation[]): Ending => ({
  kind: 'completed',
  statuses,
  data: none,
});
const aborted = (code: number, ...statuses: StatusInformation[]): Ending => ({
  kind: 'aborted',
  code,
  stopped: false,
  statuses,
  data: none,
});

const payment = (ending: Ending, stopAsked = false) =>
  judgePayment(ending, { amountMinor: 5000, currency: 978 }, stopAsked);

test('money counts only with an approval and a completion, both', () => {
  expect(payment(completed(approved))).toMatchObject({ kind: 'approved', name: { receipt: 11 } });
  expect(payment(completed(approved, approved))).toMatchObject({ kind: 'approved' });
  expect(payment(completed())).toEqual({ kind: 'unknown' });
  expect(payment(completed({ ...approved, resultCode: null }))).toEqual({ kind: 'unknown' });
  expect(payment({ kind: 'silent', garbled: false })).toEqual({ kind: 'unknown' });
  expect(payment({ kind: 'lost' })).toEqual({ kind: 'unknown' });
});

test('an approval that does not fit the order, or has no name, is not taken for the order’s', () => {
  expect(payment(completed({ ...approved, amountMinor: 4000 }))).toEqual({ kind: 'unknown' });
  expect(payment(completed({ ...approved, currency: 840 }))).toEqual({ kind: 'unknown' });
  expect(payment(completed({ ...approved, receipt: null }))).toEqual({ kind: 'unknown' });
  expect(payment(completed({ ...approved, amountMinor: null, currency: null }))).toMatchObject({
    kind: 'approved',
  });
});

test('a terminal that contradicts itself is asked again, not believed', () => {
  const declined = { ...approved, resultCode: 0x62 };
  expect(payment(completed(approved, declined))).toEqual({ kind: 'unknown' });
  expect(payment(completed(declined, approved))).toEqual({ kind: 'unknown' });
  expect(payment(completed(approved, { ...approved, receipt: 12 }))).toEqual({ kind: 'unknown' });
  expect(payment(aborted(0x62, approved))).toEqual({ kind: 'unknown' });
  const denied: Ending = {
    kind: 'completed',
    statuses: [approved],
    data: Uint8Array.of(0x27, 0x62),
  };
  expect(payment(denied)).toEqual({ kind: 'unknown' });
  expect(judgeSettlement(denied)).toEqual({ kind: 'unknown' });
  expect(judgeSettlement(completed(approved, declined))).toEqual({ kind: 'unknown' });
  expect(judgeSettlement(aborted(0xa3, approved))).toEqual({ kind: 'unknown' });
});

test('both ways to decline are known, and the reason is told', () => {
  const declined = { ...approved, resultCode: 0x62 };
  expect(payment(completed(declined))).toEqual({ kind: 'refused', reason: 'declined' });
  expect(payment(aborted(0x62, declined))).toEqual({ kind: 'refused', reason: 'declined' });
  expect(payment(aborted(0x6c))).toEqual({ kind: 'refused', reason: 'timed-out' });
  expect(payment(aborted(0x6c), true)).toEqual({ kind: 'refused', reason: 'cancelled' });
  expect(payment(aborted(0xa3))).toEqual({ kind: 'refused', reason: 'terminal-fault' });
  expect(payment({ kind: 'refused', code: 0x83 })).toEqual({
    kind: 'refused',
    reason: 'terminal-fault',
  });
  expect(payment({ kind: 'unsent' })).toEqual({ kind: 'refused', reason: 'terminal-fault' });
});

test('the end of a reservation enquiry is no answer to a payment', () => {
  expect(payment(aborted(0xb8))).toEqual({ kind: 'unknown' });
});

test('"already reversed" is reversed', () => {
  expect(judgeSettlement(aborted(0xb4))).toEqual({ kind: 'done' });
  expect(judgeSettlement(completed({ ...approved, resultCode: 0xb4 }))).toEqual({ kind: 'done' });
  expect(judgeSettlement({ kind: 'refused', code: 0xb4 })).toEqual({ kind: 'done' });
  expect(judgeSettlement(aborted(0xb5))).toEqual({ kind: 'refused', code: 0xb5 });
  expect(judgeSettlement(completed())).toEqual({ kind: 'unknown' });
  expect(judgeSettlement(completed({ ...approved, amountMinor: 0 }))).toEqual({ kind: 'done' });
});
