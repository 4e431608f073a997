import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../main/session/attempt.ts';
import { freshAttempt, marked } from '../support/attempt.ts';
import { allWell, inserted } from './all-well.ts';
import { claimTextOf, restarted, type Told } from './told.ts';

const hourMs = 3_600_000;

/** Reserved, and the card was pulled before anything was written. */
const reserved: Attempt = {
  ...freshAttempt,
  money: 'authorised',
  card: 'writing',
  loads: 1,
  loadMark: marked,
  claim: claimTextOf(),
};
const taken: Attempt = {
  ...reserved,
  means: { id: 'phone', kind: 'mobile', phases: 'one' },
};

/** So much later by the computer's clock its card is put in, and proves that it was not loaded. */
function tapped(attempt: Attempt, offMs: number): Told {
  const answers = { ...allWell, 'check-card': { kind: 'load-not-found' } } as const;
  return restarted([attempt], { answers, offMs }).tell(inserted);
}

describe('a card is not loaded for a reservation that may have lapsed', () => {
  test.each([
    ['a day and an hour later', 25 * hourMs],
    ['where the clock was put back since', -30 * 24 * hourMs],
  ])('the money goes back %s', (_when, offMs) => {
    const told = tapped(reserved, offMs);
    expect(told.screen).toMatchObject({ kind: 'money-back', step: 'released' });
    expect(told.orders).not.toContain('prepare-credit');
  });

  test.each([
    ['on the same day', reserved, 23 * hourMs],
    ['at any time for what was taken at once', taken, 90 * 24 * hourMs],
  ])('its holder chooses %s', (_when, attempt, offMs) => {
    const told = tapped(attempt, offMs);
    expect(told.screen).toMatchObject({ kind: 'unfinished', finishObstacle: null });
    told.tap({ kind: 'finish-top-up' });
    expect(told.row().money).toBe('captured');
  });
});
