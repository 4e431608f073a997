import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { create, type Font, type PathCommand } from 'fontkit';
import type { Language } from '../../main/contract/language.ts';
import { trueTypeFromWoff2 } from './woff2.ts';

/** A stroke of a glyph's outline, in em, y upwards from the baseline. Curves are cut into short lines. */
export type Stroke = {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
};

export type Outline = {
  readonly strokes: readonly Stroke[];
  readonly advanceEm: number;
};

/** Which of the shipped fonts to look into first. */
export type Lettering = {
  readonly language: Language;
  /** Full-width, as Chinese characters and their punctuation are. */
  readonly isWide: boolean;
  readonly isBold: boolean;
};

// In a file's name: the axes along which it varies. Only letters can be had narrower.
const families = {
  latin: { name: 'noto-sans', axes: 'standard', widths: [100, 87.5, 75, 62.5] },
  simplified: { name: 'noto-sans-sc', axes: 'wght', widths: [100] },
  traditional: { name: 'noto-sans-tc', axes: 'wght', widths: [100] },
} as const;
type Family = keyof typeof families;

// Heavier than on screen: one dot is an eighth of a millimetre, and thin strokes fall between dots.
const weights = { plain: 450, bold: 750 } as const;
// Letters of this script change their form beside each other; that is not done here.
const unshaped = new Set(['devanagari']);

const curveSteps = 6;
const required = createRequire(import.meta.url);
const fontFolders = new Map<Family, Contents>();
const fonts = new Map<string, Font>();
const variations = new Map<string, Font>();
/** What cannot be read, by file or package, and why. */
const damaged = new Map<string, string>();

type Range = readonly [first: number, last: number];
type Subset = { readonly name: string; readonly ranges: readonly Range[] };
type Contents = { readonly folder: string; readonly subsets: readonly Subset[] };

/** Every file that receipts are drawn from. */
export function fontFiles(): readonly string[] {
  return (Object.keys(families) as Family[]).flatMap((family) => {
    const { folder, subsets } = contents(family);
    return subsets.map((subset) => filePath(folder, family, subset));
  });
}

/** What was found damaged or missing when it was needed, a clause for each: its characters became boxes. */
export function damagedFonts(): readonly string[] {
  return [...damaged].map(([name, reason]) => `${name}: ${reason}`);
}

/** Whether one of the shipped fonts has this character (one code point). */
export function isDrawable(character: string): boolean {
  return (Object.keys(families) as Family[]).some((family) => fileOf(family, character) !== null);
}

/**
 * The outline of one character, in the widest form that is no wider than `roomEm`, else the narrowest; null when no shipped font has
 * it, or none that is whole. The first of a font's file takes some milliseconds.
 */
export function outlineOf(character: string, lettering: Lettering, roomEm: number): Outline | null {
  for (const family of familiesFor(lettering)) {
    const file = fileOf(family, character);
    if (file === null) continue;
    const outline = ifWhole(file, () => outlineIn(file, family, character, lettering, roomEm));
    if (outline !== null) return outline;
  }
  return null;
}

function outlineIn(
  file: string,
  family: Family,
  character: string,
  lettering: Lettering,
  roomEm: number,
): Outline | null {
  const { unitsPerEm } = openFont(file);
  const forms = families[family].widths.map((width) =>
    varied(file, lettering.isBold, width).glyphForCodePoint(codePoint(character)),
  );
  const fitting = forms.find(({ advanceWidth }) => advanceWidth <= roomEm * unitsPerEm);
  const glyph = fitting ?? forms.at(-1);
  if (glyph === undefined) return null;
  return {
    strokes: strokes(glyph.path.commands, unitsPerEm),
    advanceEm: glyph.advanceWidth / unitsPerEm,
  };
}

/** What is read from a font. Null where it is damaged: a box on a receipt is better than a kiosk that stops over it. */
function ifWhole<Found>(name: string, read: () => Found): Found | null {
  if (damaged.has(name)) return null;
  try {
    return read();
  } catch (error) {
    damaged.set(
      name,
      error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
    );
    return null;
  }
}

function familiesFor({ language, isWide }: Lettering): readonly Family[] {
  const chinese: readonly Family[] =
    language === 'zh-Hant' ? ['traditional', 'simplified'] : ['simplified', 'traditional'];
  return isWide ? [...chinese, 'latin'] : ['latin', ...chinese];
}

/** The file of a family that has the character. The ranges that are declared are wider than what is in the files. */
function fileOf(family: Family, character: string): string | null {
  const { folder, subsets } = contents(family);
  const code = codePoint(character);
  for (const subset of subsets) {
    if (!subset.ranges.some(([first, last]) => first <= code && code <= last)) continue;
    const file = filePath(folder, family, subset);
    if (ifWhole(file, () => openFont(file).hasGlyphForCodePoint(code))) return file;
  }
  return null;
}

function filePath(folder: string, family: Family, subset: Subset): string {
  const { name, axes } = families[family];
  return path.join(folder, 'files', `${name}-${subset.name}-${axes}-normal.woff2`);
}

function contents(family: Family): Contents {
  const packageName = `@fontsource-variable/${families[family].name}`;
  return ifWhole(packageName, () => listed(family, packageName)) ?? { folder: '', subsets: [] };
}

function listed(family: Family, packageName: string): Contents {
  const known = fontFolders.get(family);
  if (known !== undefined) return known;
  const list = required.resolve(`${packageName}/unicode.json`);
  const declared: Record<string, string> = JSON.parse(readFileSync(list, 'utf8'));
  const subsets = Object.entries(declared).map(([key, ranges]) => ({
    // Numbered ones stand in brackets.
    name: key.replace(/[[\]]/g, ''),
    ranges: ranges.split(',').map(parseRange),
  }));
  const found = {
    folder: path.dirname(list),
    subsets: subsets.filter(({ name }) => !unshaped.has(name)),
  };
  fontFolders.set(family, found);
  return found;
}

/** "U+4E00-4E10" or "U+4E00". */
function parseRange(range: string): Range {
  const [first = '', last = first] = range.replace('U+', '').split('-');
  return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
}

function openFont(file: string): Font {
  const known = fonts.get(file);
  if (known !== undefined) return known;
  const font = create(trueTypeFromWoff2(readFileSync(file)));
  if (!('getVariation' in font)) throw new Error(`${file} is no single font`);
  fonts.set(file, font);
  return font;
}

function varied(file: string, isBold: boolean, wdth: number): Font {
  const wght = isBold ? weights.bold : weights.plain;
  const key = `${wght} ${wdth} ${file}`;
  const known = variations.get(key);
  if (known !== undefined) return known;
  const font = openFont(file).getVariation({ wght, wdth });
  variations.set(key, font);
  return font;
}

function strokes(commands: readonly PathCommand[], unitsPerEm: number): readonly Stroke[] {
  const drawn: Stroke[] = [];
  let [startX, startY, x, y] = [0, 0, 0, 0];
  const lineTo = (toX: number, toY: number) => {
    if (toY !== y) drawn.push({ x0: x, y0: y, x1: toX, y1: toY });
    [x, y] = [toX, toY];
  };
  for (const { command, args } of commands) {
    const [a = 0, b = 0, c = 0, d = 0] = args.map((unit) => unit / unitsPerEm);
    if (command === 'moveTo') {
      [startX, startY, x, y] = [a, b, a, b];
    } else if (command === 'lineTo') {
      lineTo(a, b);
    } else if (command === 'quadraticCurveTo') {
      const [fromX, fromY] = [x, y];
      for (let step = 1; step <= curveSteps; step += 1) {
        const t = step / curveSteps;
        const u = 1 - t;
        lineTo(
          u * u * fromX + 2 * u * t * a + t * t * c,
          u * u * fromY + 2 * u * t * b + t * t * d,
        );
      }
    } else if (command === 'closePath') {
      lineTo(startX, startY);
    }
  }
  return drawn;
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
