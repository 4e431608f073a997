import type { KeyObject } from 'node:crypto';
import { cmac } from './aes-cmac.ts';

/** MACt of EV2: every second byte of a CMAC, from the second on, 8 in all (cards.md 2.4). */
export function truncatedMac(key: KeyObject, message: Uint8Array): Uint8Array {
  return cmac(key, message).filter((_, at) => at % 2 === 1);
}
