import { buildApdu } from '../apdu.ts';

const abort = 0x06b0;

/** Abort 06 B0: stop what is running. Reliable only before a card was read; some terminals ignore it. */
export function buildAbort(): Uint8Array {
  return buildApdu(abort);
}
