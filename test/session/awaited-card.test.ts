import { expect, test } from 'vitest';
import type { Attempt } from '../../main/session/attempt.ts';
import type { AnswerFact, Fact } from '../../main/session/event.ts';
import { recover } from '../../main/session/recover.ts';
import type { Session, State, Step } from '../../main/session/session.ts';
import { transition } from '../../main/session/transition.ts';
import { freshAttempt, marked, momentAt } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';

const authorised: Attempt = { ...freshAttempt, money: 'authorised', loads: 1 };
const writing: Attempt = { ...authorised, card: 'writing', loadMark: marked };
const preparing: State = { kind: 'preparing', attempt: authorised, tries: 3 };
const checking: State = { kind: 'checking', attempt: writing, wanted: true, tries: 3 };
const mute = { kind: 'card-fault', detail: 'card-mute' } as const;

/** The card leaves and comes back while the reader is still asked about it; then the answer comes. */
function putBackBefore(answer: AnswerFact, state: State): Step {
  const idle = recover([], testTerms, momentAt(0));
  let session: Session = { ...idle, cardPresent: true, state };
  const facts: readonly Fact[] = [{ kind: 'card-removed' }, { kind: 'card-inserted' }];
  for (const fact of facts) session = transition(session, { at: momentAt(1), fact }).next;
  return transition(session, { at: momentAt(2), fact: answer });
}

test.each<readonly [string, AnswerFact, State, string]>([
  [
    'a wrong card was found before the write',
    { kind: 'credit-not-prepared', why: 'other-card', detail: '' },
    preparing,
    'prepare-credit',
  ],
  [
    'the card did not answer before the write',
    { kind: 'credit-preparation-failed', trouble: mute },
    preparing,
    'prepare-credit',
  ],
  [
    'a wrong card was found after the write',
    { kind: 'other-card-found', why: 'other-card' },
    checking,
    'check-card',
  ],
  [
    'the card did not answer after the write',
    { kind: 'load-unknown', trouble: mute },
    checking,
    'check-card',
  ],
])('a card put back while %s is asked, not waited for', (_what, answer, state, order) => {
  expect(putBackBefore(answer, state).effects).toMatchObject([{ kind: order }]);
});

test('a card that was there all along and does not answer is asked for', () => {
  const idle = recover([], testTerms, momentAt(0));
  const session: Session = { ...idle, cardPresent: true, state: checking };
  const fact = { kind: 'load-unknown', trouble: mute } as const;
  expect(transition(session, { at: momentAt(1), fact }).next.state.kind).toBe('awaiting-card');
});
