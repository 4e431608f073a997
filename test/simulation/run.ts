import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { addTallies, emptyTally, liveDay, type Tally, visitsADay } from './days.ts';
import type { Share } from './worker.ts';

const usage = `npm run sim -- [--seed N] [--sessions N] [--day N]

Lives through many visits with every kind of mishap, all devices simulated byte by byte, and
compares the books of the cards and of the terminals. Prints one JSON line, amounts in minor units.

  --seed N       which run (1)
  --sessions N   how many visits (10000)
  --day N        live only this day of the run, as a failure names it
`;

/** A visit leaves much rubbish and keeps nothing: the less often it is swept, the less is swept. */
const maxYoungGenerationSizeMb = 64;

function whole(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) {
    process.stderr.write(`"${text}" is not a whole number\n\n${usage}`);
    process.exit(2);
  }
  return Number(text);
}

function share(data: Share): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function tallyOf(seed: number, sessions: number): Promise<Tally> {
  const stride = Math.min(availableParallelism(), Math.ceil(sessions / visitsADay));
  const shares = Array.from({ length: stride }, (_, first) =>
    share({ seed, sessions, first, stride }),
  );
  return (await Promise.all(shares)).reduce(addTallies, emptyTally);
}

const { values } = parseArgs({
  options: { seed: { type: 'string' }, sessions: { type: 'string' }, day: { type: 'string' } },
});
const seed = whole(values.seed, 1);
const tally =
  values.day === undefined
    ? await tallyOf(seed, whole(values.sessions, 10_000))
    : await liveDay(seed, whole(values.day, 0), visitsADay);
const { failures, ...sums } = tally;
for (const { day, what } of failures.slice(0, 20)) {
  process.stderr.write(`day ${day} (npm run sim -- --seed ${seed} --day ${day}):\n`);
  for (const line of what) process.stderr.write(`  ${line}\n`);
}
process.stdout.write(`${JSON.stringify(sums)}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
