import { type Attempt, paymentOrder } from './attempt.ts';
import { noteAnswer, noteSilence } from './breaker.ts';
import { type Decisions, whileAsking } from './decide.ts';
import type { Moment } from './event.ts';
import { loadObstacle } from './limits.ts';
import { approved, decline, pursue, stay } from './moves.ts';
import { referenceFrom } from './reference.ts';
import { learn } from './resolve.ts';
import type { Choice, Patience, Session, StateOf, Step } from './session.ts';

/** The person has chosen everything: wake the terminal. No money has been asked for yet. */
export function beginAttempt(session: Session, choice: Choice, meansId: string, at: Moment): Step {
  const means = session.terms.means.find(({ id }) => id === meansId);
  if (means === undefined) throw new Error(`no means of payment is called ${meansId}`);
  const { card, amountMinor, receiptWanted } = choice;
  const attempt: Attempt = {
    reference: referenceFrom(at.chance),
    openedWallMs: at.wallMs,
    language: session.language,
    cardNumber: card.number,
    profile: card.profile,
    amountMinor,
    means,
    receiptWanted,
    terminalId: session.terms.terminalId,
    money: 'none',
    card: 'none',
    paper: 'none',
    onPaper: null,
    copies: 0,
    terminalMark: '',
    terminalReference: null,
    terminalReceipt: null,
    loads: 0,
    loadTime: at.localTime,
    loadMark: null,
    proof: null,
    claim: null,
  };
  return {
    next: { ...session, state: { kind: 'opening', attempt, card, cancelled: false } },
    effects: [{ kind: 'open-terminal', means: means.id }],
    closed: null,
  };
}

const cancelOpening = (session: Session, state: StateOf<'opening'>): Step =>
  stay({ ...session, state: { ...state, cancelled: true } });

export const openingDecisions: Decisions<'opening'> = {
  facts: {
    ...whileAsking,
    'card-removed': cancelOpening,
    'terminal-opened': (session, state, { mark }, at) => {
      const { attempt, card, cancelled } = state;
      // Nobody should pay for a card that could not be written.
      if (cancelled || loadObstacle(session, attempt.profile) !== null) {
        return decline(session, attempt, card, 'cancelled', at);
      }
      const authorising: Attempt = { ...attempt, terminalMark: mark, money: 'authorising' };
      return {
        next: {
          ...session,
          state: { kind: 'authorising', attempt: authorising, card, cancelledBy: 'nobody' },
        },
        effects: [{ kind: 'authorise', order: paymentOrder(authorising) }],
        closed: null,
      };
    },
    'terminal-not-opened': (session, { attempt, card, cancelled }, _fact, at) =>
      decline(session, attempt, card, cancelled ? 'cancelled' : 'terminal-fault', at),
  },
  commands: { cancel: cancelOpening },
};

function stopPayment(
  session: Session,
  state: StateOf<'authorising'>,
  by: 'person' | 'card-away' | 'device-down',
): Step {
  if (state.cancelledBy !== 'nobody') return stay(session);
  return {
    next: { ...session, state: { ...state, cancelledBy: by } },
    effects: [{ kind: 'cancel-payment', means: state.attempt.means.id }],
    closed: null,
  };
}

function patienceFor(session: Session, state: StateOf<'authorising'>, at: Moment): Patience {
  return {
    untilMs: at.nowMs + session.terms.timings.patienceMs,
    wanted: state.cancelledBy !== 'person',
    card: state.card,
  };
}

export const authorisingDecisions: Decisions<'authorising'> = {
  facts: {
    ...whileAsking,
    // Nobody should pay for a card that is not there. If they had paid already, the card is asked back.
    'card-removed': (session, state) => stopPayment(session, state, 'card-away'),
    // Nor for a card that could not be written.
    'device-changed': (session, state, { device, health }) =>
      device !== 'printer' &&
      health.kind === 'down' &&
      loadObstacle(session, state.attempt.profile) !== null
        ? stopPayment(session, state, 'device-down')
        : stay(session),
    'payment-approved': (session, state, fact, at) => {
      const reserved = learn(state.attempt, { ...fact, kind: 'payment', status: 'authorised' });
      const patience = patienceFor(session, state, at);
      const heard = noteAnswer(session, reserved.means.id);
      return approved(heard, reserved, { why: 'cancelled', patience }, at);
    },
    'payment-declined': (session, { attempt, card }, { reason }, at) => {
      const declined: Attempt = { ...attempt, money: 'declined' };
      return decline(noteAnswer(session, attempt.means.id), declined, card, reason, at);
    },
    'payment-unknown': (session, state, _fact, at) => {
      const { attempt } = state;
      const patience = patienceFor(session, state, at);
      const unheard = noteSilence(session, attempt.means.id, at);
      return pursue(unheard, attempt, { why: 'cancelled', patience }, at);
    },
  },
  commands: { cancel: (session, state) => stopPayment(session, state, 'person') },
};
