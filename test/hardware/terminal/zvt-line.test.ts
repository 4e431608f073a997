import { inspect } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { simulatedCard } from '../../../hardware/terminal/zvt/simulated-slip.ts';
import type { Health } from '../../../main/contract/device.ts';
import { hex, Station } from './station.ts';

let station: Station;
afterEach(async () => {
  await station.close();
});

test('a poll that is answered too late does not keep the next person from paying', async () => {
  station = new Station();
  await station.mark();
  station.terminal.answer('inquire', { kind: 'late', ms: 6_000 }, 'next');
  await station.clock.advance(3_500);
  expect(await station.answer(station.kiosk.open())).toMatchObject({ kind: 'done' });
});

test('health follows the cable, the power and the words of the terminal', async () => {
  station = new Station();
  const seen: Health[] = [];
  station.kiosk.watch((health) => seen.push(health));
  await station.clock.settle();
  expect(seen).toEqual([{ kind: 'down', fault: 'unplugged' }, { kind: 'up' }]);
  station.terminal.unplug();
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'unplugged' });
  station.terminal.plug();
  await station.clock.settle();
  expect(seen.at(-1)).toEqual({ kind: 'up' });
  station.terminal.powerCycle(60_000);
  await station.clock.advance(10_000);
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'silent' });
  expect(await station.answer(station.kiosk.open())).toEqual({ kind: 'failed', fault: 'silent' });
  await station.clock.advance(65_000);
  expect(seen.at(-1)).toEqual({ kind: 'up' });
  // It had forgotten the kiosk, and was greeted anew.
  await station.authorised();
  station.terminal.report(0xc2);
  await station.clock.advance(5_000);
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'not-ready' });
  station.terminal.report(0x9c);
  await station.clock.advance(5_000);
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'busy' });
  station.terminal.report(0x00);
  station.terminal.answer('inquire', { kind: 'refused', code: 0xa0 });
  await station.clock.advance(5_000);
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'busy' });
});

test('noise on the line is not taken for a terminal', async () => {
  station = new Station();
  const seen: Health[] = [];
  station.kiosk.watch((health) => seen.push(health));
  await station.clock.settle();
  station.terminal.answer('inquire', { kind: 'ignored' });
  station.line.meddle = (passing) => {
    if (passing.to === 'terminal') station.cable.far.send(Uint8Array.of(0x55, 0xaa));
    return 'pass';
  };
  await station.clock.advance(20_000);
  expect(seen.at(-1)).toEqual({ kind: 'down', fault: 'garbled' });
});

test('a terminal that lost power on a live line is greeted anew', async () => {
  station = new Station();
  await station.mark();
  station.terminal.powerCycle();
  const order = station.order('empty open ');
  expect(await station.answer(station.kiosk.authorise(order))).toEqual({
    kind: 'refused',
    reason: 'terminal-fault',
  });
  const again = station.order(await station.mark());
  expect(await station.answer(station.kiosk.authorise(again))).toMatchObject({ kind: 'done' });
});

test('the terminal is asked how it is about every 3 s, and never during a payment', async () => {
  station = new Station();
  await station.clock.advance(9_500);
  expect(station.heard('terminal').filter((bytes) => bytes.startsWith('0501'))).toHaveLength(4);
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const before = station.line.heard.length;
  const authorised = station.kiosk.authorise(order);
  await station.clock.advance(50_000);
  const during = station.line.heard.slice(before).map((passing) => hex(passing.bytes));
  expect(during.filter((bytes) => bytes.startsWith('0501'))).toEqual([]);
  station.terminal.tap();
  expect(await station.answer(authorised)).toMatchObject({ kind: 'done' });
});

test('every message of the terminal is answered 80 00 00, and no acknowledgement is', async () => {
  station = new Station();
  const payment = await station.authorised();
  await station.answer(station.kiosk.capture(payment));
  await station.answer(station.kiosk.inquire(payment));
  const spoken = station.heard('kiosk').filter((bytes) => !bytes.startsWith('80'));
  expect(station.heard('terminal').filter((bytes) => bytes === '800000')).toHaveLength(
    spoken.length,
  );
});

test('a question that the kiosk cannot answer is refused, not ignored', async () => {
  station = new Station();
  await station.clock.settle();
  station.cable.far.send(Uint8Array.of(0x04, 0x0e, 0x00));
  await station.clock.settle();
  expect(station.heard('terminal').at(-1)).toBe('848300');
});

test('a card number that the terminal lets out is kept nowhere', async () => {
  station = new Station({ unmaskedCard: true });
  const seen: unknown[] = [station.kiosk];
  const mark = await station.mark();
  const payment = await station.authorised();
  seen.push(mark, payment);
  seen.push(await station.answer(station.kiosk.inquire(payment)));
  seen.push(await station.answer(station.kiosk.capture(payment)));
  seen.push(await station.answer(station.kiosk.reverse(payment)));
  seen.push(await station.answer(station.kiosk.reverse(payment)));
  const wire = station.heard('kiosk').join('');
  expect(wire).toContain(simulatedCard.number);
  expect(wire).toContain(simulatedCard.track2);
  const kept = inspect(seen, { depth: 20, showHidden: true, maxArrayLength: null });
  for (const secret of [
    simulatedCard.number,
    simulatedCard.track1,
    simulatedCard.track2,
    simulatedCard.number.slice(4, 12),
  ]) {
    expect(kept).not.toContain(secret);
  }
});

test('a closed terminal asks and says nothing more', async () => {
  station = new Station();
  station.terminal.present({ kind: 'wait' });
  const order = station.order(await station.mark());
  const authorised = station.kiosk.authorise(order);
  await station.clock.until(() => station.terminal.waiting);
  await station.kiosk.close();
  expect(await station.answer(authorised)).toEqual({ kind: 'unknown' });
  const before = station.line.heard.length;
  await station.clock.advance(30_000);
  expect(station.line.heard).toHaveLength(before);
  expect(await station.cable.write(Uint8Array.of(0x80), 1_000)).toMatchObject({ kind: 'failed' });
});
