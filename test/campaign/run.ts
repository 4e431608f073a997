import { parseArgs } from 'node:util';
import { type FaultKind, faults } from '../../hardware/rig/faults.ts';
import { Crew } from './crew.ts';
import { flows } from './flows.ts';
import { drawers } from './station.ts';
import { addTallies, emptyTally, neverFired, type Tally } from './tally.ts';
import { liveDay, liveFlow, sweepsWith, type Task, topUpsADay } from './tasks.ts';

const usage = `npm run campaign -- [--seed N] [--top-ups N] [--stride N]
npm run sim -- [--seed N] [--sessions N]

The campaign tells every story of test/campaign/flows.ts with every fault of hardware/rig/faults.ts at every place
where it can come, once and lasting, with every kind of cards; then it lives days of chance, with several faults a visit, until so many top-ups
were begun. All devices are simulated byte by byte. What the kiosk did is read from the books of the cards, the terminals
and the printer. Prints one JSON line, amounts in minor units, by the kind of cards too; exits with 1 where anything is not as it should be.

  --seed N       which run (1)
  --top-ups N    at least so many (100000); the stories alone begin some ten thousands
  --stride N     each fault at one place in so many, others with each seed; there the kinds of cards take turns (1: at each
                 place with each)
  --sessions N   no stories: only days of chance, until so many top-ups were begun

To replay one failure alone, as it names itself:

  --day N                                        a day of chance
  --flow NAME --cards KIND --fault KIND --nth N [--lasting]   a story with a fault
`;

const { values } = options();
const seed = whole(values.seed, 1);

function options() {
  try {
    return parseArgs({
      options: {
        seed: { type: 'string' },
        'top-ups': { type: 'string' },
        stride: { type: 'string' },
        sessions: { type: 'string' },
        day: { type: 'string' },
        flow: { type: 'string' },
        cards: { type: 'string' },
        fault: { type: 'string' },
        nth: { type: 'string' },
        lasting: { type: 'boolean' },
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n\n${usage}`);
  process.exit(2);
}

function whole(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  return /^\d{1,9}$/.test(text) ? Number(text) : refuse(`"${text}" is not a whole number`);
}

function isFault(kind: string): kind is FaultKind {
  return Object.hasOwn(faults, kind);
}

function replayFlow(name: string): Promise<Tally> {
  const flow = flows.find((each) => each.name === name);
  const { fault = '', cards = '', nth, lasting = false } = values;
  const drawer = drawers.find((each) => each.name === cards);
  if (flow === undefined) return refuse(`no flow is called "${name}"`);
  if (drawer === undefined) return refuse(`no cards are called "${cards}"`);
  if (!isFault(fault)) return refuse(`no fault is called "${fault}"`);
  return liveFlow(seed, flow, drawer, { kind: fault, nth: whole(nth, 0), lasting });
}

function progress(what: string, total: number): (done: number) => void {
  return (done) => {
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r${what}: ${done} of ${total}${done === total ? '\n' : ''}`);
  };
}

async function days(crew: Crew, topUps: number): Promise<Tally> {
  const count = Math.max(0, Math.ceil(topUps / topUpsADay));
  const tasks = Array.from({ length: count }, (_, day): Task => ({ kind: 'day', day }));
  return crew.live(tasks, progress('days', count));
}

async function campaign(): Promise<Tally> {
  const crew = new Crew(seed);
  const { sessions } = values;
  let tally = emptyTally;
  if (sessions === undefined) {
    const sweeps = sweepsWith(Math.max(1, whole(values.stride, 1)));
    tally = await crew.live(sweeps, progress('stories', sweeps.length));
    const what = neverFired(tally).map((kind) => `${kind} never came: it was not tested`);
    if (what.length > 0) tally = { ...tally, failures: [{ replay: '', what }, ...tally.failures] };
  }
  const topUps = whole(sessions ?? values['top-ups'], 100_000);
  tally = addTallies(tally, await days(crew, topUps - tally.topUps));
  await crew.end();
  return tally;
}

function lived(): Promise<Tally> {
  if (values.day !== undefined) return liveDay(seed, whole(values.day, 0));
  return values.flow === undefined ? campaign() : replayFlow(values.flow);
}

const { failures, ...sums } = await lived();
for (const { replay, what } of failures.slice(0, 20)) {
  process.stderr.write(`npm run campaign -- --seed ${seed} ${replay}\n`);
  for (const line of what) process.stderr.write(`  ${line}\n`);
}
process.stdout.write(`${JSON.stringify({ seed, ...sums, failures: failures.length })}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
