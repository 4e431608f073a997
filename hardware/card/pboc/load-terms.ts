import type { LoadMark, LoadOrder } from '../../../main/contract/card.ts';
import { toHex } from '../hex.ts';
import { type OrderOnCard, orderOnCard } from '../order-on-card.ts';
import type { TacClaim } from './authority.ts';
import type { PbocProfile } from './profile.ts';
import { loadTransactionType } from './purse.ts';
import type { LoadInQuestion } from './verdict.ts';

/** A load order in the words of the card. */
export type LoadTerms = OrderOnCard & {
  readonly profile: PbocProfile;
  readonly reference: string;
  readonly cardNumber: string;
  readonly transactionType: number;
};

/** Null and throws as orderOnCard. */
export function loadTerms(profile: PbocProfile, order: LoadOrder): LoadTerms | null {
  const onCard = orderOnCard(order, profile.unitMinor);
  if (onCard === null) return null;
  return {
    profile,
    reference: order.reference,
    cardNumber: order.cardNumber,
    transactionType: loadTransactionType(profile.purse),
    ...onCard,
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
