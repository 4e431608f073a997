import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import { SimulatedPrinter } from '../../../hardware/printer/simulated.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { describePrinter } from './contract.ts';

describePrinter('a simulated line', (profile, kind) => {
  const clock = new VirtualClock();
  const line = new SimulatedLine(clock);
  const printer = new SimulatedPrinter({ clock, far: line.far, columns: profile.columns, ...kind });
  return {
    driver: createReceiptPrinter({ line, profile, clock }),
    printer,
    until: (condition) => clock.until(condition),
    pull: () => line.unplug(),
    plugIn: () => line.plug(),
    dispose: () => line.close(),
  };
});
