/** Bytes as upper-case hex digits without spaces. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('hex')
    .toUpperCase();
}

/** Hex digits to bytes; spaces are allowed between them. Throws a RangeError for anything else. */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/ /g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) {
    throw new RangeError('not an even number of hex digits');
  }
  return new Uint8Array(Buffer.from(digits, 'hex'));
}

/** A byte or a word as upper-case hex of that many digits. */
export function hexNumber(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
