import { afterEach, expect, test } from 'vitest';
import { Station } from './station.ts';

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
