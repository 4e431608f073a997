import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';

/**
 * AES-128 as a DESFire load authority needs it. Everything is asked of aes-128-cbc, which BoringSSL (Electron) has too:
 * one block with IV 0 is what ECB would make of it.
 */
const algorithm = 'aes-128-cbc';
export const blockBytes = 16;
export const zeroIv = new Uint8Array(blockBytes);

/** A key that can be used and not be seen. Throws a RangeError for anything but 16 bytes. */
export function aesKey(bytes: Uint8Array): KeyObject {
  if (bytes.length !== blockBytes) throw new RangeError('an AES-128 key has 16 bytes');
  return createSecretKey(bytes);
}

/** CBC without padding: whole blocks only. */
export function encipher(key: KeyObject, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createCipheriv(algorithm, key, iv).setAutoPadding(false);
  // A copy that is no Buffer: slices of a Buffer would share its memory.
  return new Uint8Array(cipher.update(data));
}

export function decipher(key: KeyObject, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const cipher = createDecipheriv(algorithm, key, iv).setAutoPadding(false);
  return new Uint8Array(cipher.update(data));
}

/** CMAC (NIST SP 800-38B 6.2), all 16 bytes. `iv`: what the chain begins with, 0 by the standard. */
export function cmac(key: KeyObject, message: Uint8Array, iv: Uint8Array = zeroIv): Uint8Array {
  const k1 = doubled(encipher(key, zeroIv, zeroIv));
  const blocks = Math.max(1, Math.ceil(message.length / blockBytes));
  const padded = new Uint8Array(blocks * blockBytes);
  padded.set(message);
  const isWhole = message.length === padded.length;
  if (!isWhole) padded[message.length] = 0x80;
  const subkey = isWhole ? k1 : doubled(k1);
  const lastAt = padded.length - blockBytes;
  for (const [at, byte] of subkey.entries())
    padded[lastAt + at] = (padded[lastAt + at] ?? 0) ^ byte;
  return encipher(key, iv, padded).slice(lastAt);
}

/** Times x in GF(2^128), as subkeys are made (NIST SP 800-38B 6.1). */
function doubled(block: Uint8Array): Uint8Array {
  const carry = (block[0] ?? 0) & 0x80;
  const shifted = block.map((byte, at) => (byte << 1) | ((block[at + 1] ?? 0) >> 7));
  if (carry !== 0) shifted[blockBytes - 1] = (shifted[blockBytes - 1] ?? 0) ^ 0x87;
  return shifted;
}

/** The first byte goes to the end, as both sides show that they know a random number. */
export function rotated(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(...bytes.subarray(1), ...bytes.subarray(0, 1));
}
