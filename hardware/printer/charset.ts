import iconv from 'iconv-lite';
import type { PrinterEncoding } from './profile.ts';

/** One character as the printer prints it. Two-byte codes are full-width glyphs: bytes and columns are the same number. */
export type Glyph = {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly columns: 1 | 2;
};

/** The characters that one printer has. */
export type Charset = {
  /**
   * Text as this printer can print it: control characters become spaces, invisible ones are dropped, what has no code is
   * replaced (see `substitutes`), and what cannot be replaced becomes a visible box. Never a silent "?", never a command.
   */
  readonly glyphs: (text: string) => readonly Glyph[];
  /** The characters of `text` that would become boxes: for refusing a configured text when it is loaded. */
  readonly unprintable: (text: string) => readonly string[];
};

/** Tried in order before the general rules (compatibility form, then the letter without its accents). */
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
  const withoutAccents = character.normalize('NFKD').replace(/\p{M}/gu, '');
  const forms = [character, ...(substitutes[character] ?? []), character.normalize('NFKC')];
  return firstPrintable([...forms, withoutAccents], name);
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
  // Four-byte codes, and two-byte codes that GBK does not have, are missing in many printers' fonts.
  if (name === 'gb18030' && !iconv.encode(character, 'gbk').equals(bytes)) return null;
  return { text: character, bytes: Uint8Array.from(bytes), columns: isWide ? 2 : 1 };
}

function isSingleByte(name: string): boolean {
  return name !== 'gb18030' && name !== 'cp950';
}
