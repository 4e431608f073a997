import type { DeclineReason } from '../../../main/contract/payment.ts';

/** Abort by time-out or stop key. */
const stopped = 0x6c;
/** Function deactivated: the cash register is not registered. */
export const notRegistered = 0x6b;
export const alreadyReversed = 0xb4;
/** The final answer to the enquiry for open reservations, and "there is no such reservation". */
export const reservationError = 0xb8;

/** Codes in the words of ZVT PA00P015 13.x, chapter "error messages"; what is not here is shown as its number. */
const names: ReadonlyMap<number, string> = new Map([
  [0x6a, 'turnover file full'],
  [0x6b, 'function deactivated'],
  [0x6c, 'stopped'],
  [0x6f, 'wrong currency'],
  [0x77, 'end of day not possible'],
  [0x78, 'card expired'],
  [0x7d, 'communication error'],
  [0x83, 'function not possible'],
  [0x85, 'key missing'],
  [0x9a, 'protocol error'],
  [0x9b, 'dial-up error'],
  [0x9c, 'please wait'],
  [0xa0, 'receiver not ready'],
  [0xa1, 'remote station does not answer'],
  [0xa3, 'no connection'],
  [0xb1, 'memory full'],
  [0xb2, 'merchant journal full'],
  [0xb4, 'already reversed'],
  [0xb5, 'reversal not possible'],
  [0xb7, 'pre-authorisation incorrect'],
  [0xb8, 'pre-authorisation error'],
  [0xc2, 'diagnosis required'],
  [0xcc, 'printer not ready'],
  [0xdc, 'card inserted'],
  [0xe4, 'terminal activation required'],
  [0xf0, 'open end-of-day batch'],
  [0xff, 'system error'],
]);

/** "B5 reversal not possible", for the technician. */
export function describeCode(code: number): string {
  const number = code.toString(16).toUpperCase().padStart(2, '0');
  const name = names.get(code);
  return name === undefined ? number : `${number} ${name}`;
}

/** Codes that say that the terminal is occupied for a moment and has done nothing: 9C, A0, DC. */
export function isBusy(code: number): boolean {
  return code === 0x9c || code === 0xa0 || code === 0xdc;
}

/** Codes where the machine or its host is at fault, not the card or the person. */
const terminalFaults = new Set([
  0x66, 0x6a, 0x6b, 0x6f, 0x77, 0x7d, 0x83, 0x85, 0x89, 0x9a, 0x9b, 0x9c, 0xa0, 0xa1, 0xa3, 0xb1,
  0xb2, 0xbf, 0xc0, 0xc2, 0xc6, 0xcc, 0xdc, 0xdd, 0xde, 0xe0, 0xe2, 0xe3, 0xe4, 0xed, 0xf0, 0xfa,
  0xfb, 0xfc, 0xff,
]);

/**
 * Why there was no money, for the person. 6C does not say whether time ran out or somebody pressed the stop key: it counts
 * as cancelled only where the kiosk had asked for the stop.
 */
export function declineReason(code: number, stopAsked: boolean): DeclineReason {
  if (code === stopped) return stopAsked ? 'cancelled' : 'timed-out';
  return terminalFaults.has(code) ? 'terminal-fault' : 'declined';
}
