import iconv from 'iconv-lite';
import type { PrinterEncoding } from './profile.ts';
import { isDrawable } from './typeface.ts';

/** One character as it comes to paper. */
export type Glyph = {
  readonly text: string;
  /** The printer's code for it: two bytes for a full-width character. Null: it has none, so its line has to be drawn. */
  readonly bytes: Uint8Array | null;
  readonly columns: 1 | 2;
};

/** The characters that one printer can put on paper. */
export type Charset = {
  /**
   * Text as it comes to paper: control characters become spaces, invisible ones are dropped, what has no code is replaced by what
   * means the same (see `substitutes`), else drawn, and what no font here has becomes a visible box. Never a silent "?", never
   * another letter, never a command.
   */
  readonly glyphs: (text: string) => readonly Glyph[];
  /** The characters of `text` that would become boxes: for refusing a configured text when it is loaded. */
  readonly unprintable: (text: string) => readonly string[];
};

/** Tried in order, then the compatibility form. A letter without its accents is another letter: it is drawn instead. */
const substitutes: Readonly<Record<string, readonly string[]>> = {
  // U+00A5 has no code in GBK or Big5; U+FFE5 has, and single-byte pages have the first.
  '¥': ['￥', 'CNY '],
  '￥': ['¥', 'CNY '],
  '€': ['EUR '],
  '•': ['*'],
  '·': ['.'],
  '–': ['-'],
  '—': ['-'],
  '‘': ["'"],
  '’': ["'"],
  '“': ['"'],
  '”': ['"'],
  '。': ['.'],
  '、': [','],
  '×': ['x'],
};

const boxes = ['□', '■', '#'];
const cache = new Map<string, Charset>();

/** The charset of an encoding. Made once for each. */
export function charsetOf(encoding: PrinterEncoding): Charset {
  const name = iconvName(encoding);
  const known = cache.get(name);
  if (known !== undefined) return known;
  const made = makeCharset(name);
  cache.set(name, made);
  return made;
}

function iconvName(encoding: PrinterEncoding): string {
  if (encoding.kind === 'gb18030') return 'gb18030';
  // cp950 and not iconv's "big5", which is HKSCS and has codes without a glyph on plain Big5 printers.
  return encoding.kind === 'big5' ? 'cp950' : encoding.name;
}

function makeCharset(name: string): Charset {
  const box = firstPrintable(boxes, name) ?? [];
  // Keyed by one code point; null for what has neither code nor substitute.
  const seen = new Map<string, readonly Glyph[] | null>();
  const lookUp = (character: string): readonly Glyph[] | null => {
    const known = seen.get(character);
    if (known !== undefined) return known;
    const found = find(character, name);
    seen.set(character, found);
    return found;
  };
  return {
    glyphs: (text) => {
      const glyphs: Glyph[] = [];
      for (const character of text.normalize('NFC')) {
        for (const glyph of lookUp(character) ?? box) glyphs.push(glyph);
      }
      return glyphs;
    },
    unprintable: (text) =>
      [...text.normalize('NFC')].filter((character) => lookUp(character) === null),
  };
}

function find(character: string, name: string): readonly Glyph[] | null {
  if (/\p{Default_Ignorable_Code_Point}/u.test(character)) return [];
  if (/\p{Cc}|\p{Z}/u.test(character)) return encodeAll(' ', name);
  const forms = [character, ...(substitutes[character] ?? []), character.normalize('NFKC')];
  return firstPrintable(forms, name) ?? drawn(character);
}

// Unicode East Asian Width: wide and full-width, of what the fonts here have.
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;

/** A mark that belongs to another character cannot be drawn alone. */
function drawn(character: string): readonly Glyph[] | null {
  if (/[\p{M}\p{C}]/u.test(character) || !isDrawable(character)) return null;
  return [{ text: character, bytes: null, columns: wide.test(character) ? 2 : 1 }];
}

function firstPrintable(forms: readonly string[], name: string): readonly Glyph[] | null {
  for (const form of forms) {
    const glyphs = encodeAll(form, name);
    if (glyphs !== null && glyphs.length > 0) return glyphs;
  }
  return null;
}

function encodeAll(text: string, name: string): readonly Glyph[] | null {
  const glyphs: Glyph[] = [];
  for (const character of text) {
    const glyph = encodeOne(character, name);
    if (glyph === null) return null;
    glyphs.push(glyph);
  }
  return glyphs;
}

/** Encode, decode back, compare. Private-use characters have codes but no glyphs; U+FFFD is how iconv decodes unused codes. */
function encodeOne(character: string, name: string): Glyph | null {
  if (/[\p{Cc}\p{Co}\p{Cs}\ufffd]/u.test(character)) return null;
  const bytes = iconv.encode(character, name);
  if (iconv.decode(bytes, name) !== character) return null;
  const [first = 0] = bytes;
  const isWide = bytes.length === 2 && first >= 0x81;
  const isNarrow = bytes.length === 1 && first >= 0x20 && (first < 0x7f || isSingleByte(name));
  if (!isWide && !isNarrow) return null;
  // GBK and Big5 have other letters as wide as two: they would tear a word apart. Full-width forms are meant to be wide.
  if (
    isWide &&
    /[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}]/u.test(character) &&
    character.normalize('NFKC') === character
  )
    return null;
  // Four-byte codes, and two-byte codes that GBK does not have, are missing in many printers' fonts.
  if (name === 'gb18030' && !iconv.encode(character, 'gbk').equals(bytes)) return null;
  return { text: character, bytes: Uint8Array.from(bytes), columns: isWide ? 2 : 1 };
}

function isSingleByte(name: string): boolean {
  return name !== 'gb18030' && name !== 'cp950';
}
