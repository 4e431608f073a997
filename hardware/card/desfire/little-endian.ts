/** A whole number of 0 or more as so many bytes (1 to 4), least significant first, as everywhere on a DESFire card. */
export function littleEndian(value: number, lengthBytes: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value >= 256 ** lengthBytes) {
    throw new RangeError(`${value} does not fit in ${lengthBytes} bytes`);
  }
  const bytes = new Uint8Array(lengthBytes);
  let rest = value;
  for (let at = 0; at < lengthBytes; at += 1) {
    bytes[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

export function readLittleEndian(bytes: Uint8Array, at: number, lengthBytes: number): number {
  return bytes.subarray(at, at + lengthBytes).reduceRight((value, byte) => value * 256 + byte, 0);
}

/** 4 bytes as a number with a sign: values of a value file may be below zero. */
export function readSignedLittleEndian(bytes: Uint8Array, at: number): number {
  return readLittleEndian(bytes, at, 4) | 0;
}
