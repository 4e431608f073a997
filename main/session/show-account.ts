import { maskedNumber } from '../contract/card.ts';
import type { AccountEnding, AccountRow, Screen } from '../contract/view.ts';
import { attemptIn, canSettle } from './account.ts';
import type { Attempt } from './attempt.ts';
import { nextDeed } from './resolve.ts';
import { isBlind, type Session, type StateOf } from './session.ts';
import { canPrintCopy } from './slip.ts';

/** "Where is my money?", from the question to the plain account. */
export function accountScreen(
  session: Session,
  state: StateOf<'finding' | 'looking-up' | 'account'>,
): Screen {
  if (state.kind !== 'account') {
    return {
      kind: 'find-money',
      step: state.kind === 'finding' ? 'ask' : 'looking',
      unknownReference: state.kind === 'finding' ? state.unknownReference : null,
      cardWorks: !isBlind(session),
    };
  }
  const { card, found } = state;
  const rows = found.flatMap(({ reference }) => {
    const attempt = attemptIn(session, state, reference);
    return attempt === null ? [] : [rowOf(session, attempt)];
  });
  return { kind: 'account', maskedNumber: card === null ? null : maskedNumber(card.number), rows };
}

function rowOf(session: Session, attempt: Attempt): AccountRow {
  const { reference, amountMinor, cardNumber, loadTime, means, proof } = attempt;
  return {
    reference,
    at: loadTime,
    amountMinor,
    means: means.kind,
    maskedNumber: maskedNumber(cardNumber),
    ending: endingOf(attempt),
    afterMinor: proof?.balanceMinor ?? null,
    canPrint: canPrintCopy(session, attempt),
    canSettle: canSettle(session, attempt),
  };
}

function endingOf(attempt: Attempt): AccountEnding {
  if (attempt.card === 'written') return 'loaded';
  switch (nextDeed(attempt)) {
    case 'check-card':
      return 'card-needed';
    case 'inquire':
      return 'being-checked';
    case 'reverse':
      return 'going-back';
    default:
      return attempt.money === 'reversed' ? 'paid-back' : 'not-paid';
  }
}
