import { createHash } from 'node:crypto';
import type { LoadMark, LoadOrder } from '../../../main/contract/card.ts';
import { toHex } from '../hex.ts';
import { type OrderOnCard, orderOnCard } from '../order-on-card.ts';
import type { DesfireProfile } from './profile.ts';
import type { LoadInQuestion } from './verdict.ts';

/** A load order in the words of the card. */
export type LoadTerms = OrderOnCard & {
  readonly profile: DesfireProfile;
  readonly cardNumber: string;
  /** 8 bytes: the first of the SHA-256 of the order's reference. */
  readonly reference: Uint8Array;
};

/** Null and throws as orderOnCard. */
export function loadTerms(profile: DesfireProfile, order: LoadOrder): LoadTerms | null {
  const onCard = orderOnCard(order, profile.unitMinor);
  if (onCard === null) return null;
  const digest = createHash('sha256').update(order.reference, 'utf8').digest();
  return {
    profile,
    cardNumber: order.cardNumber,
    ...onCard,
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
