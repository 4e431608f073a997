import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { create } from 'fontkit';
import { describe, expect, it } from 'vitest';
import { charsetOf, type Glyph } from '../../../hardware/printer/charset.ts';
import {
  columnDots,
  drawLine,
  type LineStyle,
  lineDots,
} from '../../../hardware/printer/drawn-line.ts';
import { fillOutline, type Raster, withoutCommands } from '../../../hardware/printer/raster.ts';
import { outlineOf } from '../../../hardware/printer/typeface.ts';
import { trueTypeFromWoff2 } from '../../../hardware/printer/woff2.ts';

const plain: LineStyle = { language: 'zh-Hans', isBold: false, isDouble: false };
const western = charsetOf({ kind: 'code-page', name: 'cp437', number: 0 });

/** The raster as text, a character a dot. */
function picture({ widthBytes, heightDots, bits }: Raster): readonly string[] {
  return Array.from({ length: heightDots }, (_row, y) =>
    Array.from({ length: widthBytes * 8 }, (_column, x) =>
      ((bits[y * widthBytes + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) === 0 ? '.' : '#',
    ).join(''),
  );
}

function glyphOf(character: string): Glyph {
  const [glyph] = western.glyphs(character);
  if (glyph === undefined) throw new Error(`no glyph for ${character}`);
  return glyph;
}

/** Read a drawn line column by column, by comparing with each character of an alphabet drawn alone. */
function read(raster: Raster, alphabet: string, style: LineStyle): string {
  const rows = picture(raster);
  const scale = style.isDouble ? 2 : 1;
  const known = [...alphabet].map((character) => {
    const glyph = glyphOf(character);
    const width = glyph.columns * columnDots * scale;
    return {
      character,
      width,
      dots: picture(drawLine([glyph], style))
        .map((row) => row.slice(0, width))
        .join(),
    };
  });
  let text = '';
  let x = 0;
  while (x + columnDots * scale <= raster.widthBytes * 8) {
    const found = known.find(
      ({ width, dots }) => rows.map((row) => row.slice(x, x + width)).join() === dots,
    );
    if (found === undefined) throw new Error(`nothing that is known stands at dot ${x}`);
    text += found.character;
    x += found.width;
  }
  return text;
}

describe('a line that is drawn', () => {
  it.each([
    ['standard', plain],
    ['bold and double', { ...plain, isBold: true, isDouble: true }],
    ['traditional', { ...plain, language: 'zh-Hant' }],
  ] as const)('stands on the grid of the printer’s own characters, %s', (_name, style) => {
    const text = 'Zürich 人民广场 Łódź 0123 Ế';
    const raster = drawLine(western.glyphs(text), style);
    expect(raster.heightDots).toBe(lineDots * (style.isDouble ? 2 : 1));
    // Nothing is cut off, and no two characters look alike.
    expect(read(raster, [...new Set(text)].join(''), style).trimEnd()).toBe(text);
  });

  it('is black enough to read, and keeps white between lines', () => {
    for (const character of '人民广场鬱图Wmil.Ế') {
      const rows = picture(drawLine([glyphOf(character)], plain));
      expect(rows.join('')).toMatch(/##/);
      expect(rows.at(-1)).not.toContain('#');
    }
  });

  it('is bolder where it is to be bold', () => {
    const ink = (isBold: boolean) =>
      picture(drawLine(western.glyphs('人民广场'), { ...plain, isBold }))
        .join('')
        .split('#').length;
    expect(ink(true)).toBeGreaterThan(ink(false) * 1.1);
  });

  it('shows the forms of its own language', () => {
    const drawn = (language: 'zh-Hans' | 'zh-Hant') =>
      picture(drawLine(western.glyphs('骨'), { ...plain, language })).join();
    expect(drawn('zh-Hans')).not.toBe(drawn('zh-Hant'));
  });

  it('shows a frame for what nobody has', () => {
    const frame = picture(drawLine([{ text: '□', bytes: null, columns: 2 }], plain));
    const [first, ...others] = frame.filter((row) => row.includes('#'));
    expect(others.at(-1)).toBe(first);
    expect(others.every((row) => row.startsWith('..##') && row.endsWith('##..'))).toBe(true);
  });
});

describe('an outline', () => {
  const square = (left: number, right: number, isTurned = false) => {
    const [x0, x1] = isTurned ? [right, left] : [left, right];
    return [
      { x0, y0: left, x1: x0, y1: right },
      { x0: x1, y0: right, x1, y1: left },
    ];
  };
  const filled = (strokes: Parameters<typeof fillOutline>[0]) => {
    const rows = Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => '.'));
    const placing = { leftDots: 0, baselineDots: 10, emAcrossDots: 10, emDownDots: 10 };
    fillOutline(strokes, placing, { widthDots: 10, heightDots: 10 }, (x, y) => {
      rows[y]?.splice(x, 1, '#');
    });
    return rows.map((row) => row.join(''));
  };

  it('is filled, but for the holes in it', () => {
    const ring = filled([...square(0.1, 0.9), ...square(0.4, 0.6, true)]);
    expect(ring[0]).toBe('..........');
    expect(ring[1]).toBe('.########.');
    expect(ring[4]).toBe('.###..###.');
    expect(ring[8]).toBe('.########.');
  });

  it('is filled where two of its strokes lie on each other, too', () => {
    const crossed = filled([...square(0.1, 0.6), ...square(0.4, 0.9)]);
    expect(crossed.slice(3, 7)).toEqual(['....#####.', '.########.', '.########.', '.#####....']);
  });

  it('blackens a dot that it covers by half, and none that it only touches', () => {
    expect(filled(square(0.15, 0.85))[5]).toBe('.########.');
    expect(filled(square(0.18, 0.82))[5]).toBe('..######..');
  });
});

describe('the bytes of a drawing', () => {
  const rasters = fc
    .tuple(fc.integer({ min: 1, max: 72 }), fc.integer({ min: 1, max: 30 }))
    .chain(([widthBytes, heightDots]) =>
      fc
        .array(fc.constantFrom(0x00, 0x04, 0x05, 0x10, 0x14, 0x30, 0xff), {
          minLength: widthBytes * heightDots,
          maxLength: widthBytes * heightDots,
        })
        .map((bits) => ({ widthBytes, heightDots, bits: Uint8Array.from(bits) })),
    );

  it('never hold a command that printers execute at once, whatever is drawn, and hardly a dot differs', () => {
    fc.assert(
      fc.property(rasters, (raster) => {
        const safe = withoutCommands(raster);
        for (const command of ['1004', '1005', '1014']) {
          expect(Buffer.from(safe.bits).includes(command, 0, 'hex')).toBe(false);
        }
        raster.bits.forEach((byte, at) => {
          const isChanged = safe.bits[at] !== byte;
          if (isChanged) expect([byte, safe.bits[at]]).toEqual([0x10, 0x30]);
        });
      }),
    );
  });
});

describe('the fonts', () => {
  const folder = fileURLToPath(
    new URL('../../../node_modules/@fontsource-variable', import.meta.url),
  );

  it.each([
    'noto-sans/files/noto-sans-latin-standard-normal.woff2',
    'noto-sans/files/noto-sans-vietnamese-standard-normal.woff2',
    'noto-sans-sc/files/noto-sans-sc-110-wght-normal.woff2',
    'noto-sans-tc/files/noto-sans-tc-60-wght-normal.woff2',
  ])('have the same outlines as the library reads from %s', (file) => {
    const woff2 = readFileSync(`${folder}/${file}`);
    const [own, theirs] = [create(trueTypeFromWoff2(woff2)), create(woff2)];
    if (!('characterSet' in own && 'characterSet' in theirs)) throw new Error('no single font');
    expect(own.characterSet).toEqual(theirs.characterSet);
    for (const code of theirs.characterSet) {
      const [one, other] = [own, theirs].map((font) => font.glyphForCodePoint(code));
      expect(one?.path.toSVG()).toBe(other?.path.toSVG());
      expect(one?.advanceWidth).toBe(other?.advanceWidth);
    }
  });

  it('have letters of a language before those of another', () => {
    const lettering = { isWide: true, isBold: false };
    const outline = (language: 'zh-Hans' | 'zh-Hant', text: string) =>
      outlineOf(text, { ...lettering, language }, 1)?.strokes.length;
    expect(outline('zh-Hans', '骨')).not.toBe(outline('zh-Hant', '骨'));
    // Only one of both has it.
    expect(outline('zh-Hant', '际')).toBe(outline('zh-Hans', '际'));
    expect(outline('zh-Hans', '🚇')).toBe(undefined);
  });
});
