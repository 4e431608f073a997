import type { CardFacts } from '../../main/contract/card.ts';
import { minorUnits } from '../../main/contract/money.ts';
import type { PaymentStatus } from '../../main/contract/payment.ts';
import type { Fact } from '../../main/session/event.ts';
import { freshAttempt, freshCard, marked, proved } from '../support/attempt.ts';
import type { Answers, Told } from './told.ts';

/** What the devices answer where nothing goes wrong. */
export const allWell: Answers = {
  'read-card': { kind: 'card-read', card: freshCard },
  'open-terminal': { kind: 'terminal-opened', mark: 'mark' },
  authorise: { kind: 'payment-approved', terminalReference: 'T/1', terminalReceipt: 'T' },
  'cancel-payment': { kind: 'payment-cancel-sent' },
  'prepare-credit': { kind: 'credit-prepared', mark: marked },
  'credit-card': { kind: 'credit-proved', proof: proved },
  'check-card': { kind: 'load-found', proof: proved },
  capture: { kind: 'payment-captured' },
  reverse: { kind: 'payment-reversed' },
  'ready-printer': { kind: 'printer-ready' },
  'print-receipt': { kind: 'receipt-printed' },
};

/** What an inquiry finds in the terminal's books. */
export function inBooks(status: PaymentStatus): Answers {
  const names = { terminalReference: 'T/1', terminalReceipt: 'T' };
  return { 'inquire-payment': { kind: 'payment-found', status, ...names } };
}

/** A terminal that is there and says nothing. */
export const silentTerminal: Answers = {
  authorise: { kind: 'payment-unknown' },
  'inquire-payment': { kind: 'inquiry-unanswered' },
  capture: { kind: 'capture-unknown' },
  reverse: { kind: 'reversal-unknown' },
};

/** Somebody else's card. */
export const otherCard: CardFacts = { ...freshCard, number: '4100000000000025' };

export const inserted: Fact = { kind: 'card-inserted' };
export const removed: Fact = { kind: 'card-removed' };

/** Somebody puts their card in and pays ¥50, as far as the devices let them. */
export function payFor(told: Told, means = freshAttempt.means.id): Told {
  return told
    .tell(inserted)
    .tap(
      { kind: 'begin-top-up' },
      { kind: 'choose-amount', amountMinor: minorUnits(freshAttempt.amountMinor) },
      { kind: 'confirm' },
      { kind: 'choose-means', means },
    );
}
