import type { Language } from '../../main/contract/language.ts';
import type { Glyph } from './charset.ts';
import { Canvas, fillOutline, type Raster } from './raster.ts';
import { type Lettering, outlineOf } from './typeface.ts';

/** Dots of a standard column, and from line to line. */
export const columnDots = 12;
export const lineDots = 30;

// Chinese characters are 24 dots high, 3 above and 3 below; letters stand on the same baseline, 0.88 em down.
const emDots = 24;
const baselineDots = 24;

export type LineStyle = {
  readonly language: Language;
  readonly isBold: boolean;
  /** Twice as wide and as high. */
  readonly isDouble: boolean;
};

type Cell = { readonly widthDots: number; readonly dots: readonly (readonly [number, number])[] };

/** As charset.ts puts it for a character that can neither be printed nor drawn. */
const box = '□';

/** Kept for good: names and words of a station are the same on every receipt. */
const cells = new Map<string, Cell>();
const cellsMax = 2_000;

/** A line of text as dots, on the grid that the printer's own characters stand on. As wide as its glyphs, and one line high. */
export function drawLine(glyphs: readonly Glyph[], style: LineStyle): Raster {
  const scale = style.isDouble ? 2 : 1;
  const columns = glyphs.reduce((sum, glyph) => sum + glyph.columns, 0);
  const canvas = new Canvas(columns * columnDots * scale, lineDots * scale);
  let left = 0;
  for (const glyph of glyphs) {
    const { widthDots, dots } = cellOf(glyph, style, scale);
    for (const [x, y] of dots) canvas.set(left + x, y);
    left += widthDots;
  }
  return canvas;
}

function cellOf(glyph: Glyph, { language, isBold }: LineStyle, scale: number): Cell {
  const isWide = glyph.columns === 2;
  const key = `${glyph.text} ${language} ${isWide} ${isBold} ${scale}`;
  const known = cells.get(key);
  if (known !== undefined) return known;
  const cell = drawCell(glyph.text, { language, isWide, isBold }, scale);
  if (cells.size >= cellsMax) cells.clear();
  cells.set(key, cell);
  return cell;
}

function drawCell(text: string, lettering: Lettering, scale: number): Cell {
  const widthDots = (lettering.isWide ? 2 : 1) * columnDots * scale;
  const dots: [number, number][] = [];
  const em = emDots * scale;
  const outline = text === box ? null : outlineOf(text, lettering, widthDots / em);
  if (outline === null) return { widthDots, dots: frame(widthDots, scale) };
  // A letter that is too wide for its column is pressed together, a narrow one stands in the middle.
  const emAcrossDots = Math.min(em, widthDots / outline.advanceEm);
  const placing = {
    leftDots: (widthDots - outline.advanceEm * emAcrossDots) / 2,
    baselineDots: baselineDots * scale,
    emAcrossDots,
    emDownDots: em,
  };
  const size = { widthDots, heightDots: lineDots * scale };
  fillOutline(outline.strokes, placing, size, (x, y) => dots.push([x, y]));
  return { widthDots, dots };
}

/** What stands for a character that nobody has. */
function frame(widthDots: number, scale: number): [number, number][] {
  const margin = 2 * scale;
  const [top, bottom] = [6 * scale, 24 * scale];
  const dots: [number, number][] = [];
  for (let y = top; y < bottom; y += 1) {
    for (let x = margin; x < widthDots - margin; x += 1) {
      const isInside = x >= 2 * margin && x < widthDots - 2 * margin;
      if (!isInside || y < top + margin || y >= bottom - margin) dots.push([x, y]);
    }
  }
  return dots;
}
