import type { Slip } from './simulated-books.ts';
import { ascii, counted, decimal } from './simulated-wire.ts';

/** The card in the person's hand: a test number, and what a terminal must never let out. */
export const simulatedCard = {
  number: '5598831234568074',
  expiry: '2405',
  track1: 'B5598831234568074^PERSON/A^24052011234567890',
  track2: '5598831234568074d24052011234567890',
} as const;

/**
 * The data of a status-information 04 0F in hex digits, field by field as a Feig cVEND sends it (capture in the public `zvt`
 * crate): result, amount, currency, time, date, card number masked with E, receipt, attribute, trace, and the rest.
 */
export function statusInformation(
  slip: Slip,
  settings: {
    readonly currency: number;
    readonly wallMs: number;
    readonly namesOriginal: boolean;
    readonly unmaskedCard: boolean;
  },
): string {
  const { number, expiry, track1, track2 } = simulatedCard;
  const at = new Date(settings.wallMs).toISOString();
  const shown = settings.unmaskedCard ? number : `${number.slice(0, 6)}eeeeee${number.slice(-4)}`;
  return [
    `27${slip.resultCode.toString(16).padStart(2, '0')}`,
    `04${decimal(slip.amountMinor, 12)}`,
    `49${decimal(settings.currency, 4)}`,
    `0c${at.slice(11, 13)}${at.slice(14, 16)}${at.slice(17, 19)}`,
    `0d${at.slice(5, 7)}${at.slice(8, 10)}`,
    `22${counted(shown, 2)}`,
    settings.unmaskedCard
      ? `23${counted(track2, 2)}24${counted(ascii(track1), 3)}2d${counted(ascii(track1), 2)}`
      : '',
    `87${decimal(slip.receipt, 4)}`,
    `3b${ascii('750071')}0000`,
    `0b${decimal(slip.trace, 6)}`,
    settings.namesOriginal && slip.originalTrace !== null
      ? `37${decimal(slip.originalTrace, 6)}`
      : '',
    '1960',
    '2952523535',
    `0e${expiry}`,
    '8a06',
    '8c01',
    `8b${counted(`${ascii('MasterCard')}00`, 2)}`,
    `2a${ascii('804011926      ')}`,
  ].join('');
}
