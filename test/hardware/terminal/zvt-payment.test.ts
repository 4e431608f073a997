import { afterEach, expect, test } from 'vitest';
import { hex, Station } from './station.ts';

let station: Station;
afterEach(async () => {
  await station.close();
});

test('a person taps: the amount is reserved, then booked, once', async () => {
  station = new Station();
  const payment = await station.authorised(1234);
  expect(payment.terminalReference).toBe('0001/000001/750071');
  expect(station.statuses).toEqual(['authorised']);
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'done' });
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'done' });
  expect(station.terminal.books).toMatchObject([
    { amountMinor: 1234, status: 'captured', booked: { receipt: 2 } },
  ]);
});

test('a reservation is let go of, once', async () => {
  station = new Station();
  const payment = await station.authorised();
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['reversed']);
  expect(await station.answer(station.kiosk.capture(payment))).toMatchObject({ kind: 'refused' });
});

test('what was booked is given back by a reversal of the booking, once', async () => {
  station = new Station();
  const payment = await station.authorised();
  await station.answer(station.kiosk.capture(payment));
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['reversed']);
});

test('a one-phase payment is taken at once, and given back by a reversal, once', async () => {
  station = new Station({ phases: 'one', reservations: false });
  const payment = await station.authorised();
  expect(station.statuses).toEqual(['captured']);
  expect(await station.answer(station.kiosk.capture(payment))).toMatchObject({ kind: 'refused' });
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['reversed']);
});

test.each(['abort', 'completion'] as const)(
  'a decline that ends by %s costs nothing',
  async (declineBy) => {
    station = new Station({ declineBy });
    station.terminal.present({ kind: 'decline' });
    const order = station.order(await station.mark());
    expect(await station.answer(station.kiosk.authorise(order))).toEqual({
      kind: 'refused',
      reason: 'declined',
    });
    const question = { order, terminalReference: null };
    expect(await station.answer(station.kiosk.inquire(question))).toMatchObject({ status: 'none' });
  },
);

test('nobody taps: the terminal gives up, and the kiosk hears why', async () => {
  station = new Station();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({
    kind: 'refused',
    reason: 'timed-out',
  });
  expect(station.statuses).toEqual([]);
});

test('a person cancels before tapping: nothing is reserved', async () => {
  station = new Station();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const authorised = station.kiosk.authorise(order);
  await station.clock.until(() => station.terminal.waiting);
  station.kiosk.cancel();
  station.kiosk.cancel();
  expect(await station.answer(authorised)).toEqual({ kind: 'refused', reason: 'cancelled' });
  expect(station.heard('terminal').filter((bytes) => bytes === '06b000')).toHaveLength(1);
  expect(station.statuses).toEqual([]);
});

test('a cancel that comes before the terminal was asked leaves it unasked', async () => {
  station = new Station();
  const order = station.order(await station.mark());
  const authorised = station.kiosk.authorise(order);
  station.kiosk.cancel();
  expect(await station.answer(authorised)).toEqual({ kind: 'refused', reason: 'cancelled' });
  expect(station.heard('terminal').some((bytes) => bytes.startsWith('0622'))).toBe(false);
});

test('a card tapped while the cancel is under way counts, and can then be settled', async () => {
  station = new Station();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const authorised = station.kiosk.authorise(order);
  await station.clock.until(() => station.terminal.waiting);
  station.terminal.tap();
  station.kiosk.cancel();
  const answer = await station.answer(authorised);
  expect(answer).toMatchObject({ kind: 'done' });
  expect(station.statuses).toEqual(['authorised']);
  const payment = {
    order,
    terminalReference: answer.kind === 'done' ? answer.terminalReference : '',
  };
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['reversed']);
});

test('past its own deadline the kiosk stops the payment at the terminal too', async () => {
  station = new Station({ cardTimeoutMs: 300_000 });
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({
    kind: 'refused',
    reason: 'timed-out',
  });
  expect(station.terminal.tap()).toBe(false);
  expect(station.statuses).toEqual([]);
});

test('a reversal that is refused because it was made before is done', async () => {
  station = new Station({ phases: 'one' });
  const payment = await station.authorised();
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  station.terminal.answer('reverse', { kind: 'refused', code: 0xb5 });
  expect(await station.answer(station.kiosk.reverse(payment))).toEqual({ kind: 'done' });
  const other = await station.authorised();
  expect(await station.answer(station.kiosk.reverse(other))).toEqual({
    kind: 'refused',
    detail: 'reversal of receipt 0003: B5 reversal not possible',
  });
});

test('a cancel waits for the terminal to have taken the payment, so that its answer has one meaning', async () => {
  station = new Station();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const before = station.line.heard.length;
  station.line.meddle = (passing) => {
    if (passing.to === 'terminal' && hex(passing.bytes).startsWith('0622')) station.kiosk.cancel();
    return 'pass';
  };
  const answer = await station.answer(station.kiosk.authorise(order));
  expect(answer).toEqual({ kind: 'refused', reason: 'cancelled' });
  const said = station.line.heard.slice(before).map((passing) => hex(passing.bytes));
  expect(said.indexOf('06b000')).toBeGreaterThan(said.indexOf('800000'));
});

test('a terminal that will not book says so in its own words', async () => {
  station = new Station();
  const payment = await station.authorised();
  station.terminal.answer('capture', { kind: 'refused', code: 0xa3 }, 'next');
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({
    kind: 'refused',
    detail: 'booking of receipt 0001: A3 no connection',
  });
  expect(station.statuses).toEqual(['authorised']);
});

test('a terminal that is occupied is asked again until it books', async () => {
  station = new Station();
  const payment = await station.authorised();
  station.terminal.answer('capture', { kind: 'refused', code: 0xa0 }, 'next');
  expect(await station.answer(station.kiosk.capture(payment))).toEqual({ kind: 'done' });
  expect(station.statuses).toEqual(['captured']);
});
