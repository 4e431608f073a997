import type { PaymentStatus } from '../contract/payment.ts';
import { type Decisions, whileAsking } from './decide.ts';
import type { Moment } from './event.ts';
import { approved, claim, close, errandTriesMax, inquire, pause, pursue } from './moves.ts';
import { type Evidence, learn } from './resolve.ts';
import type { Session, StateOf, Step } from './session.ts';

/** A capture that is still refused after this many tries is given up: nothing the person could lose. */
export const captureTriesMax = 20;

/** The terminal has answered an order: so the payment stands in its books. */
function answered(status: PaymentStatus): Evidence {
  return { kind: 'payment', status, terminalReference: null, terminalReceipt: null };
}

export const capturingDecisions: Decisions<'capturing'> = {
  facts: {
    ...whileAsking,
    'payment-captured': (session, state, _fact, at) =>
      pursue(
        session,
        learn(state.attempt, answered('captured')),
        { why: 'card-not-written', patience: state.patience },
        at,
      ),
    'capture-refused': (session, state, _fact, at) => {
      const { attempt, patience, tries } = state;
      const context = { why: 'card-not-written', patience, tries } as const;
      if (tries >= captureTriesMax) {
        return pursue(session, learn(attempt, { kind: 'capture-given-up' }), context, at);
      }
      return patience === null
        ? inquire(session, attempt, context)
        : captureLater(session, state, at);
    },
    // Silence is no refusal: only a few tries of a terminal that was away count towards giving up.
    'capture-unknown': (session, state, _fact, at) =>
      captureLater(session, { ...state, tries: Math.min(state.tries, errandTriesMax) }, at),
  },
  commands: {},
};

/** The card is loaded, so a person need not wait for this: they are told "done" and the money is seen to afterwards. */
function captureLater(session: Session, state: StateOf<'capturing'>, at: Moment): Step {
  const { attempt, patience, tries } = state;
  if (patience !== null) return close(session, attempt, { kind: 'done' }, at);
  return pause(session, attempt, { why: 'card-not-written', patience, tries: tries + 1 }, at);
}

/** No answer: once more, a little later. */
const tryLater = (
  session: Session,
  state: StateOf<'reversing' | 'inquiring'>,
  _fact: unknown,
  at: Moment,
): Step => pause(session, state.attempt, { ...state, tries: state.tries + 1 }, at);

export const reversingDecisions: Decisions<'reversing'> = {
  facts: {
    ...whileAsking,
    'payment-reversed': (session, state, _fact, at) =>
      pursue(session, learn(state.attempt, answered('reversed')), state, at),
    'reversal-refused': (session, state) => inquire(session, state.attempt, state),
    'reversal-unknown': tryLater,
  },
  commands: {},
};

export const inquiringDecisions: Decisions<'inquiring'> = {
  facts: {
    ...whileAsking,
    'payment-found': (session, state, fact, at) => {
      const found = learn(state.attempt, { ...fact, kind: 'payment' });
      const { money } = found;
      if (money === 'authorised') return approved(session, found, state, at);
      const isAsBefore = money === state.attempt.money;
      const again = { ...state, tries: state.tries + (isAsBefore ? 1 : 0) };
      // Not yet taken, or not yet back: once more, a little later.
      return isAsBefore ? pause(session, found, again, at) : pursue(session, found, again, at);
    },
    'inquiry-unanswered': tryLater,
  },
  commands: {},
};

export const restingDecisions: Decisions<'resting'> = {
  facts: {
    ...whileAsking,
    'deadline-passed': (session, state, _fact, at) => {
      // A person who waits is told when patience ends, also when the terminal never answers.
      if (state.patience !== null && at.nowMs >= state.patience.untilMs) {
        return claim(session, state.attempt, 'payment-undecided', true, at);
      }
      return pursue(session, state.attempt, state, at);
    },
  },
  commands: {},
};
