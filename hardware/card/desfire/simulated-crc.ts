import type { Bytes } from './simulated-cipher.ts';

/** CRC-32 as a DESFire card makes it: that of ISO 3309 without the inversion at the end, lowest byte first (cards.md 2.3). */
export function crc32(message: Bytes): number[] {
  let sum = 0xffff_ffff;
  for (const byte of message) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb8_8320 : 0);
  }
  return [sum, sum >>> 8, sum >>> 16, sum >>> 24].map((part) => part & 0xff);
}
