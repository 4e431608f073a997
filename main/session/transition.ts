import { accountDecisions, findingDecisions, lookingUpDecisions } from './account.ts';
import { endSuspensions } from './breaker.ts';
import { claimingDecisions, closingDecisions } from './closing.ts';
import type { Decide, Decisions } from './decide.ts';
import type { Event, Fact, Moment } from './event.ts';
import { assertStep } from './invariants.ts';
import {
  awaitingCardDecisions,
  checkingDecisions,
  creditingDecisions,
  preparingDecisions,
  unfinishedDecisions,
} from './loading.ts';
import { leisure, stay } from './moves.ts';
import { authorisingDecisions, openingDecisions } from './paying.ts';
import { startingDecisions } from './recover.ts';
import {
  type Devices,
  deadlineOf,
  isBlind,
  type Session,
  type StateKind,
  type Step,
} from './session.ts';
import {
  capturingDecisions,
  inquiringDecisions,
  restingDecisions,
  reversingDecisions,
} from './settling.ts';
import {
  amountDecisions,
  cardDecisions,
  confirmDecisions,
  declinedDecisions,
  idleDecisions,
  meansDecisions,
  readingDecisions,
  refusedCardDecisions,
  takeCardDecisions,
} from './visit.ts';

/** Every state's table. Each state × fact pair is decided here or does not compile. */
export const decisions: { readonly [K in StateKind]: Decisions<K> } = {
  starting: startingDecisions,
  idle: idleDecisions,
  finding: findingDecisions,
  'looking-up': lookingUpDecisions,
  account: accountDecisions,
  reading: readingDecisions,
  card: cardDecisions,
  amount: amountDecisions,
  confirm: confirmDecisions,
  means: meansDecisions,
  'refused-card': refusedCardDecisions,
  declined: declinedDecisions,
  opening: openingDecisions,
  authorising: authorisingDecisions,
  preparing: preparingDecisions,
  crediting: creditingDecisions,
  checking: checkingDecisions,
  'awaiting-card': awaitingCardDecisions,
  unfinished: unfinishedDecisions,
  capturing: capturingDecisions,
  reversing: reversingDecisions,
  inquiring: inquiringDecisions,
  resting: restingDecisions,
  claiming: claimingDecisions,
  closing: closingDecisions,
  'take-card': takeCardDecisions,
};

/** A fact arrived that cannot arrive here: the program is wrong. The process stops, and the next start recovers. */
export class ImpossibleFact extends Error {
  constructor(state: StateKind, fact: Fact['kind']) {
    super(`${fact} cannot happen while the kiosk is ${state}`);
    this.name = 'ImpossibleFact';
  }
}

/** The only function that decides anything about money. Pure: time and chance come with the event. */
export function transition(session: Session, event: Event): Step {
  const step = decide(perceive(session, event), event);
  assertStep(session, event, step);
  return step;
}

/** How long a reader that is back takes to tell of the card in it. pcscd's drivers look every 0.4 s. */
const slotMs = 1_500;

/** What the kiosk knows of its surroundings, brought up to date before anything is decided. */
function perceive(before: Session, { at, fact }: Event): Session {
  const isOver = before.slotDue !== null && at.nowMs >= before.slotDue.untilMs;
  const session = endSuspensions(isOver ? { ...before, slotDue: null } : before, at);
  switch (fact.kind) {
    case 'card-inserted':
      return { ...session, cardPresent: true, cardFresh: true };
    case 'card-removed':
      return { ...session, cardPresent: false, cardFresh: false, slotDue: null };
    case 'device-changed': {
      const next = { ...session, devices: withHealth(session.devices, fact) };
      const isBack = isBlind(session) && !isBlind(next) && !session.cardPresent;
      return isBack ? { ...next, slotDue: { untilMs: at.nowMs + slotMs } } : next;
    }
    case 'terminal-changed': {
      const terminals = { ...session.devices.terminals, [fact.terminal]: fact.health };
      const next = { ...session, devices: { ...session.devices, terminals } };
      return fact.health.kind === 'up' ? withTerminalBack(next, fact.terminal, at) : next;
    }
    default:
      return session;
  }
}

function withHealth(
  devices: Devices,
  fact: Extract<Event['fact'], { readonly kind: 'device-changed' }>,
): Devices {
  return fact.device === 'sam'
    ? { ...devices, sams: { ...devices.sams, [fact.family]: fact.health } }
    : { ...devices, [fact.device]: fact.health };
}

/** What was set aside because this terminal did not tell is due again. */
function withTerminalBack(session: Session, terminal: string, { nowMs }: Moment): Session {
  const isHere = (reference: string) =>
    session.open.some((one) => one.reference === reference && one.means.id === terminal);
  const setAside = session.setAside.map((one) =>
    isHere(one.reference) ? { ...one, untilMs: Math.min(one.untilMs, nowMs) } : one,
  );
  return { ...session, setAside };
}

function decide(session: Session, { at, fact }: Event): Step {
  const { state } = session;
  if (fact.kind === 'commanded') return obey(session, fact.command, at);
  if (fact.kind === 'deadline-passed') {
    const deadlineMs = deadlineOf(session);
    if (deadlineMs === null || at.nowMs < deadlineMs) return stay(session);
  }
  const decision = decisions[state.kind].facts[fact.kind];
  if (decision === 'impossible') throw new ImpossibleFact(state.kind, fact.kind);
  if (decision === 'ignored') return stay(session);
  // The table is typed by state and fact together; the look-up by both kinds at once is not expressible.
  return (decision as Decide<StateKind, Fact>)(session, state, fact, at);
}

function obey(
  session: Session,
  command: Extract<Fact, { kind: 'commanded' }>['command'],
  at: Moment,
): Step {
  const { state } = session;
  const touched: Session =
    'leisure' in state
      ? { ...session, state: { ...state, leisure: leisure(session.terms, at) } }
      : session;
  const decision = decisions[state.kind].commands[command.kind];
  if (decision === undefined) {
    // The language can be changed on every screen; nothing else is lost or decided by it.
    return stay(
      command.kind === 'choose-language' ? { ...touched, language: command.language } : touched,
    );
  }
  return (decision as Decide<StateKind, typeof command>)(touched, touched.state, command, at);
}
