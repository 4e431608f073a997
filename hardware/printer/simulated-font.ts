import iconv from 'iconv-lite';
import type { PrinterEncoding } from './profile.ts';

/** What a character's code looks like in the printer's font; null when the font has nothing for it. */
export type PrinterFont = (code: number, codePage: number) => string | null;

// ESC t: numbers as on Epson and most others.
const codePages: Readonly<Record<number, string>> = {
  0: 'cp437',
  2: 'cp850',
  16: 'cp1252',
  17: 'cp866',
  19: 'cp858',
};

const decoded = new Map<string, Map<number, string | null>>();

/** The font of a model. Mainland printers have GBK glyphs (no four-byte codes), Taiwan printers plain Big5. */
export function simulatedFont(encoding: PrinterEncoding): PrinterFont {
  const wide = encoding.kind === 'gb18030' ? 'gbk' : 'cp950';
  return (code, codePage) => {
    if (code < 0x80) return String.fromCharCode(code);
    const page = code > 0xff ? wide : codePages[codePage];
    return page === undefined ? null : look(code, page);
  };
}

export function isCodePage(number: number): boolean {
  return codePages[number] !== undefined;
}

function look(code: number, page: string): string | null {
  let known = decoded.get(page);
  if (known === undefined) {
    known = new Map();
    decoded.set(page, known);
  }
  let character = known.get(code);
  if (character === undefined) {
    const bytes = code > 0xff ? [code >> 8, code & 0xff] : [code];
    const text = iconv.decode(Uint8Array.from(bytes), page);
    character = [...text].length === 1 && !/[\ufffd\p{Co}\p{Cc}]/u.test(text) ? text : null;
    known.set(code, character);
  }
  return character;
}
