import type { Screen } from '../../main/contract/view.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import { awaitsTerminal, isSettled } from '../../main/session/resolve.ts';
import { freshAttempt } from '../support/attempt.ts';
import { allWell } from './all-well.ts';
import { type Answers, restarted, type Told } from './told.ts';

/** A station at rest that has these top-ups in its journal. What its terminals do not tell was asked for long enough. */
export function stationWith(attempts: readonly Attempt[], answers: Answers = {}): Told {
  const told = restarted([], { answers: { ...allWell, ...answers } });
  for (const attempt of attempts) told.journal.set(attempt.reference, attempt);
  const open = attempts.filter((attempt) => !isSettled(attempt));
  const setAside = open
    .filter(awaitsTerminal)
    .map(({ reference }) => ({ reference, untilMs: told.nowMs + 3_600_000, tries: 10 }));
  told.session = { ...told.session, open, setAside };
  return told;
}

/** Somebody asks for their money by what is printed on their slip. */
export function askFor(told: Told, reference: string = freshAttempt.reference): Told {
  return told.tap({ kind: 'find-money' }, { kind: 'look-up', reference });
}

/** What they are told. Throws where they are not. */
export function accountOf(told: Told): Extract<Screen, { readonly kind: 'account' }> {
  const { screen } = told;
  if (screen.kind !== 'account') throw new Error(`it is ${screen.kind}`);
  return screen;
}
