/** How long a field is: a fixed number of bytes, or a length in front of it. */
type FieldLength = number | 'llvar' | 'lllvar' | 'tlv';

/** ZVT PA00P015 13.x, "summary of used bitmaps"; 01, 02, 03, 05, 3A from the public `zvt` crate (EVerest). */
const fieldLengths: ReadonlyMap<number, FieldLength> = new Map<number, FieldLength>([
  [0x01, 1],
  [0x02, 1],
  [0x03, 1],
  [0x04, 6],
  [0x05, 1],
  [0x06, 'tlv'],
  [0x0b, 3],
  [0x0c, 3],
  [0x0d, 2],
  [0x0e, 2],
  [0x17, 2],
  [0x19, 1],
  [0x22, 'llvar'],
  [0x23, 'llvar'],
  [0x24, 'lllvar'],
  [0x27, 1],
  [0x29, 4],
  [0x2a, 15],
  [0x2d, 'llvar'],
  [0x37, 3],
  [0x3a, 2],
  [0x3b, 8],
  [0x3c, 'lllvar'],
  [0x49, 2],
  [0x60, 'lllvar'],
  [0x87, 2],
  [0x88, 3],
  [0x8a, 1],
  [0x8b, 'llvar'],
  [0x8c, 1],
  [0x92, 'lllvar'],
  [0x9a, 'lllvar'],
  [0xa0, 1],
  [0xa7, 'llvar'],
  [0xaa, 3],
  [0xba, 5],
]);

/**
 * Card number, tracks, expiry, sequence number, CVV: skipped while parsing, so that nothing above ever holds them. A
 * terminal masks the card number, but nothing here depends on that.
 */
const cardholderData = new Set([0x0e, 0x17, 0x22, 0x23, 0x24, 0x2d, 0x3a]);

/** What was left when parsing had to stop: at an unknown field (its length cannot be known) or a field cut short. */
export type BitmapRest = { readonly bmp: number; readonly length: number };

/**
 * Go through a block of bitmap fields. `visit` is given views into `data`: copy what is kept. Cardholder data is never
 * visited. The answer is null at the block's end, else where it had to stop: the fields before that are good.
 */
export function walkBitmaps(
  data: Uint8Array,
  visit: (bmp: number, value: Uint8Array) => void,
): BitmapRest | null {
  let at = 0;
  while (at < data.length) {
    const bmp = data[at] ?? 0;
    const kind = fieldLengths.get(bmp);
    const span = kind === undefined ? null : valueSpan(data, at + 1, kind);
    if (span === null || span.end > data.length) return { bmp, length: data.length - at };
    if (!cardholderData.has(bmp)) visit(bmp, data.subarray(span.start, span.end));
    at = span.end;
  }
  return null;
}

function valueSpan(
  data: Uint8Array,
  at: number,
  kind: FieldLength,
): { readonly start: number; readonly end: number } | null {
  if (typeof kind === 'number') return { start: at, end: at + kind };
  if (kind === 'tlv') return berSpan(data, at);
  const digits = kind === 'llvar' ? 2 : 3;
  let length = 0;
  for (let i = 0; i < digits; i += 1) {
    const byte = data[at + i];
    // Each digit of the length is a byte F0 to F9.
    if (byte === undefined || byte >> 4 !== 0x0f || (byte & 0x0f) > 9) return null;
    length = length * 10 + (byte & 0x0f);
  }
  return { start: at + digits, end: at + digits + length };
}

/** A BER length at `at` and the value behind it: 00-7F, 81 xx, 82 xx xx (high byte first). */
export function berSpan(
  data: Uint8Array,
  at: number,
): { readonly start: number; readonly end: number } | null {
  const first = data[at];
  if (first === undefined) return null;
  if (first < 0x80) return { start: at + 1, end: at + 1 + first };
  const second = data[at + 1];
  if (second === undefined) return null;
  if (first === 0x81) return { start: at + 2, end: at + 2 + second };
  const third = data[at + 2];
  if (first !== 0x82 || third === undefined) return null;
  return { start: at + 3, end: at + 3 + ((second << 8) | third) };
}
