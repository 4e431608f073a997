export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Two bytes, most significant first. */
export function uint16Bytes(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) {
    throw new RangeError(`${value} does not fit in two bytes`);
  }
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** Four bytes, most significant first. */
export function uint32Bytes(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new RangeError(`${value} does not fit in four bytes`);
  }
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

/** `lengthBytes` (1 to 4) bytes at `at` as an unsigned number, most significant first. */
export function readUint(bytes: Uint8Array, at: number, lengthBytes: number): number {
  let value = 0;
  for (const byte of bytes.subarray(at, at + lengthBytes)) value = value * 256 + byte;
  return value;
}
