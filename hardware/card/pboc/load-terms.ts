import type { LoadMark, LoadOrder } from '../../../main/contract/card.ts';
import { bcdFromDigits } from '../bcd.ts';
import { fromHex, toHex } from '../hex.ts';
import type { TacClaim } from './authority.ts';
import type { PbocProfile } from './profile.ts';
import { loadTransactionType } from './purse.ts';
import type { LoadInQuestion } from './verdict.ts';

/** A load order in the words of the card. */
export type LoadTerms = {
  readonly profile: PbocProfile;
  readonly reference: string;
  readonly cardNumber: string;
  readonly transactionType: number;
  /** In the card's own unit. */
  readonly amount: number;
  /** 6 bytes. */
  readonly terminalId: Uint8Array;
  /** 7 bytes BCD. */
  readonly dateTime: Uint8Array;
};

/** Null where the amount is no whole number of the card's units. Throws a RangeError for an order that is none. */
export function loadTerms(profile: PbocProfile, order: LoadOrder): LoadTerms | null {
  const amount = order.amountMinor / profile.unitMinor;
  if (!(amount > 0)) throw new RangeError(`a load of ${order.amountMinor} is not one`);
  if (!Number.isInteger(amount)) return null;
  const dateTime = bcdFromDigits(order.dateTime);
  if (dateTime.length !== 7) throw new RangeError('dateTime is not YYYYMMDDhhmmss');
  const terminalId = fromHex(order.terminalId);
  if (terminalId.length !== 6) throw new RangeError('a terminal id has 6 bytes');
  return {
    profile,
    reference: order.reference,
    cardNumber: order.cardNumber,
    transactionType: loadTransactionType(profile.purse),
    amount,
    terminalId,
    dateTime,
  };
}

/**
 * What the card's TAC over this load is to be verified against. `overdraftLimit`: as it was at the load; null where it
 * cannot have been that.
 */
export function tacClaim(
  terms: LoadTerms,
  mark: LoadMark,
  overdraftLimit: number,
  cardNumber: Uint8Array,
  tac: Uint8Array,
): TacClaim | null {
  const heldBefore = mark.beforeMinor / terms.profile.unitMinor + overdraftLimit;
  if (heldBefore < 0) return null;
  return {
    transactionType: terms.transactionType,
    cardNumber,
    amount: terms.amount,
    terminalId: terms.terminalId,
    dateTime: terms.dateTime,
    balanceAfter: heldBefore + terms.amount,
    counter: mark.counter,
    tac,
  };
}

export function loadInQuestion(terms: LoadTerms, mark: LoadMark): LoadInQuestion {
  return {
    purse: terms.profile.purse,
    amount: terms.amount,
    terminal: toHex(terms.terminalId),
    dateTime: toHex(terms.dateTime),
    balanceBefore: mark.beforeMinor / terms.profile.unitMinor,
    counterBefore: mark.counter,
  };
}
