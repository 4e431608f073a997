import { fromHex, toHex } from './hex.ts';

/** Decimal digits packed two to a byte. Throws a RangeError for an odd number of them or for anything else. */
export function bcdFromDigits(digits: string): Uint8Array {
  if (/[^0-9]/.test(digits)) throw new RangeError('not decimal digits');
  return fromHex(digits);
}

/** The digits of packed BCD, or null where a half byte is not a digit. */
export function digitsFromBcd(bytes: Uint8Array): string | null {
  const digits = toHex(bytes);
  return /[A-F]/.test(digits) ? null : digits;
}
