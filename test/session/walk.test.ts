import { describe, expect, test } from 'vitest';
import { isSettled } from '../../main/session/resolve.ts';
import { Random } from '../support/random.ts';
import { testTerms } from '../support/terms.ts';
import { losses } from './losses.ts';
import { reprintsBlindly, retriesBlindly, takesSilenceForNo } from './mutants.ts';
import { ModelWorld } from './world.ts';

const days = 1_500;
const stepsADay = 400;

describe('whatever happens in whatever order', () => {
  test(`nobody loses money on ${days} strange days`, () => {
    let loads = 0;
    let copies = 0;
    const screens = new Set<string>();
    for (let seed = 1; seed <= days; seed += 1) {
      const world = new ModelWorld(new Random(seed), testTerms);
      try {
        for (let step = 0; step < stepsADay; step += 1) world.step();
        world.settle();
      } catch (error) {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
      expect(losses(world), `seed ${seed}`).toEqual([]);
      expect([...world.journal.values()].filter((attempt) => !isSettled(attempt))).toEqual([]);
      loads += world.loads.size;
      copies += world.slips.filter(({ copy }) => copy === 'duplicate').length;
      for (const screen of world.screens) screens.add(screen);
    }
    expect(loads).toBeGreaterThan(days);
    expect(copies).toBeGreaterThan(days / 10);
    expect([...screens].sort()).toEqual([
      'account',
      'amount',
      'attract',
      'card',
      'checking-payment',
      'confirm',
      'declined',
      'done',
      'find-money',
      'hold-card',
      'means',
      'money-back',
      'out-of-service',
      'pay',
      'put-card-back',
      'reading',
      'receipt',
      'refused-card',
      'see-staff',
      'slip-first',
      'starting',
      'take-card',
      'unfinished',
    ]);
  }, 60_000);
});

/** How many days until the outside books show a loss, or a rule of the session stops the day. */
function dayOfFirstLoss(makeWorld: (random: Random) => ModelWorld): number | null {
  for (let seed = 1; seed <= 200; seed += 1) {
    const world = makeWorld(new Random(seed));
    try {
      for (let step = 0; step < stepsADay; step += 1) world.step();
      world.settle();
    } catch {
      return seed;
    }
    if (losses(world).length > 0) return seed;
  }
  return null;
}

describe('a planted bug is found', () => {
  test('a write whose answer was lost is written again', () => {
    const day = dayOfFirstLoss((random) => new ModelWorld(random, testTerms, retriesBlindly));
    expect(day).not.toBeNull();
  });

  test('a silent terminal is taken for one that declined', () => {
    const day = dayOfFirstLoss((random) => new ModelWorld(random, testTerms, takesSilenceForNo));
    expect(day).not.toBeNull();
  });

  test('a receipt that may have come is printed again', () => {
    const day = dayOfFirstLoss((random) => new ModelWorld(random, testTerms, reprintsBlindly));
    expect(day).not.toBeNull();
  });

  test('a payment is forgotten when the process dies', () => {
    const day = dayOfFirstLoss((random) => {
      const world = new ModelWorld(random, testTerms);
      const crash = world.crash.bind(world);
      world.crash = () => {
        world.journal.clear();
        crash();
      };
      return world;
    });
    expect(day).not.toBeNull();
  });

  test('and without one, none is', () => {
    expect(dayOfFirstLoss((random) => new ModelWorld(random, testTerms))).toBeNull();
  });
});
