import type { CardFacts } from '../contract/card.ts';
import { type Decide, type Decisions, noAnswers, whileAsking } from './decide.ts';
import type { Fact, Moment } from './event.ts';
import {
  amountObstacle,
  canFindMoney,
  cardObstacle,
  meansChoices,
  stationObstacle,
} from './limits.ts';
import {
  askWhose,
  checkCard,
  isReaderBack,
  keepLanguage,
  languageFor,
  leisure,
  lookUp,
  noteReader,
  read,
  rest,
  stay,
  takeUp,
} from './moves.ts';
import { beginAttempt } from './paying.ts';
import { nextDeed } from './resolve.ts';
import type { Choice, Session, StateOf, Step, VisitState } from './session.ts';

/** On to another page of a visit. */
export function goTo(session: Session, state: VisitState): Step {
  return { next: { ...session, state }, effects: [], closed: null };
}

/** The card has gone, or another one is in: the visit is over. */
export const leave = (session: Session, _state: unknown, _fact: unknown, at: Moment): Step =>
  rest(session, at);

/** Warn first; then end the visit. Nothing is at risk in these states. */
const idle = <S extends VisitState>(
  session: Session,
  state: S,
  _fact: unknown,
  at: Moment,
): Step => {
  if (state.leisure.warned) return rest(session, at);
  const warned = { deadlineMs: at.nowMs + session.terms.timings.idleWarningMs, warned: true };
  return { next: { ...session, state: { ...state, leisure: warned } }, effects: [], closed: null };
};

export const visitFacts = {
  ...noAnswers,
  'card-inserted': leave,
  'card-removed': leave,
  'device-changed': 'ignored',
  'terminal-changed': 'ignored',
  'deadline-passed': idle,
} as const;

/** How often a card that was moved while it was read is read again before the person is asked to do something. */
const readTriesMax = 3;

export const idleDecisions: Decisions<'idle'> = {
  facts: {
    ...noAnswers,
    'card-inserted': (session) => read(session, 1),
    'card-removed': 'ignored',
    'device-changed': (session, state, _fact, at) => stay(keepLanguage(session, state, at)),
    'terminal-changed': (session, _state, { health }, at) => {
      const isDue = session.setAside.some(({ untilMs }) => at.nowMs >= untilMs);
      return health.kind === 'up' && isDue ? rest(session, at) : stay(session);
    },
    'deadline-passed': leave,
  },
  commands: {
    'find-money': (session, _state, _command, at) =>
      canFindMoney(session) ? askWhose(session, null, at) : stay(session),
    'choose-language': (session, state, { language }, at) =>
      stay({
        ...session,
        language,
        state: { ...state, deadlineMs: at.nowMs + session.terms.timings.idleMs, spoken: null },
      }),
  },
};

const disturb: Decide<'reading', Fact> = (session, state) =>
  stay({ ...session, state: { ...state, disturbed: true } });

function refuse(
  session: Session,
  at: Moment,
  reason: StateOf<'refused-card'>['reason'],
  name: string | null,
): Step {
  return goTo(session, {
    kind: 'refused-card',
    reason,
    name,
    leisure: leisure(session.terms, at),
  });
}

function lookUpCard(session: Session, card: CardFacts): Step {
  const { number, profile } = card;
  return lookUp(session, { kind: 'card', number, profile }, card);
}

export const readingDecisions: Decisions<'reading'> = {
  facts: {
    ...whileAsking,
    'card-inserted': disturb,
    'card-removed': disturb,
    'device-changed': noteReader,
    'card-read': (session, state, { card }, at) => {
      if (!session.cardPresent) return rest(session, at);
      if (state.disturbed) return read(session, state.tries, state.purpose);
      const theirs = session.open.filter(
        (other) => other.cardNumber === card.number && other.profile === card.profile,
      );
      const attempt = theirs.find((other) => nextDeed(other) === 'check-card');
      if (attempt !== undefined) {
        const language = languageFor(session, attempt);
        return checkCard({ ...takeUp(session, attempt), language }, attempt, false, 1);
      }
      // Whose money the terminal has not told about sees how it stands, and may go on from there.
      const isAsking = theirs.some((other) => nextDeed(other) !== 'capture');
      if (state.purpose === 'account' || isAsking) return lookUpCard(session, card);
      return goTo(session, { kind: 'card', card, leisure: leisure(session.terms, at) });
    },
    'card-refused': (session, state, { refusal }, at) => {
      if (!session.cardPresent) return rest(session, at);
      if (state.disturbed) return read(session, state.tries, state.purpose);
      const name = refusal.kind === 'unknown-card' ? refusal.name : null;
      return refuse(session, at, refusal.kind, name);
    },
    'card-unreadable': (session, state, { trouble }, at) => {
      if (!session.cardPresent) return rest(session, at);
      const isReader = trouble.kind === 'reader-fault';
      // A reader that is broken is not asked again before it is back.
      const tries = isReader ? 1 : readTriesMax;
      return state.tries < tries
        ? read(session, state.tries + 1, state.purpose)
        : refuse(session, at, isReader ? 'reader-fault' : 'unreadable', null);
    },
  },
  commands: {},
};

export const cardDecisions: Decisions<'card'> = {
  facts: visitFacts,
  commands: {
    'begin-top-up': (session, { card }, _command, at) => {
      const today = at.localTime.slice(0, 8);
      const obstacle =
        stationObstacle(session, card.profile) ?? cardObstacle(card, session.terms, today);
      if (obstacle !== null) return stay(session);
      return goTo(session, { kind: 'amount', card, leisure: leisure(session.terms, at) });
    },
    'find-money': (session, { card }) => lookUpCard(session, card),
    cancel: leave,
  },
};

export const amountDecisions: Decisions<'amount'> = {
  facts: visitFacts,
  commands: {
    'choose-amount': (session, { card }, { amountMinor }, at) => {
      if (amountObstacle(amountMinor, card, session.terms) !== null) return stay(session);
      return confirm(session, { card, amountMinor, receiptWanted: true }, at);
    },
    back: (session, { card }, _command, at) =>
      goTo(session, { kind: 'card', card, leisure: leisure(session.terms, at) }),
    cancel: leave,
  },
};

function confirm(session: Session, choice: Choice, at: Moment): Step {
  const { card, amountMinor, receiptWanted } = choice;
  const rested = leisure(session.terms, at);
  return goTo(session, { kind: 'confirm', card, amountMinor, receiptWanted, leisure: rested });
}

export const confirmDecisions: Decisions<'confirm'> = {
  facts: visitFacts,
  commands: {
    'want-receipt': (session, state, { wanted }, at) =>
      confirm(session, { ...state, receiptWanted: wanted }, at),
    confirm: (session, state, _command, at) => {
      const choices = meansChoices(session, state.card.profile);
      const only = choices.length === 1 ? choices[0] : undefined;
      // With one means of payment there is nothing to choose; asking would only cost a touch.
      if (only !== undefined && only.obstacle === null) {
        return beginAttempt(session, state, only.id, at);
      }
      const { card, amountMinor, receiptWanted } = state;
      return goTo(session, {
        kind: 'means',
        card,
        amountMinor,
        receiptWanted,
        leisure: leisure(session.terms, at),
      });
    },
    back: (session, { card }, _command, at) =>
      goTo(session, { kind: 'amount', card, leisure: leisure(session.terms, at) }),
    cancel: leave,
  },
};

export const meansDecisions: Decisions<'means'> = {
  facts: visitFacts,
  commands: {
    'choose-means': (session, state, { means }, at) => {
      const choice = meansChoices(session, state.card.profile).find(({ id }) => id === means);
      if (choice === undefined || choice.obstacle !== null) return stay(session);
      return beginAttempt(session, state, means, at);
    },
    back: (session, state, _command, at) => confirm(session, state, at),
    cancel: leave,
  },
};

export const refusedCardDecisions: Decisions<'refused-card'> = {
  facts: {
    ...visitFacts,
    // The card was never the trouble.
    'device-changed': (session, { reason }, fact) =>
      reason === 'reader-fault' && isReaderBack(session, fact) ? read(session, 1) : stay(session),
  },
  commands: { finish: leave, cancel: leave },
};

export const declinedDecisions: Decisions<'declined'> = {
  facts: {
    ...visitFacts,
    // Where the card was in all the time, nobody has put it in to go on.
    'card-inserted': (session, _state, _fact, at) =>
      session.slotDue === null ? rest(session, at) : stay(session),
  },
  commands: {
    retry: (session, { card, attempt }, _command, at) => {
      if (stationObstacle(session, attempt.profile) !== null) return stay(session);
      // The card was moved since it was read: whatever is in the reader now is read first.
      if (card === null || !session.cardPresent || session.cardFresh) return rest(session, at);
      const { amountMinor, receiptWanted } = attempt;
      const only = session.terms.means.length === 1;
      const choice = { card, amountMinor, receiptWanted };
      if (only) return beginAttempt(session, choice, attempt.means.id, at);
      return goTo(session, { kind: 'means', ...choice, leisure: leisure(session.terms, at) });
    },
    cancel: leave,
    finish: leave,
  },
};

export const takeCardDecisions: Decisions<'take-card'> = {
  facts: {
    ...noAnswers,
    'card-inserted': (session) => read(session, 1),
    'card-removed': leave,
    // The card that somebody has paid for, and that could not be asked, lies there still.
    'device-changed': (session, _state, fact) =>
      isReaderBack(session, fact) && session.open.some((one) => nextDeed(one) === 'check-card')
        ? read(session, 1)
        : stay(session),
    'terminal-changed': 'ignored',
    'deadline-passed': 'impossible',
  },
  commands: {},
};
