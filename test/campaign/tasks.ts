import { type FaultKind, faults, type Step } from '../../hardware/rig/faults.ts';
import { Day, type DayEnd } from './day.ts';
import type { Planned } from './fate.ts';
import { type Flow, flows } from './flows.ts';
import type { Mutant } from './mutant.ts';
import { type Drawer, drawers, mixedDrawer } from './station.ts';
import { addTallies, emptyTally, type Tally, tallyOf } from './tally.ts';

/** A piece of the campaign, small enough to be handed to any worker. */
export type Task =
  /** A story, told once for each n at which this fault meets it. */
  | {
      readonly kind: 'sweep';
      readonly flow: string;
      /** Whose cards: the name of a drawer. */
      readonly cards: string;
      readonly fault: FaultKind;
      readonly lasting: boolean;
      /** Only one place in so many, the `first` of them from where the seed has it begin. 1: each. */
      readonly stride: number;
      readonly first: number;
    }
  /** A day of chance. */
  | { readonly kind: 'day'; readonly day: number };

/** So many top-ups are begun on a day of chance. */
export const topUpsADay = 100;

/** A printed byte is like its neighbours: the plain story meets each of them once; what lasts, other stories and other cards, one in so many. */
const byteStride = 48;
/** More than any story prints. */
const bytesMax = 5_000;

const stepsKnown = new Map<string, Promise<(step: Step) => number>>();

const kinds = Object.keys(faults) as readonly FaultKind[];

/**
 * Every story with every fault, once and lasting, with every kind of cards: at each place where `stride` is 1, else at one
 * in so many, and there the kinds of cards take turns.
 */
export function sweepsWith(stride: number): readonly Task[] {
  const turns = stride === 1 ? 1 : drawers.length;
  return flows.flatMap(({ name }) =>
    kinds.flatMap((fault) =>
      [false, true].flatMap((lasting) =>
        drawers.map(({ name: cards }, turn): Task => {
          const first = turns === 1 ? 0 : turn * stride;
          return {
            kind: 'sweep',
            flow: name,
            cards,
            fault,
            lasting,
            stride: turns * stride,
            first,
          };
        }),
      ),
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
  return liveSweep(seed, flow, drawerOf(task.cards), task);
}

/** Throws where there is none. */
export function drawerOf(name: string): Drawer {
  const found = drawers.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`there are no cards called ${name}`);
  return found;
}

/** One story with one fault, at every n at which it comes. */
async function liveSweep(
  seed: number,
  flow: Flow,
  drawer: Drawer,
  {
    fault: kind,
    lasting,
    stride: asked,
    first,
  }: Pick<Extract<Task, { readonly kind: 'sweep' }>, 'fault' | 'lasting' | 'stride' | 'first'>,
): Promise<Tally> {
  const at = flows.indexOf(flow);
  const isPlain = at === 0 && drawer === drawers[0] && !lasting;
  const sparse = faults[kind].at === 'print-byte' && !isPlain;
  const stride = sparse ? byteStride * asked : asked;
  const places = await placesOf(seed, flow, drawer, faults[kind].at);
  let tally = emptyTally;
  // From one story to the next by one: what comes only once in a story is met in one story of so many.
  for (let nth = (seed + at + kinds.indexOf(kind) + first) % stride; nth < places; nth += stride) {
    const one = await liveFlow(seed, flow, drawer, { kind, nth, lasting });
    tally = addTallies(tally, one);
    if (one.faultsFired[kind] <= own(flow, kind) && one.failures.length === 0) return tally;
    // One that fails may not even have reached it: three are enough to see.
    if (tally.failures.length >= 3) return tally;
  }
  return tally;
}

/** At how many places a fault of this step can come in a story: until it comes the story is the same each time. */
async function placesOf(seed: number, flow: Flow, drawer: Drawer, step: Step): Promise<number> {
  if (step === 'print-byte') return bytesMax;
  const name = `${seed} ${flow.name} ${drawer.name}`;
  const known =
    stepsKnown.get(name) ?? new Day(seedOf(seed, flows.indexOf(flow)), drawer).stepsOf(flow.visits);
  stepsKnown.set(name, known);
  return (await known)(step);
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
  drawer: Drawer,
  fault: Planned,
  mutant: Mutant = {},
): Promise<Tally> {
  const { kind, nth, lasting } = fault;
  const story = `--flow ${flow.name} --cards ${drawer.name}`;
  const replay = `${story} --fault ${kind} --nth ${nth}${lasting ? ' --lasting' : ''}`;
  const day = (): Promise<DayEnd> =>
    new Day(seedOf(seed, flows.indexOf(flow)), drawer, mutant).through(flow.visits, fault);
  return survived(day, drawer.name, replay);
}

/** One day of chance. */
export function liveDay(seed: number, day: number, mutant: Mutant = {}): Promise<Tally> {
  return survived(
    () => new Day(seedOf(seed, 1_000 + day), mixedDrawer, mutant).byChance(topUpsADay),
    mixedDrawer.name,
    `--day ${day}`,
  );
}

async function survived(day: () => Promise<DayEnd>, cards: string, replay: string): Promise<Tally> {
  try {
    return tallyOf(await day(), cards, replay);
  } catch (error) {
    const what = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    return { ...emptyTally, failures: [{ replay, what }] };
  }
}
