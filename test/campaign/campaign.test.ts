import { describe, expect, test } from 'vitest';
import { type FaultKind, faults } from '../../hardware/rig/faults.ts';
import { Random } from '../support/random.ts';
import { flows } from './flows.ts';
import { drawers } from './station.ts';
import { addTallies, emptyTally, neverFired, type Tally } from './tally.ts';
import { liveDay, liveFlow } from './tasks.ts';

const seed = 7;
const kinds = Object.keys(faults) as readonly FaultKind[];
/** `npm run campaign` meets every place; here each story meets every fault at one of the first. */
const placesMet = { 'print-byte': 700, apdu: 11, row: 6, order: 6, picture: 12, sam: 5 } as const;

function placesOf(kind: FaultKind): number {
  const { at } = faults[kind];
  return at in placesMet ? placesMet[at as keyof typeof placesMet] : 1;
}

const nothingLost = {
  failures: [],
  unresolvedMinor: 0,
  lostMinor: 0,
  doubleCharges: 0,
  doubleLoads: 0,
  falseSuccesses: 0,
  openClaims: 0,
};

describe('whatever goes wrong, nobody loses money', () => {
  let all = emptyTally;

  test.each(flows)('$name', { timeout: 60_000 }, async (flow) => {
    const random = new Random(flows.indexOf(flow));
    let tally: Tally = emptyTally;
    for (const kind of kinds) {
      // Every fault meets every third story or so.
      if (!random.chance(0.35)) continue;
      const nth = random.below(placesOf(kind));
      tally = addTallies(
        tally,
        await liveFlow(seed, flow, random.pick(drawers), {
          kind,
          nth,
          lasting: random.chance(0.5),
        }),
      );
    }
    expect(tally).toMatchObject(nothingLost);
    expect(tally.topUps).toBeGreaterThan(0);
    all = addTallies(all, tally);
  });

  test('nearly every fault of the list was met', () => {
    expect(neverFired(all).length).toBeLessThan(kinds.length / 10);
  });

  test('days on which several things go wrong at once', { timeout: 60_000 }, async () => {
    let tally = emptyTally;
    for (const day of [0, 1, 2, 5]) tally = addTallies(tally, await liveDay(seed, day));
    expect(tally).toMatchObject(nothingLost);
    expect(tally.topUps).toBeGreaterThanOrEqual(400);
    expect(tally.capturedMinor - tally.reversedMinor).toBe(tally.creditedMinor);
    // Enough went well, and enough went wrong, for this to mean something.
    expect(tally.loads).toBeGreaterThan(200);
    expect(tally.reversedMinor).toBeGreaterThan(0);
  });

  test('a failure replays from what it is called by', { timeout: 60_000 }, async () => {
    expect(await liveDay(seed, 3)).toEqual(await liveDay(seed, 3));
  });
});
