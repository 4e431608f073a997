import { afterEach, expect, test } from 'vitest';
import { Station } from './station.ts';

let station: Station;
afterEach(async () => {
  await station.close();
});

const ways = [
  ['a payment', { phases: 'one', reservations: false }],
  ['a reservation', { phases: 'two' }],
] as const;

test.each(ways)(
  '%s of yesterday is never given back by a number that is another’s today',
  async (_what, how) => {
    station = new Station(how);
    const yesterdays = await station.authorised(5_000);
    const { memory } = station.terminal;
    await station.close();
    // The terminal closed its day: its receipts begin anew.
    station = new Station({ ...how, memory: { ...memory, nextReceipt: 1 } });
    const todays = await station.authorised(7_000);
    expect(todays.terminalReference?.slice(0, 4)).toBe(yesterdays.terminalReference?.slice(0, 4));
    const before = station.statuses;
    expect(await station.answer(station.kiosk.reverse(yesterdays))).toEqual({ kind: 'unknown' });
    expect(station.statuses).toEqual(before);
  },
);

test.each(ways)('%s is given back also after others', async (_what, how) => {
  station = new Station(how);
  const first = await station.authorised(5_000);
  await station.authorised(7_000);
  expect(await station.answer(station.kiosk.reverse(first))).toEqual({ kind: 'done' });
  expect(station.statuses[0]).toBe('reversed');
});
