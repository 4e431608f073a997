import { expect, it, vi } from 'vitest';
import { createSerialLine } from '../../../hardware/line/serialport.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import { printerProfiles } from '../../../hardware/printer/profile.ts';
import { SimulatedPrinter } from '../../../hardware/printer/simulated.ts';
import { slipLines } from '../../../hardware/printer/simulated-roll.ts';
import { SerialCable } from '../../../hardware/rig/virtual/serial-cable.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { describeLine, type LineRig } from '../line/contract.ts';
import { sampleReceipt } from '../printer/sample.ts';

async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(condition()).toBe(true), { timeout: 5_000, interval: 5 });
}

describeLine('a serial port', async (): Promise<LineRig> => {
  const cable = await SerialCable.make();
  const received: number[] = [];
  cable.listen((bytes) => {
    for (const byte of bytes) received.push(byte);
  });
  const line = createSerialLine({
    path: cable.path,
    baudRate: 115_200,
    clock: systemClock,
    retryMs: 20,
  });
  return {
    line,
    far: {
      send: (bytes) => cable.send(bytes),
      received: () => Uint8Array.from(received),
      stall: () => cable.stall(),
      vanish: () => cable.unplug(),
      comeBack: () => cable.plug(),
    },
    until,
    dispose: () => cable.dispose(),
  };
});

it('a receipt is printed and confirmed over a serial port, also after the cable was pulled', async () => {
  const cable = await SerialCable.make();
  const line = createSerialLine({
    path: cable.path,
    baudRate: 115_200,
    clock: systemClock,
    retryMs: 20,
  });
  const printer = new SimulatedPrinter({
    clock: systemClock,
    far: { listen: (onBytes) => cable.listen(onBytes), send: (bytes) => cable.send(bytes) },
    speedMmPerS: 2_000,
  });
  const profile = printerProfiles['gb18030-80mm'];
  const driver = createReceiptPrinter({ line, profile, clock: systemClock });
  const healths: string[] = [];
  driver.watch((health) => healths.push(health.kind));
  const order = { receipt: sampleReceipt(), copy: 'original' } as const;

  await until(() => healths.at(-1) === 'up');
  expect(await driver.print(order)).toEqual({ kind: 'printed' });
  await cable.unplug();
  await until(() => healths.at(-1) === 'down');
  expect(await driver.print(order)).toEqual({ kind: 'not-printed', fault: 'unplugged' });
  await cable.plug();
  await until(() => healths.at(-1) === 'up');
  expect(await driver.print(order)).toEqual({ kind: 'printed' });

  expect(printer.slips).toHaveLength(2);
  expect(slipLines(printer.slips[1] ?? { items: [], cut: false })).toContain('￥50.00');
  expect(printer.protocolErrors).toEqual([]);
  await driver.close();
  await cable.dispose();
});
