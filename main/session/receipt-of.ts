import { maskedNumber } from '../contract/card.ts';
import type { Receipt } from '../contract/receipt.ts';
import type { Attempt } from './attempt.ts';
import { slipKind } from './paper.ts';
import type { Session } from './session.ts';

/** What is printed about an attempt, or would be: the same on each copy, and in the code on screen. */
export function receiptOf(session: Session, attempt: Attempt): Receipt {
  const { terms } = session;
  const kind = slipKind(attempt);
  return {
    kind,
    language: session.language,
    currency: terms.currency,
    stationName: terms.stationName,
    terminalId: attempt.terminalId,
    reference: attempt.reference,
    at: attempt.loadTime,
    maskedNumber: maskedNumber(attempt.cardNumber),
    amountMinor: attempt.amountMinor,
    means: attempt.means.kind,
    terminalReceipt: attempt.terminalReceipt,
    beforeMinor: attempt.loadMark?.beforeMinor ?? null,
    afterMinor: attempt.proof?.balanceMinor ?? null,
    claim: kind === 'unresolved' ? attempt.claim : null,
    helpLine: terms.helpLine,
  };
}
