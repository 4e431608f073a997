import { fromHex } from '../hex.ts';
import type { SoftwarePbocKeys } from './software-authority.ts';

/**
 * Master keys of the simulated station: published test values (cards.md V5 and V4), worth nothing anywhere. Simulated cards
 * are issued with keys that are diversified from these.
 */
export const testMasterKeys = {
  load: [{ version: 1, key: fromHex('00112233445566778899AABBCCDDEEFF') }],
  tac: fromHex('404142434445464748494A4B4C4D4E4F'),
  diversification: ['card-number'],
} as const satisfies SoftwarePbocKeys;
