import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PaymentPhases } from '../../../main/contract/payment.ts';
import {
  everyStory,
  loaded,
  removeLives,
  untouched,
  wholeLife,
  wreck,
} from '../../runtime/kill-9-stories.ts';

beforeAll(wholeLife, 60_000);
afterAll(removeLives);

test.each<PaymentPhases>(['two', 'one'])(
  'a process killed anywhere in a top-up charges and loads once, or neither (%s-phase)',
  { timeout: 120_000 },
  async (phases) => {
    const stories = await everyStory(phases);
    // It died in every state of the money.
    const deaths = stories.map(({ diedAt }) => diedAt);
    const orders = ['open', 'authorise', 'prepare', 'credit', 'ready', 'print'];
    if (phases === 'two') orders.push('capture');
    const places = orders.flatMap((order) => [`before ${order}`, `after ${order}`]);
    expect(deaths).toEqual(expect.arrayContaining(places));
    expect(new Set(stories.map(({ ending }) => ending))).toEqual(new Set([loaded, untouched]));
    // What the next start goes by: before the printer was asked, and before a byte of the slip left.
    const paperAt = new Map(stories.map(({ diedAt, paper }) => [diedAt, paper]));
    for (const place of ['before ready', 'after ready', 'before the row printer-ready']) {
      expect([place, paperAt.get(place)]).toEqual([place, 'queued']);
    }
    for (const place of ['after the row printer-ready', 'before print', 'after print']) {
      expect([place, paperAt.get(place)]).toEqual([place, 'printing']);
    }
  },
);

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
