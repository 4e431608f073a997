import { hexNumber } from './hex.ts';

export type StatusWordMeanings = Readonly<Record<number, string>>;

export const ok = 0x9000;

/** What the words mean whatever the command (ISO 7816-4 and PBOC, cards.md 1.7). A command's own table goes first. */
const commonMeanings: StatusWordMeanings = {
  25985: 'memory failure',
  26368: 'wrong length',
  26881: 'not in this state',
  27010: 'security condition not met',
  27011: 'blocked',
  27012: 'reference data not usable',
  27013: 'conditions not met',
  27016: 'secure messaging data wrong',
  27264: 'data field wrong',
  27265: 'application blocked',
  27266: 'not found',
  27267: 'no such record',
  27270: 'P1 or P2 wrong',
  27272: 'reference data not found',
  27392: 'parameters wrong',
  27904: 'instruction not known',
  28160: 'class not known',
  28416: 'no precise diagnosis',
  37635: 'application locked for good',
  37891: 'no such key index',
};

/** "9302 (MAC2 invalid)", or the bare word where it means nothing known. */
export function statusWordText(statusWord: number, meanings: StatusWordMeanings): string {
  const meaning = meanings[statusWord] ?? commonMeanings[statusWord];
  const word = hexNumber(statusWord, 4);
  return meaning === undefined ? word : `${word} (${meaning})`;
}
