import jsqr from 'jsqr';
import { slipToSvg } from '../../../hardware/printer/roll-picture.ts';
import type { Slip } from '../../../hardware/printer/simulated-roll.ts';

/** What a phone reads from a photograph of the whole slip, its words and edges included; undefined: it finds no code. */
export function photographed(slip: Slip, columns: number): string | undefined {
  const svg = slipToSvg(slip, columns);
  const [, width = 0, height = 0] = (/width="(\d+)" height="(\d+)"/.exec(svg) ?? []).map(Number);
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  const black = (left: number, top: number, across: number, down: number): void => {
    for (let y = Math.round(top); y < Math.round(top + down); y += 1) {
      const start = y * width + Math.round(left);
      for (let at = start; at < start + across; at += 1) pixels.fill(0, 4 * at, 4 * at + 3);
    }
  };
  const marginDots = Number(/<g transform="translate\((\d+) 0\)/.exec(svg)?.[1]);
  for (const [, ...dots] of svg.matchAll(/M(\d+) (\d+)h(\d+)v(\d+)h-/g)) {
    const [left = 0, top = 0, across = 0, down = 0] = dots.map(Number);
    black(marginDots + left, top, across, down);
  }
  // Words are as good as black bars to whoever looks for a code.
  const texts = /translate\((\S+) (\S+)\) scale\((\d) (\d)\)" textLength="(\d+)"/g;
  for (const [, ...figures] of svg.matchAll(texts)) {
    const [left = 0, baseline = 0, wide = 1, tall = 1, length = 0] = figures.map(Number);
    black(marginDots + left, baseline - 18 * tall, length * wide, 18 * tall);
  }
  return jsqr.default(pixels, width, height)?.data;
}
