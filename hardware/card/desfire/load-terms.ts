import { createHash } from 'node:crypto';
import type { LoadMark, LoadOrder } from '../../../main/contract/card.ts';
import { bcdFromDigits } from '../bcd.ts';
import { fromHex, toHex } from '../hex.ts';
import type { DesfireProfile } from './profile.ts';
import type { LoadInQuestion } from './verdict.ts';

/** A load order in the words of the card. */
export type LoadTerms = {
  readonly profile: DesfireProfile;
  readonly cardNumber: string;
  /** In the card's own unit. */
  readonly amount: number;
  /** 6 bytes. */
  readonly terminalId: Uint8Array;
  /** 7 bytes BCD. */
  readonly dateTime: Uint8Array;
  /** 8 bytes: the first of the SHA-256 of the order's reference. */
  readonly reference: Uint8Array;
};

/** Null where the amount is no whole number of the card's units. Throws a RangeError for an order that is none. */
export function loadTerms(profile: DesfireProfile, order: LoadOrder): LoadTerms | null {
  const amount = order.amountMinor / profile.unitMinor;
  if (!(amount > 0)) throw new RangeError(`a load of ${order.amountMinor} is not one`);
  if (!Number.isInteger(amount)) return null;
  const dateTime = bcdFromDigits(order.dateTime);
  if (dateTime.length !== 7) throw new RangeError('dateTime is not YYYYMMDDhhmmss');
  const terminalId = fromHex(order.terminalId);
  if (terminalId.length !== 6) throw new RangeError('a terminal id has 6 bytes');
  const digest = createHash('sha256').update(order.reference, 'utf8').digest();
  return {
    profile,
    cardNumber: order.cardNumber,
    amount,
    terminalId,
    dateTime,
    reference: Uint8Array.from(digest.subarray(0, 8)),
  };
}

export function loadInQuestion(terms: LoadTerms, mark: LoadMark): LoadInQuestion {
  const { unitMinor, recordFile, transactionMacFile } = terms.profile;
  return {
    amount: terms.amount,
    terminal: toHex(terms.terminalId),
    dateTime: toHex(terms.dateTime),
    reference: recordFile.referenceOffset === null ? null : toHex(terms.reference),
    valueBefore: mark.beforeMinor / unitMinor,
    counted: transactionMacFile === null ? 'records' : 'transactions',
    counterBefore: mark.counter,
  };
}
