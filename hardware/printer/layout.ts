import type { Charset, Glyph } from './charset.ts';
import type { PaperBlock } from './document.ts';
import { columnDots } from './drawn-line.ts';
import { type QrSymbol, qrSymbol } from './qr-symbol.ts';

/** What the printer draws next. Text is never wider than the paper, at its size. */
export type PaperLine =
  | {
      readonly kind: 'text';
      readonly glyphs: readonly Glyph[];
      readonly align: 'left' | 'centre';
      readonly bold: boolean;
      /** Twice as wide and as high. */
      readonly double: boolean;
    }
  | { readonly kind: 'qr'; readonly symbol: QrSymbol };

/** Lay a document out for paper of `columns` standard characters. */
export function layOut(
  blocks: readonly PaperBlock[],
  charset: Charset,
  columns: number,
): readonly PaperLine[] {
  const lines: PaperLine[] = [];
  for (const block of blocks) {
    switch (block.kind) {
      case 'title':
        lines.push(...large(charset.glyphs(block.text), columns));
        break;
      case 'amount':
        lines.push(...centred(charset.glyphs(block.key), columns));
        lines.push(...large(charset.glyphs(block.value), columns));
        break;
      case 'row':
        lines.push(...row(charset, block.key, block.value, columns));
        break;
      case 'rule':
        lines.push(plain(charset.glyphs('-'.repeat(columns))));
        break;
      case 'note':
        for (const glyphs of wrap(charset.glyphs(block.text), columns)) {
          lines.push({ kind: 'text', glyphs, align: 'left', bold: true, double: false });
        }
        break;
      case 'footer':
        lines.push(...centred(charset.glyphs(block.text), columns));
        break;
      case 'qr': {
        const symbol = qrSymbol(block.text, columns * columnDots);
        // One that is too large is left out: what it is about is printed in words anyway.
        if (symbol === null) break;
        lines.push({ kind: 'qr', symbol });
        lines.push(...centred(charset.glyphs(block.caption ?? ''), columns));
        break;
      }
    }
  }
  return lines;
}

/** Lay out lines that have their layout already. One that is wider than the paper is broken. */
export function layOutLines(
  texts: readonly string[],
  charset: Charset,
  columns: number,
): readonly PaperLine[] {
  return texts.flatMap((text) => {
    const glyphs = charset.glyphs(text);
    const lines = widthOf(glyphs) <= columns ? [glyphs] : wrap(glyphs, columns);
    return lines.map(plain);
  });
}

/** Columns that the glyphs take at normal size. */
function widthOf(glyphs: readonly Glyph[]): number {
  let columns = 0;
  for (const glyph of glyphs) columns += glyph.columns;
  return columns;
}

function plain(glyphs: readonly Glyph[]): PaperLine {
  return { kind: 'text', glyphs, align: 'left', bold: false, double: false };
}

function centred(glyphs: readonly Glyph[], columns: number): PaperLine[] {
  return wrap(glyphs, columns).map((line) => ({
    kind: 'text',
    glyphs: line,
    align: 'centre',
    bold: false,
    double: false,
  }));
}

/** Double size where it fits on one line; otherwise bold at normal size, so that a figure is never torn apart. */
function large(glyphs: readonly Glyph[], columns: number): PaperLine[] {
  const double = widthOf(glyphs) * 2 <= columns;
  return wrap(glyphs, columns).map((line) => ({
    kind: 'text',
    glyphs: line,
    align: 'centre',
    bold: true,
    double,
  }));
}

/** The value on the right of the key, or below it, indented by two, when they do not fit side by side. */
function row(charset: Charset, key: string, value: string, columns: number): PaperLine[] {
  const keyGlyphs = charset.glyphs(key);
  const valueGlyphs = trimmed(charset.glyphs(value));
  const gap = columns - widthOf(keyGlyphs) - widthOf(valueGlyphs);
  if (gap >= 1) return [plain([...keyGlyphs, ...spaces(charset, gap), ...valueGlyphs])];
  const below = wrap(valueGlyphs, columns - 2).map((line) =>
    plain([...spaces(charset, columns - widthOf(line)), ...line]),
  );
  return [...wrap(keyGlyphs, columns).map(plain), ...below];
}

function spaces(charset: Charset, count: number): readonly Glyph[] {
  return charset.glyphs(' '.repeat(count));
}

// Punctuation that must not begin a line, and that must not end one.
const notFirst = new Set('，。、：；！？）】」』》”’,.:;!?)]%');
const notLast = new Set('（【「『《“‘([');

/** Break glyphs into lines of at most `columns`: at spaces, between full-width characters, and else where it must be. */
function wrap(glyphs: readonly Glyph[], columns: number): readonly (readonly Glyph[])[] {
  const lines: (readonly Glyph[])[] = [];
  let start = 0;
  let breakAt = 0;
  let width = 0;
  for (let index = 0; index < glyphs.length; index += 1) {
    const glyph = glyphs[index] as Glyph;
    if (index > start && mayBreak(glyphs[index - 1] as Glyph, glyph)) breakAt = index;
    // Twice where a full-width mark that must not begin a line no longer fits behind its word.
    while (width + glyph.columns > columns && glyph.text !== ' ') {
      const end = breakAt > start ? breakAt : index;
      lines.push(trimmed(glyphs.slice(start, end)));
      start = end;
      while (start < index && glyphs[start]?.text === ' ') start += 1;
      width = widthOf(glyphs.slice(start, index));
    }
    width += glyph.columns;
  }
  lines.push(trimmed(glyphs.slice(start)));
  return lines.filter((line) => line.length > 0);
}

function mayBreak(before: Glyph, after: Glyph): boolean {
  if (before.text === ' ') return true;
  if (notFirst.has(after.text) || notLast.has(before.text)) return false;
  return before.columns === 2 || after.columns === 2;
}

function trimmed(glyphs: readonly Glyph[]): readonly Glyph[] {
  let start = 0;
  let end = glyphs.length;
  while (start < end && glyphs[start]?.text === ' ') start += 1;
  while (end > start && glyphs[end - 1]?.text === ' ') end -= 1;
  return glyphs.slice(start, end);
}
