import { type Attempt, loadOrder } from './attempt.ts';
import { type Decisions, noAnswers, whileAsking } from './decide.ts';
import type { CardTrouble, Moment } from './event.ts';
import { loadObstacle } from './limits.ts';
import {
  awaitCard,
  checkCard,
  claim,
  giveBack,
  isReaderBack,
  noteReader,
  offerToFinish,
  prepare,
  resume,
  stay,
  written,
} from './moves.ts';
import { learn } from './resolve.ts';
import { type AwaitedFor, isSlotDue, type Session, type StateOf, type Step } from './session.ts';

/** How often the same step is tried on a card that is there and does not answer, before the person is asked to put it in again. */
const cardTriesMax = 3;

export const preparingDecisions: Decisions<'preparing'> = {
  facts: {
    ...whileAsking,
    'device-changed': noteReader,
    'credit-prepared': (session, { attempt }, { mark }) => {
      const writing: Attempt = { ...attempt, card: 'writing', loadMark: mark };
      return {
        next: { ...session, state: { kind: 'crediting', attempt: writing } },
        effects: [{ kind: 'credit-card', reference: loadOrder(writing).reference }],
        closed: null,
      };
    },
    'credit-not-prepared': (session, { attempt }, { why }, at) =>
      why === 'refused'
        ? giveBack(session, attempt, 'card-not-written', at)
        : awaitCard(session, attempt, true, at, why),
    'credit-preparation-failed': (session, { attempt, tries }, _fact, at) =>
      session.cardPresent && tries < cardTriesMax
        ? prepare(session, attempt, tries + 1, at)
        : awaitCard(session, attempt, true, at),
  },
  commands: {},
};

export const creditingDecisions: Decisions<'crediting'> = {
  facts: {
    ...whileAsking,
    'credit-proved': (session, { attempt }, { proof }, at) => written(session, attempt, proof, at),
    'credit-disproved': (session, { attempt }, _fact, at) =>
      giveBack(session, learn(attempt, { kind: 'load', proof: null }), 'card-not-written', at),
    'credit-unknown': (session, { attempt }, { trouble }, at) =>
      checkOrAsk(session, attempt, true, 0, trouble, at),
  },
  commands: {},
};

/** The write's outcome is unknown: ask the card while it is there, ask the person for it when it is not. */
function checkOrAsk(
  session: Session,
  attempt: Attempt,
  wanted: boolean,
  tries: number,
  trouble: CardTrouble,
  at: Moment,
): Step {
  if (trouble.kind === 'undecided') {
    return claim(session, attempt, 'card-undecided', true, at);
  }
  return session.cardPresent && tries < cardTriesMax
    ? checkCard(session, attempt, wanted, tries + 1)
    : awaitCard(session, attempt, wanted, at);
}

/**
 * How long a reserved amount is sure to be there to be captured: banks let reservations lapse after days, and not all tell. A
 * load that was never paid for would be nobody's loss but the operator's.
 */
const reservedMs = 24 * 60 * 60_000;

/** Whether a load that was paid for then may still be given now. What was taken at once stays taken. */
function canFinish({ means, openedWallMs }: Attempt, at: Moment): boolean {
  return means.phases === 'one' || Math.abs(at.wallMs - openedWallMs) < reservedMs;
}

export const checkingDecisions: Decisions<'checking'> = {
  facts: {
    ...whileAsking,
    'device-changed': noteReader,
    'load-found': (session, { attempt }, { proof }, at) => written(session, attempt, proof, at),
    'load-not-found': (session, { attempt, wanted }, _fact, at) => {
      const unwritten = learn(attempt, { kind: 'load', proof: null });
      // The card is here, unchanged, and so is the person: a fresh load is safe, the old MAC2 is worthless.
      if (wanted && session.cardPresent) return prepare(session, unwritten, 1, at);
      if (wanted) return awaitCard(session, unwritten, true, at);
      return session.cardPresent && !session.cardFresh && canFinish(unwritten, at)
        ? offerToFinish(session, unwritten, at)
        : giveBack(session, unwritten, 'card-not-written', at);
    },
    'other-card-found': (session, { attempt, wanted }, { why }, at) =>
      awaitCard(session, attempt, wanted, at, why),
    'load-unknown': (session, { attempt, wanted, tries }, { trouble }, at) =>
      checkOrAsk(session, attempt, wanted, tries, trouble, at),
  },
  commands: {},
};

/** Why the card cannot go on, as far as the machine can tell: what the person is told, and what is said of it in the end. */
export function awaitedFor(session: Session, { wrongCard }: StateOf<'awaiting-card'>): AwaitedFor {
  // Whether there is a card is the reader's to say, and it takes it a moment.
  if (session.devices.reader.kind === 'down' || isSlotDue(session)) return 'reader-down';
  if (!session.cardPresent) return 'card-away';
  return wrongCard ?? 'card-mute';
}

export const awaitingCardDecisions: Decisions<'awaiting-card'> = {
  facts: {
    ...whileAsking,
    'card-inserted': (session, { attempt, wanted }, _fact, at) =>
      resume(session, attempt, wanted, at),
    'card-removed': (session, state) => stay({ ...session, state: { ...state, wrongCard: null } }),
    // Nobody puts a card in that is in: it is asked again. One that is not in gets its time anew.
    'device-changed': (session, state, fact, at) => {
      if (isReaderBack(session, fact)) return resume(session, state.attempt, state.wanted, at);
      const isBack = fact.device === 'reader' && fact.health.kind === 'up';
      if (!isBack || state.prolonged) return stay(session);
      const deadlineMs = at.nowMs + session.terms.timings.cardReturnMs;
      return stay({ ...session, state: { ...state, deadlineMs, prolonged: true } });
    },
    'deadline-passed': (session, state, _fact, at) => {
      const { attempt } = state;
      const isAway = ['card-away', 'other-card', 'two-cards'].includes(awaitedFor(session, state));
      if (attempt.card !== 'writing') {
        return giveBack(session, attempt, isAway ? 'card-away' : 'card-not-written', at);
      }
      const why = isAway ? 'card-not-returned' : 'card-undecided';
      return claim(session, attempt, why, true, at);
    },
  },
  commands: {
    cancel: (session, { attempt }, _command, at) =>
      attempt.card === 'writing' ? stay(session) : giveBack(session, attempt, 'cancelled', at),
  },
};

const payBack = (
  session: Session,
  { attempt }: StateOf<'unfinished'>,
  _fact: unknown,
  at: Moment,
) => giveBack(session, attempt, 'cancelled', at);

export const unfinishedDecisions: Decisions<'unfinished'> = {
  facts: {
    ...noAnswers,
    'card-inserted': 'ignored',
    'card-removed': (session, { attempt }, _fact, at) =>
      giveBack(session, attempt, 'card-away', at),
    'device-changed': 'ignored',
    'terminal-changed': 'ignored',
    'deadline-passed': (session, { attempt }, _fact, at) =>
      giveBack(session, attempt, 'card-not-written', at),
  },
  commands: {
    'finish-top-up': (session, state, _command, at) =>
      loadObstacle(session, state.attempt.profile) === null
        ? prepare(session, state.attempt, 1, at)
        : stay(session),
    'pay-back': payBack,
    cancel: payBack,
  },
};
