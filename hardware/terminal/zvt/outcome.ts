import type { DeclineReason } from '../../../main/contract/payment.ts';
import { parseStatusInformation, type StatusInformation } from './command/status-information.ts';
import type { Ending } from './conversation.ts';
import { nameOf, type PaymentName } from './reference.ts';
import { alreadyReversed, declineReason, reservationError } from './result-code.ts';

export type PaymentOutcome =
  | { readonly kind: 'approved'; readonly name: PaymentName }
  | { readonly kind: 'refused'; readonly reason: DeclineReason }
  | { readonly kind: 'unknown' };

export type SettlementOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: number }
  | { readonly kind: 'unknown' };

/**
 * Whether a payment was made: approved only with a status-information 27 00 and the completion 06 0F together. Both ways of
 * declining are known: 27 xx with 06 0F, and the abort 06 1E xx. Whatever contradicts itself, or the order, is unknown.
 */
export function judgePayment(
  ending: Ending,
  order: { readonly amountMinor: number; readonly currency: number },
  stopAsked: boolean,
): PaymentOutcome {
  if (ending.kind === 'unsent') return { kind: 'refused', reason: 'terminal-fault' };
  if (ending.kind === 'refused') {
    return { kind: 'refused', reason: declineReason(ending.code, stopAsked) };
  }
  if (ending.kind !== 'completed' && ending.kind !== 'aborted') return { kind: 'unknown' };
  const status = agreed(ending.statuses);
  if (status === 'contradictory') return { kind: 'unknown' };
  if (ending.kind === 'aborted') {
    // The code of the reservation enquiry's end: not an answer to a payment.
    if (status?.resultCode === 0 || ending.code === reservationError) return { kind: 'unknown' };
    return { kind: 'refused', reason: declineReason(ending.code, stopAsked) };
  }
  if (status === null || status.resultCode === null) return { kind: 'unknown' };
  if (status.resultCode === 0 && deniedAtTheEnd(ending.data)) return { kind: 'unknown' };
  if (status.resultCode !== 0) {
    return { kind: 'refused', reason: declineReason(status.resultCode, stopAsked) };
  }
  const name = nameOf(status);
  const fits =
    (status.amountMinor === null || status.amountMinor === order.amountMinor) &&
    (status.currency === null || status.currency === order.currency);
  return fits && name !== null ? { kind: 'approved', name } : { kind: 'unknown' };
}

/** Whether a booking or reversal was made: by the same two messages as a payment. "Already reversed" (B4) is done. */
export function judgeSettlement(ending: Ending): SettlementOutcome {
  if (ending.kind === 'refused') return settled(ending.code);
  if (ending.kind !== 'completed' && ending.kind !== 'aborted') return { kind: 'unknown' };
  const status = agreed(ending.statuses);
  if (status === 'contradictory') return { kind: 'unknown' };
  if (ending.kind === 'aborted') {
    return status?.resultCode === 0 ? { kind: 'unknown' } : settled(ending.code);
  }
  if (status === null || status.resultCode === null) return { kind: 'unknown' };
  if (status.resultCode === 0 && deniedAtTheEnd(ending.data)) return { kind: 'unknown' };
  return status.resultCode === 0 ? { kind: 'done' } : settled(status.resultCode);
}

function settled(code: number): SettlementOutcome {
  return code === alreadyReversed ? { kind: 'done' } : { kind: 'refused', code };
}

/** A completion may carry a result code of its own (27), which must not contradict the status-information before it. */
function deniedAtTheEnd(data: Uint8Array): boolean {
  const code = parseStatusInformation(data).resultCode;
  return code !== null && code !== 0;
}

/** The status-information of a command, where all that came say the same: a repeated one counts once. */
function agreed(
  statuses: readonly StatusInformation[],
): StatusInformation | null | 'contradictory' {
  const last = statuses.at(-1);
  if (last === undefined) return null;
  const same = statuses.every(
    (status) =>
      status.resultCode === last.resultCode &&
      status.receipt === last.receipt &&
      status.trace === last.trace &&
      status.amountMinor === last.amountMinor,
  );
  return same ? last : 'contradictory';
}
