import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { pullCards } from './card-pulls.ts';
import { readerDrivers } from './reader-driver.ts';
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

/** Four kiosks, each at its own slot of the same pcscd. */
const kiosks = [
  { slot: 0, seed: 11 },
  { slot: 1, seed: 12 },
  { slot: 2, seed: 13 },
  { slot: 3, seed: 14 },
] as const;

/** Card pulls at the default driver; the others have a pass of their own. */
const pulls = { first: 200, others: 40 };

describe.each(readerDrivers.map((driver, index) => [driver, index] as const))(
  'a card pulled at any command, through %s',
  (driver, index) => {
    const count = index === 0 ? pulls.first : pulls.others;
    it(`${count} times costs nobody anything`, { timeout: 280_000 }, async () => {
      const days = await Promise.all(
        kiosks.map((kiosk) => pullCards({ driver, ...kiosk }, count / kiosks.length)),
      );
      expect(days.flatMap(({ objections }) => objections)).toEqual([]);
      expect(days.reduce((sum, day) => sum + day.pulls, 0)).toBe(count);
    });
  },
);
