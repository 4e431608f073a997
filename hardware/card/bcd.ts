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

/** A date of 4 bytes, YYYYMMDD, at `offset` of a file. Null where there is no such field, or nothing was ever written to it. */
export function dateAt(file: Uint8Array, offset: number | null): string | null | 'malformed' {
  if (offset === null) return null;
  const bytes = file.subarray(offset, offset + 4);
  if (bytes.every((byte) => byte === 0x00) || bytes.every((byte) => byte === 0xff)) return null;
  return digitsFromBcd(bytes) ?? 'malformed';
}
