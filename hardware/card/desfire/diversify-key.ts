import type { KeyObject } from 'node:crypto';
import { joinBytes } from '../bytes.ts';
import { aesKey, cmac } from './aes-cmac.ts';

/**
 * AN10922 makes two blocks of its input, filling up one that is not more than a single block, which a CMAC does not: with 6
 * to 20 bytes here the input always has more than one block and at most two.
 */
export function isSystemIdentifier(bytes: Uint8Array): boolean {
  return bytes.length >= 6 && bytes.length <= 20;
}

/** A card's own key (AN10922 2.2, AES-128). `uid` 7 bytes, `application` 3 bytes, as the card is asked with it. */
export function diversifiedKey(
  masterKey: KeyObject,
  uid: Uint8Array,
  application: Uint8Array,
  systemIdentifier: Uint8Array,
): KeyObject {
  const input = joinBytes(Uint8Array.of(0x01), uid, application, systemIdentifier);
  return aesKey(cmac(masterKey, input));
}
