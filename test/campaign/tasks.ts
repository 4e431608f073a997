import { type FaultKind, faults } from '../../hardware/rig/faults.ts';
import { Day, type DayEnd } from './day.ts';
import type { Planned } from './fate.ts';
import { type Flow, flows } from './flows.ts';
import type { Mutant } from './mutant.ts';
import { addTallies, emptyTally, type Tally, tallyOf } from './tally.ts';

/** A piece of the campaign, small enough to be handed to any worker. */
export type Task =
  /** A story, told once for each n at which this fault meets it. */
  | {
      readonly kind: 'sweep';
      readonly flow: string;
      readonly fault: FaultKind;
      readonly lasting: boolean;
      /** Only one place in so many; which ones, the seed decides. 1: each. */
      readonly stride: number;
    }
  /** A day of chance. */
  | { readonly kind: 'day'; readonly day: number };

/** So many top-ups are begun on a day of chance. */
export const topUpsADay = 100;

/** A printed byte is like its neighbours: the plain story meets each of them once; what lasts, and other stories, one in so many. */
const byteStride = 48;
/** More steps than any story has. */
const nthMax = 5_000;

const kinds = Object.keys(faults) as readonly FaultKind[];

/** Every story with every fault, once and lasting, at one place in `stride`. */
export function sweepsWith(stride: number): readonly Task[] {
  return flows.flatMap(({ name }) =>
    kinds.flatMap((fault) =>
      [false, true].map((lasting): Task => ({ kind: 'sweep', flow: name, fault, lasting, stride })),
    ),
  );
}

/** Each piece of a run has a seed of its own, so that any of them can be replayed alone. */
function seedOf(seed: number, piece: number): number {
  return (Math.imul(seed, 0x9e3779b1) + Math.imul(piece, 0x85ebca6b)) >>> 0;
}

export async function liveTask(seed: number, task: Task): Promise<Tally> {
  if (task.kind === 'day') return liveDay(seed, task.day);
  const flow = flows.find(({ name }) => name === task.flow);
  if (flow === undefined) throw new RangeError(`there is no flow ${task.flow}`);
  return liveSweep(seed, flow, task);
}

/** One story with one fault, at every n until it no longer comes. */
async function liveSweep(
  seed: number,
  flow: Flow,
  { fault: kind, lasting, stride: asked }: Extract<Task, { readonly kind: 'sweep' }>,
): Promise<Tally> {
  const at = flows.indexOf(flow);
  const sparse = faults[kind].at === 'print-byte' && (at > 0 || lasting);
  const stride = sparse ? byteStride * asked : asked;
  let tally = emptyTally;
  // From one story to the next by one: what comes only once in a story is met in one story of so many.
  for (let nth = (seed + at + kinds.indexOf(kind)) % stride; ; nth += stride) {
    if (nth > nthMax) throw new Error(`${flow.name} has no end for ${kind}`);
    const one = await liveFlow(seed, flow, { kind, nth, lasting });
    tally = addTallies(tally, one);
    if (one.faultsFired[kind] <= own(flow, kind) && one.failures.length === 0) return tally;
    // One that fails may not even have reached it: three are enough to see.
    if (tally.failures.length >= 3) return tally;
  }
}

/** How often the story has this fault of itself. */
function own(flow: Flow, kind: FaultKind): number {
  return flow.visits.flatMap(({ mishaps }) => mishaps).filter((mishap) => mishap.kind === kind)
    .length;
}

/** One story with one fault at one place. A day that the session's own rules stop is a failure too. */
export function liveFlow(
  seed: number,
  flow: Flow,
  fault: Planned,
  mutant: Mutant = {},
): Promise<Tally> {
  const { kind, nth, lasting } = fault;
  const replay = `--flow ${flow.name} --fault ${kind} --nth ${nth}${lasting ? ' --lasting' : ''}`;
  const day = (): Promise<DayEnd> =>
    new Day(seedOf(seed, flows.indexOf(flow)), mutant).through(flow.visits, fault);
  return survived(day, replay);
}

/** One day of chance. */
export function liveDay(seed: number, day: number, mutant: Mutant = {}): Promise<Tally> {
  return survived(
    () => new Day(seedOf(seed, 1_000 + day), mutant).byChance(topUpsADay),
    `--day ${day}`,
  );
}

async function survived(day: () => Promise<DayEnd>, replay: string): Promise<Tally> {
  try {
    return tallyOf(await day(), replay);
  } catch (error) {
    const what = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    return { ...emptyTally, failures: [{ replay, what }] };
  }
}
