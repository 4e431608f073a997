import { expect, it } from 'vitest';
import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { describeLine } from './contract.ts';

describeLine('a simulated line', async () => {
  const clock = new VirtualClock();
  const line = new SimulatedLine(clock);
  const received: number[] = [];
  line.far.listen((bytes) => {
    for (const byte of bytes) received.push(byte);
  });
  return {
    line,
    far: {
      send: line.far.send,
      received: () => Uint8Array.from(received),
      stall: () => line.setStuck(true),
      vanish: async () => line.unplug(),
      comeBack: async () => line.plug(),
    },
    until: (condition) => clock.until(condition),
    dispose: async () => {},
  };
});

it('holds writes back while the device says it is busy, and delivers them in order afterwards', async () => {
  const clock = new VirtualClock();
  const line = new SimulatedLine(clock);
  const received: number[] = [];
  line.far.listen((bytes) => received.push(...bytes));
  line.far.setBusy?.(true);
  const answers = [line.write(Uint8Array.of(1), 1_000), line.write(Uint8Array.of(2), 1_000)];
  await clock.advance(500);
  expect(received).toEqual([]);
  line.far.setBusy?.(false);
  expect(await Promise.all(answers)).toEqual([{ kind: 'done' }, { kind: 'done' }]);
  await clock.settle();
  expect(received).toEqual([1, 2]);
});

it('loses bytes that are on their way when the cable is pulled, even if it is put back at once', async () => {
  const clock = new VirtualClock();
  const line = new SimulatedLine(clock);
  const received: number[] = [];
  line.far.listen((bytes) => received.push(...bytes));
  await Promise.all([
    line.write(Uint8Array.of(1), 1_000),
    Promise.resolve(line.unplug()),
    Promise.resolve(line.plug()),
  ]);
  await clock.settle();
  expect(received).toEqual([]);
});
