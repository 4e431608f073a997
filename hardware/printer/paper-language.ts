import type { Language } from '../../main/contract/language.ts';
import type { PrinterEncoding } from './profile.ts';

/**
 * The language to print in for a person who reads this one, on this printer. Big5 has no simplified characters: their
 * readers are given traditional ones. A printer with code pages only prints English.
 */
export function paperLanguage(language: Language, encoding: PrinterEncoding): Language {
  if (encoding.kind === 'code-page') return 'en';
  if (encoding.kind === 'big5' && language === 'zh-Hans') return 'zh-Hant';
  return language;
}
