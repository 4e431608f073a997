import { maskedNumber } from '../contract/card.ts';
import type { Receipt } from '../contract/receipt.ts';
import type { Attempt } from './attempt.ts';
import type { Session } from './session.ts';

/** What is printed about an attempt, or would be. */
export function receiptOf(session: Session, attempt: Attempt, localTime: string): Receipt {
  const { terms } = session;
  const kind =
    attempt.card === 'written'
      ? 'top-up'
      : attempt.money === 'reversed'
        ? 'paid-back'
        : 'unresolved';
  return {
    kind,
    language: session.language,
    currency: terms.currency,
    stationName: terms.stationName,
    terminalId: attempt.terminalId,
    reference: attempt.reference,
    at: localTime,
    maskedNumber: maskedNumber(attempt.cardNumber),
    amountMinor: attempt.amountMinor,
    means: attempt.means.kind,
    terminalReceipt: attempt.terminalReceipt,
    beforeMinor: attempt.loadMark?.beforeMinor ?? null,
    afterMinor: attempt.proof?.balanceMinor ?? null,
    helpLine: terms.helpLine,
  };
}
