import { openPcscReader } from '../../../hardware/reader/pcsc.ts';
import { openPcscliteReader } from '../../../hardware/reader/pcsclite.ts';
import { systemClock } from '../../../main/runtime/clock.ts';

// A process of its own, so that the library of the driver in the argument can be hidden from it.
const open = process.argv[2] === 'pcsclite' ? openPcscliteReader : openPcscReader;
const reader = open({
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
