import type { Language } from '../../main/contract/language.ts';
import type { PrinterEncoding } from './profile.ts';

/**
 * The language to print in for a person who reads this one, on this printer. Big5 has no simplified characters: their
 * readers are given traditional ones. A printer with code pages only prints English: a Chinese receipt would have to be drawn from
 * top to bottom, 38 kB, which takes 40 s at 9600 baud. Names are drawn, words have a translation.
 */
export function paperLanguage(language: Language, encoding: PrinterEncoding): Language {
  if (encoding.kind === 'code-page') return 'en';
  if (encoding.kind === 'big5' && language === 'zh-Hans') return 'zh-Hant';
  return language;
}
