import type { ClaimReason } from '../contract/claim.ts';
import type { Attempt } from './attempt.ts';
import type { UnsignedClaim } from './effect.ts';
import type { Moment } from './event.ts';
import type { Session } from './session.ts';

/** What the station states and signs about an attempt that cannot be settled now. */
export function claimOf(
  { terms }: Session,
  attempt: Attempt,
  why: ClaimReason,
  at: Moment,
): UnsignedClaim {
  const { card, loads, loadTime, loadMark } = attempt;
  const isOrdered = card === 'writing' && loadMark !== null;
  return {
    reference: attempt.reference,
    at: at.localTime,
    terminalId: attempt.terminalId,
    currency: terms.currency.code,
    amountMinor: attempt.amountMinor,
    means: attempt.means.kind,
    terminalReceipt: attempt.terminalReceipt,
    why,
    cardNumber: attempt.cardNumber,
    profile: attempt.profile,
    load: isOrdered ? { nth: loads, dateTime: loadTime, mark: loadMark } : null,
  };
}
