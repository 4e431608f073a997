import { describe, expect, test } from 'vitest';
import { reprintsBlindly, retriesBlindly, takesSilenceForNo } from '../session/mutants.ts';
import type { Mutant } from './day.ts';
import { addTallies, emptyTally, liveDay, type Tally, visitsADay } from './days.ts';

const seed = 20_260_302;

async function live(days: number): Promise<Tally> {
  let tally = emptyTally;
  for (let day = 0; day < days; day += 1) {
    tally = addTallies(tally, await liveDay(seed, day, visitsADay));
  }
  return tally;
}

/** The first day on which a planted bug shows. */
async function dayOfDiscovery(mutant: Mutant): Promise<number | null> {
  for (let day = 0; day < 10; day += 1) {
    if ((await liveDay(seed, day, visitsADay, mutant)).failures.length > 0) return day;
  }
  return null;
}

describe('days at a station where everything goes wrong', () => {
  test('nobody loses money, and the books balance', { timeout: 60_000 }, async () => {
    const tally = await live(12);
    expect(tally.failures).toEqual([]);
    expect(tally).toMatchObject({ sessions: 1_200, unresolved: 0, lost: 0 });
    expect(tally.captured - tally.reversed).toBe(tally.credited);
    // Enough went well, and enough went wrong, for this to mean something.
    expect(tally.loads).toBeGreaterThan(400);
    expect(tally.reversed).toBeGreaterThan(0);
    expect(tally.slips).toBeGreaterThan(400);
    expect(tally.duplicates).toBeGreaterThan(0);
  });

  test('a day replays from its seed', { timeout: 30_000 }, async () => {
    expect(await liveDay(seed, 3, 40)).toEqual(await liveDay(seed, 3, 40));
  });

  test.each<readonly [string, Mutant]>([
    ['a write whose answer was lost is written again', { decide: retriesBlindly }],
    ['a silent terminal is taken for one that declined', { decide: takesSilenceForNo }],
    ['a receipt that may have come is printed again', { decide: reprintsBlindly }],
    ['a payment is forgotten when the process dies', { forgetful: true }],
  ])('a planted bug is found: %s', { timeout: 60_000 }, async (_bug, mutant) => {
    expect(await dayOfDiscovery(mutant)).not.toBeNull();
  });
});
