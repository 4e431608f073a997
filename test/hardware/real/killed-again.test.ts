import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PaymentPhases } from '../../../main/contract/payment.ts';
import { everyStory, removeLives, wholeLife, wreck } from '../../runtime/kill-9-stories.ts';

beforeAll(wholeLife, 60_000);
afterAll(removeLives);

test.each<readonly [PaymentPhases, string, readonly string[]]>([
  ['two', 'after credit', ['check', 'capture']],
  ['one', 'after authorise', ['reverse']],
])(
  'a process that is killed, and killed again while it recovers, comes to the same end (%s-phase, %s)',
  { timeout: 120_000 },
  async (phases, death, orders) => {
    const first = await wreck(phases, death, null);
    const stories = await everyStory(phases, first);
    const deaths = stories.map(({ diedAt }) => diedAt);
    const places = orders.flatMap((order) => [`before ${order}`, `after ${order}`]);
    expect(deaths).toEqual(
      expect.arrayContaining(places.map((place) => `${death}, then ${place}`)),
    );
  },
);
