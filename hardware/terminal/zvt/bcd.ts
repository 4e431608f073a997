/** Write a whole number as packed BCD, two digits a byte, leading zeros. Throws a RangeError when it does not fit. */
export function toBcd(value: number, length: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} has no BCD form`);
  const bytes = new Uint8Array(length);
  let rest = value;
  for (let at = length - 1; at >= 0; at -= 1) {
    const pair = rest % 100;
    bytes[at] = (Math.floor(pair / 10) << 4) | (pair % 10);
    rest = Math.floor(rest / 100);
  }
  if (rest !== 0) throw new RangeError(`${value} does not fit in ${length} bytes of BCD`);
  return bytes;
}

/** Read packed BCD as a whole number; null when a nibble is not a digit (masked or padded fields). */
export function fromBcd(bytes: Uint8Array): number | null {
  let value = 0;
  for (const byte of bytes) {
    const high = byte >> 4;
    const low = byte & 0x0f;
    if (high > 9 || low > 9) return null;
    value = value * 100 + high * 10 + low;
  }
  return value;
}
