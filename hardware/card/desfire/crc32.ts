/**
 * The CRC-32 of EV1 secure messaging, 4 bytes, least significant first: initial value FFFFFFFF, reflected polynomial
 * EDB88320, and no final inversion (cards.md 2.3).
 */
export function crc32Bytes(data: Uint8Array): Uint8Array {
  let crc = 0xffff_ffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
    }
  }
  return Uint8Array.of(crc & 0xff, (crc >>> 8) & 0xff, (crc >>> 16) & 0xff, crc >>> 24);
}
