import { openPcscReader } from '../../../hardware/reader/pcsc.ts';
import { systemClock } from '../../../main/runtime/clock.ts';

// A process of its own, so that the library can be hidden from it.
const reader = openPcscReader({
  readerName: '',
  clock: systemClock,
  async log(line) {
    console.log(line);
    const answer = await reader.connect();
    if (answer.kind === 'failed') console.log(`connect: ${answer.fault.kind}`);
    await reader.close();
  },
});
reader.watch(
  () => {},
  (health) => console.log(`health: ${health.kind === 'up' ? 'up' : health.fault}`),
);
