import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charsetOf } from '../../../hardware/printer/charset.ts';
import type { PaperBlock } from '../../../hardware/printer/document.ts';
import { layOut, type PaperLine } from '../../../hardware/printer/layout.ts';
import { settledProfiles } from '../../../hardware/printer/profile.ts';

const charsets = ['gb18030-80mm', 'big5-80mm', 'western-80mm'].map((name) =>
  charsetOf(settledProfiles[name as keyof typeof settledProfiles].encoding),
);
const chinese = charsetOf({ kind: 'gb18030' });

const fullWidth = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\uff01-\uff60\uffe0-\uffe6]/u;

/** By what is on the line, not by what the layout thinks: a code of two bytes is full-width, and so is Chinese that is drawn. */
function paperColumns(line: PaperLine): number {
  if (line.kind === 'qr') return 0;
  let columns = 0;
  for (const { text, bytes } of line.glyphs) {
    columns += bytes?.length ?? (text.normalize('NFKC') === text && fullWidth.test(text) ? 2 : 1);
  }
  return line.double ? columns * 2 : columns;
}

function textOf(line: PaperLine): string {
  return line.kind === 'qr' ? '' : line.glyphs.map((glyph) => glyph.text).join('');
}

function linesOf(blocks: readonly PaperBlock[], columns: number): readonly string[] {
  return layOut(blocks, chinese, columns).map(textOf);
}

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 90 }),
  fc.stringMatching(/^[a-z ，。（站充a]{0,90}$/),
);
const blocks = fc.oneof(
  fc.record({ kind: fc.constantFrom('title', 'note', 'footer'), text: words }),
  fc.record({ kind: fc.constantFrom('row', 'amount'), key: words, value: words }),
  fc.record({ kind: fc.constant('rule') }),
) as fc.Arbitrary<PaperBlock>;

describe('laying out', () => {
  it('never makes a line wider than the paper, whatever is printed', () => {
    fc.assert(
      fc.property(
        fc.array(blocks, { maxLength: 4 }),
        fc.integer({ min: 24, max: 64 }),
        (doc, columns) => {
          for (const charset of charsets) {
            for (const line of layOut(doc, charset, columns)) {
              expect(paperColumns(line)).toBeLessThanOrEqual(columns);
            }
          }
        },
      ),
    );
  });

  it('loses no character of a text but the spaces at which it breaks', () => {
    fc.assert(
      fc.property(words, (text) => {
        const whole = chinese
          .glyphs(text)
          .map((glyph) => glyph.text)
          .join('');
        const shown = linesOf([{ kind: 'note', text }], 24).join('');
        expect(shown.replaceAll(' ', '')).toBe(whole.replaceAll(' ', ''));
      }),
    );
  });

  it('puts a value beside its key, and below it where there is no room', () => {
    const row = (value: string) => linesOf([{ kind: 'row', key: '站点', value }], 24);
    expect(row('人民广场站')).toEqual(['站点          人民广场站']);
    expect(row('轨道交通二号线人民广场站')).toEqual([
      '站点',
      '轨道交通二号线人民广场站'.slice(0, 11).padStart(13),
      '站'.padStart(23),
    ]);
  });

  it('breaks English between words and Chinese anywhere but before a full stop', () => {
    expect(linesOf([{ kind: 'note', text: 'keep this slip with you please' }], 24)).toEqual([
      'keep this slip with you',
      'please',
    ]);
    const [first, second] = linesOf(
      [{ kind: 'note', text: '请妥善保管本凭条您的款项。正在核实' }],
      24,
    );
    expect(first).toBe('请妥善保管本凭条您的款');
    expect(second).toBe('项。正在核实');
  });

  it('lets a mark begin a line where it would not fit behind its word', () => {
    const word = 'a'.repeat(23);
    expect(linesOf([{ kind: 'note', text: ` ${word}，` }], 24)).toEqual([word, '，']);
  });

  it('prints a figure that is too long for large letters small and whole', () => {
    const lines = layOut(
      [{ kind: 'amount', key: '金额', value: '￥90,071,992,547,409.91' }],
      chinese,
      32,
    );
    expect(lines[1]).toMatchObject({ double: false, bold: true });
    expect(lines.map(textOf)).toEqual(['金额', '￥90,071,992,547,409.91']);
  });
});

describe('characters', () => {
  /** What comes to paper; what is drawn stands in braces. */
  const shown = (text: string, index: number) =>
    charsets[index]
      ?.glyphs(text)
      .map((glyph) => (glyph.bytes === null ? `{${glyph.text}}` : glyph.text))
      .join('');

  it('that a printer lacks are replaced where something else means the same', () => {
    expect(shown('¥1 • – “a” …', 0)).toBe('￥1 * – “a” …');
    expect(shown('€1', 0)).toBe('EUR 1');
    expect(shown('￥1 • “a” ：', 2)).toBe('¥1 • “a” :');
  });

  it('that a printer lacks are drawn where nothing else means the same: never without their accents', () => {
    expect(shown('ñ ő', 0)).toBe('{ñ} {ő}');
    expect(shown('園园', 1)).toBe('園{园}');
    expect(shown('广', 2)).toBe('{广}');
    expect(shown('Ελλάδα', 2)).toBe('{Ε}{λ}{λ}{ά}{δ}{α}');
  });

  it('of two columns do not tear a word of other letters apart', () => {
    expect(shown('Café Москва', 0)).toBe('Caf{é} {М}{о}{с}{к}{в}{а}');
    expect(shown('ＡＢ', 0)).toBe('ＡＢ');
  });

  it('that can neither be printed nor drawn are named, so that a configured text can be refused', () => {
    expect(chinese.unprintable('人民广场站 • ¥ Łódź')).toEqual([]);
    expect(chinese.unprintable('𠮷野家 🚇 e\u0323\u0301\u0301 हि')).toEqual([
      ...['𠮷', '🚇', '\u0301', '\u0301', 'ह', 'ि'],
    ]);
    expect(charsetOf({ kind: 'big5' }).unprintable('人民广场')).toEqual([]);
    expect(shown('𠮷', 0)).toBe('□');
  });
});
