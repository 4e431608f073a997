import { expect, vi } from 'vitest';
import { createSerialLine } from '../../../hardware/line/serialport.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import { SimulatedPrinter } from '../../../hardware/printer/simulated.ts';
import { SerialCable } from '../../../hardware/rig/virtual/serial-cable.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { describePrinter } from '../printer/contract.ts';

describePrinter('a serial port', async (profile, kind) => {
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
    columns: profile.columns,
    ...kind,
  });
  return {
    driver: createReceiptPrinter({ line, profile, clock: systemClock }),
    printer,
    until: (condition) =>
      vi.waitFor(() => expect(condition()).toBe(true), { timeout: 10_000, interval: 5 }),
    pull: () => cable.unplug(),
    plugIn: () => cable.plug(),
    dispose: () => cable.dispose(),
  };
});
