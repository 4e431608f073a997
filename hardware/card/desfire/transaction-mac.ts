import type { KeyObject } from 'node:crypto';
import { joinBytes } from '../bytes.ts';
import { aesKey, cmac } from './aes-cmac.ts';
import { littleEndian } from './little-endian.ts';
import { truncatedMac } from './truncated-mac.ts';

/** SesTMMACKey. `counter`: TMC after the transaction, as the card answers it; `uid` 7 bytes (cards.md 2.4). */
export function transactionMacKey(key: KeyObject, counter: number, uid: Uint8Array): Uint8Array {
  const label = Uint8Array.of(0x5a, 0x00, 0x01, 0x00, 0x80);
  return cmac(key, joinBytes(label, littleEndian(counter, 4), uid));
}

/** TMV, 8 bytes, over the transaction's input (see transaction-mac-input.ts). */
export function transactionMac(
  key: KeyObject,
  counter: number,
  uid: Uint8Array,
  input: Uint8Array,
): Uint8Array {
  return truncatedMac(aesKey(transactionMacKey(key, counter, uid)), input);
}
