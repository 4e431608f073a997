import type { Attempt } from './attempt.ts';
import { isCopyLeft } from './paper.ts';
import type { Session, StateOf } from './session.ts';

/** The slip of an unresolved attempt is the person's evidence, so it is always wanted. */
export function isSlipWanted({ attempt, page }: Pick<StateOf<'closing'>, 'attempt' | 'page'>) {
  return attempt.receiptWanted || page.kind === 'see-staff';
}

/** Whether the person can have a slip that did not come, or may not have, printed now. Never one that was confirmed. */
export function canPrintAgain({ devices }: Session, state: StateOf<'closing'>): boolean {
  const { page, attempt } = state;
  const isMissing = attempt.paper === 'not-printed' || attempt.paper === 'maybe-printed';
  const isPossible = devices.printer.kind === 'up' && isCopyLeft(attempt);
  return page.kind !== 'done' && isSlipWanted(state) && isMissing && isPossible;
}

/** Whether somebody who asks for it later can have a slip of this attempt: a duplicate where one may be on paper. */
export function canPrintCopy({ devices }: Session, attempt: Attempt): boolean {
  const isPaid = attempt.money !== 'none' && attempt.money !== 'declined';
  return isPaid && devices.printer.kind === 'up' && isCopyLeft(attempt);
}
