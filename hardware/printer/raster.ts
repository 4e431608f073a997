import type { Stroke } from './typeface.ts';

/** Dots, as GS v 0 takes them. */
export type Raster = {
  readonly widthBytes: number;
  readonly heightDots: number;
  /** Rows from the top, most significant bit on the left, 1 is black. */
  readonly bits: Uint8Array;
};

/** A raster on which dots can be set. */
export class Canvas implements Raster {
  readonly widthBytes: number;
  readonly heightDots: number;
  readonly bits: Uint8Array;

  constructor(widthDots: number, heightDots: number) {
    this.widthBytes = Math.ceil(widthDots / 8);
    this.heightDots = heightDots;
    this.bits = new Uint8Array(this.widthBytes * heightDots);
  }

  set(x: number, y: number): void {
    const at = y * this.widthBytes + (x >> 3);
    this.bits[at] = (this.bits[at] ?? 0) | (0x80 >> (x & 7));
  }
}

/** Where an outline goes: dots from the left and from the top to its origin on the baseline, dots an em across and down. */
export type Placing = {
  readonly leftDots: number;
  readonly baselineDots: number;
  readonly emAcrossDots: number;
  readonly emDownDots: number;
};

const linesPerDot = 5;
/** A dot is black when at least this much of it is covered: less than half, for paper shows thin strokes thinner. */
const covered = 0.42;

/** Call `black` for each dot within `widthDots` × `heightDots` that an outline covers (non-zero winding). */
export function fillOutline(
  strokes: readonly Stroke[],
  { leftDots, baselineDots, emAcrossDots, emDownDots }: Placing,
  { widthDots, heightDots }: { readonly widthDots: number; readonly heightDots: number },
  black: (x: number, y: number) => void,
): void {
  const coverage = new Float64Array(widthDots);
  for (let row = 0; row < heightDots; row += 1) {
    coverage.fill(0);
    for (let line = 0; line < linesPerDot; line += 1) {
      const y = row + (line + 0.5) / linesPerDot;
      const height = (baselineDots - y) / emDownDots;
      for (const [from, to] of spans(strokes, height)) {
        cover(coverage, leftDots + from * emAcrossDots, leftDots + to * emAcrossDots);
      }
    }
    for (let x = 0; x < widthDots; x += 1) {
      if ((coverage[x] ?? 0) >= covered * linesPerDot) black(x, row);
    }
  }
}

/** Where a horizontal line at this height is inside the outline, in em from left to right. */
function spans(strokes: readonly Stroke[], height: number): readonly (readonly [number, number])[] {
  const crossings: { readonly x: number; readonly turn: number }[] = [];
  for (const { x0, y0, x1, y1 } of strokes) {
    if (y0 <= height === y1 <= height) continue;
    const x = x0 + ((height - y0) / (y1 - y0)) * (x1 - x0);
    crossings.push({ x, turn: y1 > y0 ? 1 : -1 });
  }
  crossings.sort((one, other) => one.x - other.x);
  const inside: [number, number][] = [];
  let winding = 0;
  let from = 0;
  for (const { x, turn } of crossings) {
    if (winding === 0) from = x;
    winding += turn;
    if (winding === 0) inside.push([from, x]);
  }
  return inside;
}

/** Add what a span covers of each dot on its way. */
function cover(coverage: Float64Array, from: number, to: number): void {
  const first = Math.max(0, Math.floor(from));
  const last = Math.min(coverage.length - 1, Math.ceil(to) - 1);
  for (let x = first; x <= last; x += 1) {
    const part = Math.min(x + 1, to) - Math.max(x, from);
    coverage[x] = (coverage[x] ?? 0) + Math.max(0, part);
  }
}

const dle = 0x10;
// DLE EOT, DLE ENQ, DLE DC4: printers execute these at once, also in the middle of an image.
const realTime = new Set([0x04, 0x05, 0x14]);

/**
 * The same dots without a real-time command among their bytes. DLE is a dot alone with white on both sides: where it would begin a
 * command, it is made two dots wide.
 */
export function withoutCommands(raster: Raster): Raster {
  const bits = raster.bits.slice();
  for (let at = 0; at + 1 < bits.length; at += 1) {
    if (bits[at] === dle && realTime.has(bits[at + 1] ?? 0)) bits[at] = 0x30;
  }
  return { ...raster, bits };
}
