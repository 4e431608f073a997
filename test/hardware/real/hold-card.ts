import { setTimeout as sleep } from 'node:timers/promises';
import { openPcscReader } from '../../../hardware/reader/pcsc.ts';
import { systemClock } from '../../../main/runtime/clock.ts';

// Somebody else, in a process of their own: has the card of the reader named in the argument until the input ends.
const [, , readerName = ''] = process.argv;
const reader = openPcscReader({ readerName, clock: systemClock, log: () => {} });
let answer = await reader.connect();
while (answer.kind === 'failed') {
  await sleep(20);
  answer = await reader.connect();
}
console.log('held');
for await (const _ of process.stdin);
await answer.connection.release();
process.exit(0);
