import type { Attempt } from './attempt.ts';
import { type Decisions, whileAsking } from './decide.ts';
import type { Moment } from './event.ts';
import { approved, close, errandTriesMax, inquire, pause, pursue } from './moves.ts';
import type { Session, StateOf, Step } from './session.ts';

/** A capture that is still refused after this many tries is given up: nothing the person could lose. */
export const captureTriesMax = 20;

export const capturingDecisions: Decisions<'capturing'> = {
  facts: {
    ...whileAsking,
    'payment-captured': (session, state, _fact, at) =>
      pursue(
        session,
        { ...state.attempt, money: 'captured' },
        { why: 'card-not-written', patience: state.patience },
        at,
      ),
    'capture-refused': (session, state, _fact, at) => {
      const { attempt, patience, tries } = state;
      const context = { why: 'card-not-written', patience, tries } as const;
      if (tries >= captureTriesMax) {
        return pursue(session, { ...attempt, money: 'uncollected' }, context, at);
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
      pursue(session, { ...state.attempt, money: 'reversed' }, state, at),
    'reversal-refused': (session, state) => inquire(session, state.attempt, state),
    'reversal-unknown': tryLater,
  },
  commands: {},
};

export const inquiringDecisions: Decisions<'inquiring'> = {
  facts: {
    ...whileAsking,
    'payment-found': (session, state, { status, terminalReference, terminalReceipt }, at) => {
      const found: Attempt = {
        ...state.attempt,
        terminalReference: terminalReference ?? state.attempt.terminalReference,
        terminalReceipt: terminalReceipt ?? state.attempt.terminalReceipt,
      };
      const again = { ...state, tries: state.tries + 1 };
      switch (state.attempt.money) {
        case 'capturing':
          if (status === 'captured') {
            return pursue(session, { ...found, money: 'captured' }, again, at);
          }
          // Not yet taken: again, a little later. Gone from the terminal's books: it never will be.
          if (status === 'authorised') return pause(session, found, again, at);
          return pursue(session, { ...found, money: 'uncollected' }, again, at);
        case 'reversing':
          if (status === 'none' || status === 'reversed') {
            return pursue(session, { ...found, money: 'reversed' }, again, at);
          }
          return pause(session, found, again, at);
        default:
          if (status === 'none') return pursue(session, { ...found, money: 'declined' }, state, at);
          if (status === 'reversed') {
            return pursue(session, { ...found, money: 'reversed' }, state, at);
          }
          return approved(session, { ...found, money: 'authorised' }, state, at);
      }
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
        return close(session, state.attempt, { kind: 'see-staff', why: 'payment-undecided' }, at);
      }
      return pursue(session, state.attempt, state, at);
    },
  },
  commands: {},
};
