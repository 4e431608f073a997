import { SimulatedReader } from '../../../hardware/reader/simulated.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { describeReader } from './contract.ts';

for (const latencyMs of [0, 20]) {
  describeReader(`the simulated reader, ${latencyMs} ms a command`, async () => {
    const clock = new VirtualClock();
    const reader = new SimulatedReader({ clock, latencyMs });
    return {
      reader,
      async insert(card) {
        reader.insert(card);
      },
      async pull() {
        reader.pull();
      },
      async occupy() {
        reader.setBusy(true);
        return async () => reader.setBusy(false);
      },
      until: (condition) => clock.until(condition),
      end: () => reader.close(),
    };
  });
}
