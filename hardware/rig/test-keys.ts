import { fromHex } from '../card/hex.ts';
import type { SoftwareSamKeys } from '../sam/software.ts';

/** Keys that are printed here for everybody to read: they open the simulated cards and nothing else. */
export const testKeys = {
  load: [{ version: 1, key: fromHex('0123456789ABCDEF FEDCBA9876543210') }],
  tac: fromHex('1122334455667788 99AABBCCDDEEFF00'),
  diversification: 'card-number',
} as const satisfies SoftwareSamKeys;
