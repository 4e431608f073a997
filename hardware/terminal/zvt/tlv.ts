import { berSpan } from './bitmap.ts';

/**
 * Go through the data objects of a TLV container (the value of bitmap 06), not into constructed ones. Tags of two bytes
 * begin with xx1F in their low five bits. Stops without an answer where the container is cut short.
 */
export function walkTlv(data: Uint8Array, visit: (tag: number, value: Uint8Array) => void): void {
  let at = 0;
  while (at < data.length) {
    const first = data[at] ?? 0;
    const long = (first & 0x1f) === 0x1f;
    const second = data[at + 1];
    if (long && second === undefined) return;
    const tag = long ? (first << 8) | (second ?? 0) : first;
    const span = berSpan(data, at + (long ? 2 : 1));
    if (span === null || span.end > data.length) return;
    visit(tag, data.subarray(span.start, span.end));
    at = span.end;
  }
}
