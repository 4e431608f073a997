import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { pullCards } from './card-pulls.ts';
import { addSecondReader } from './virtual-readers.ts';

const pcscd = new Pcscd();
let removeSecondReader = (): void => {};
beforeAll(() => {
  removeSecondReader = addSecondReader();
  return pcscd.start();
});
afterAll(async () => {
  await pcscd.kill();
  removeSecondReader();
});

/** Four kiosks, each at its own slot of the same pcscd. More readers than four pcsc-mini does not see. */
const kiosks = [
  { slot: 0, seed: 11 },
  { slot: 1, seed: 12 },
  { slot: 2, seed: 13 },
  { slot: 3, seed: 14 },
] as const;

describe('a card pulled at any command of its load', () => {
  it.each([
    ['pcsc', 200],
    ['pcsclite', 40],
  ] as const)(
    'through %s, %i times, costs nobody anything',
    { timeout: 280_000 },
    async (driver, count) => {
      const running = kiosks.map((kiosk) => pullCards({ driver, ...kiosk }, count / kiosks.length));
      // Nobody's hand is at the slots any more when the next kiosks begin.
      await Promise.allSettled(running);
      const days = await Promise.all(running);
      expect(days.flatMap(({ objections }) => objections)).toEqual([]);
      expect(days.reduce((sum, day) => sum + day.pulls, 0)).toBe(count);
    },
  );
});
