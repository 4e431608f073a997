import type { CardFacts, LoadProof } from '../contract/card.ts';
import type { ClaimReason } from '../contract/claim.ts';
import type { Language } from '../contract/language.ts';
import type { DeclineReason } from '../contract/payment.ts';
import { type Attempt, loadOrder, type PaperState, paymentOrder } from './attempt.ts';
import { claimOf } from './claim-of.ts';
import type { Effect, LookUp } from './effect.ts';
import type { Fact, Moment } from './event.ts';
import { isSettled, learn, nextDeed, resolve } from './resolve.ts';
import {
  attemptInHand,
  type ClosingPage,
  isBlind,
  isPressing,
  type Leisure,
  mustBeClaimed,
  mustWaitForName,
  owesName,
  type Patience,
  type Purpose,
  type ReversalReason,
  type Session,
  type StateOf,
  type Step,
  type Terms,
} from './session.ts';
import { isSlipWanted } from './slip.ts';

/*
 * The moves between states: each enters one state and gives the order that belongs to it. The tables of decisions
 * (visit, account, paying, loading, settling, closing, recover) say which fact leads to which move.
 */

type DeviceChanged = Extract<Fact, { readonly kind: 'device-changed' }>;

/** Nothing moves. */
export function stay(session: Session): Step {
  return { next: session, effects: [], closed: null };
}

/** A fresh stretch of time for a person who reads and chooses. */
export function leisure(terms: Terms, at: Moment): Leisure {
  return { deadlineMs: at.nowMs + terms.timings.idleMs, warned: false };
}

/** The reader answers again, and a card lies in it: nobody will put that card in once more. */
export function isReaderBack({ cardPresent }: Session, { device, health }: DeviceChanged): boolean {
  return device === 'reader' && health.kind === 'up' && cardPresent;
}

/** While a card is asked: a reader that failed and is back before the answer gets all its tries anew. */
export const noteReader = (
  session: Session,
  state: StateOf<'reading' | 'preparing' | 'checking'>,
  fact: DeviceChanged,
): Step =>
  stay(isReaderBack(session, fact) ? { ...session, state: { ...state, tries: 0 } } : session);

/** The card in the reader is asked: from here on it is no news any more. */
function asking(session: Session): Session {
  return { ...session, cardFresh: false, slotDue: null };
}

/** Read the card that is in the reader. */
export function read(session: Session, tries: number, purpose: Purpose = 'top-up'): Step {
  return {
    next: { ...asking(session), state: { kind: 'reading', tries, disturbed: false, purpose } },
    effects: [{ kind: 'read-card' }],
    closed: null,
  };
}

/** "Where is my money?" A card or a reference tells whose. `unknownReference`: what was keyed in, in vain. */
export function askWhose(session: Session, unknownReference: string | null, at: Moment): Step {
  const rested = leisure(session.terms, at);
  return stay({ ...session, state: { kind: 'finding', unknownReference, leisure: rested } });
}

/** Ask the journal for somebody's top-ups. `card`: the one in the reader, where it is theirs. */
export function lookUp(session: Session, by: LookUp, card: CardFacts | null): Step {
  return {
    next: { ...session, state: { kind: 'looking-up', by, card } },
    effects: [{ kind: 'look-up', by }],
    closed: null,
  };
}

/** Who has not said otherwise since is spoken to as they were when it was cut off. */
export function languageFor({ language, terms }: Session, attempt: Attempt): Language {
  return language === terms.defaultLanguage ? attempt.language : language;
}

/**
 * A visit, or an errand without a person, is over: what now? Money that can be found out comes before everything else; then
 * whoever was cut off and may still be there; then the claims of those who are not; then the card that is still in the reader;
 * only then may the kiosk be idle.
 */
export function rest(
  session: Session,
  at: Moment,
  inHand: Attempt | null = attemptInHand(session.state),
): Step {
  const leftOpen = inHand !== null && !isSettled(inHand);
  const closed = inHand !== null && !leftOpen ? inHand : null;
  const known = leftOpen ? [...session.open, inHand] : session.open;
  const ripe = session.setAside.filter(({ untilMs }) => at.nowMs >= untilMs);
  const ripeOf = (attempt: Attempt) => ripe.find((one) => one.reference === attempt.reference);
  const due = known.filter(
    (attempt) => isPressing(session, attempt) || ripeOf(attempt) !== undefined,
  );
  // Whatever else a terminal did would be the last in its books, and hide for ever the payment whose name it owes.
  const first = due.find(owesName) ?? due[0];
  const setAside = session.setAside.filter(
    ({ reference }) =>
      reference !== first?.reference && known.some((one) => one.reference === reference),
  );
  const freed: Session = { ...session, open: known, setAside };
  if (first !== undefined) {
    const tries = ripeOf(first)?.tries ?? 1;
    const others = takeUp(freed, first);
    if (first.reference !== session.cutOff) {
      const context = { why: 'card-not-written', patience: null, tries } as const;
      return { ...pursue(others, first, context, at), closed };
    }
    return { ...giveBack(turnedTo(others, first), first, 'card-not-written', at), closed };
  }
  const cutOff = known.find(({ reference }) => reference === session.cutOff);
  if (cutOff !== undefined && nextDeed(cutOff) === 'check-card') {
    const told = turnedTo(takeUp(freed, cutOff), cutOff);
    return { ...awaitCard(told, cutOff, false, at), closed };
  }
  const unclaimed = known.find(mustBeClaimed);
  if (unclaimed !== undefined) {
    const why = nextDeed(unclaimed) === 'check-card' ? 'card-not-returned' : 'payment-undecided';
    return { ...claim(takeUp(freed, unclaimed), unclaimed, why, false, at), closed };
  }
  if (session.cardPresent && session.cardFresh) return { ...read(freed, 1), closed };
  if (session.cardPresent) {
    return { next: { ...freed, state: { kind: 'take-card' } }, effects: [], closed };
  }
  const deadlineMs =
    setAside.length === 0 ? null : Math.min(...setAside.map(({ untilMs }) => untilMs));
  const { language, terms } = session;
  const isOver = session.state.kind === 'idle' || language === terms.defaultLanguage;
  const spoken = isOver ? null : { language, untilMs: at.nowMs + lossMs };
  const state = { kind: 'idle', deadlineMs, spoken } as const;
  const next: Session = { ...freed, slotDue: null, language: terms.defaultLanguage, state };
  return { next: keepLanguage(next, state, at), effects: [], closed };
}

/** An open attempt is taken in hand. Where it was set aside it stays so: its terminal was asked for long, and others wait. */
export function takeUp(session: Session, { reference }: Attempt): Session {
  return { ...session, open: session.open.filter((other) => other.reference !== reference) };
}

/** Whoever was cut off is turned to, once. */
function turnedTo(session: Session, attempt: Attempt): Session {
  return { ...session, cutOff: null, language: languageFor(session, attempt) };
}

/** The loss of a reader is told as two facts, in either order: it is down, and no card is in it. */
const lossMs = 1_000;

/** Where it was the reader that went, whoever was here is still spoken to in their language, for a while. */
export function keepLanguage(session: Session, state: StateOf<'idle'>, at: Moment): Session {
  const { spoken } = state;
  if (spoken === null || at.nowMs >= spoken.untilMs || !isBlind(session)) return session;
  const deadlineMs = at.nowMs + session.terms.timings.idleMs;
  return { ...session, language: spoken.language, state: { ...state, deadlineMs, spoken: null } };
}

/** No money was taken: say so, and offer another try. */
export function decline(
  session: Session,
  attempt: Attempt,
  card: CardFacts | null,
  reason: DeclineReason,
  at: Moment,
): Step {
  const state = {
    kind: 'declined',
    card,
    attempt,
    reason,
    leisure: leisure(session.terms, at),
  } as const;
  return { next: { ...session, state }, effects: [], closed: null };
}

/** For whom and why the money is pursued. */
export type Context = {
  readonly why: ReversalReason;
  readonly patience: Patience | null;
  readonly tries?: number;
};

const restMs = 1_000;
const restMsMax = 30_000;

function ask(
  session: Session,
  kind: 'capture' | 'reverse' | 'inquire-payment',
  state: Session['state'] & { readonly attempt: Attempt },
): Step {
  const effect: Effect = {
    kind,
    order: paymentOrder(state.attempt),
    terminalReference: state.attempt.terminalReference,
  };
  return { next: { ...session, state }, effects: [effect], closed: null };
}

/** Ask the terminal what has become of a payment. */
export function inquire(session: Session, attempt: Attempt, context: Context): Step {
  const { why, patience, tries = 1 } = context;
  return ask(session, 'inquire-payment', { kind: 'inquiring', attempt, why, patience, tries });
}

/** Do the next thing that settles this attempt. */
export function pursue(session: Session, attempt: Attempt, context: Context, at: Moment): Step {
  const { why, patience, tries = 1 } = context;
  if (mustWaitForName(session, attempt, at)) return afterName(session, attempt, context, at);
  switch (nextDeed(attempt)) {
    case 'inquire':
      return inquire(session, attempt, context);
    case 'capture': {
      const capturing: Attempt = { ...attempt, money: 'capturing' };
      return ask(session, 'capture', { kind: 'capturing', attempt: capturing, patience, tries });
    }
    case 'reverse': {
      const reversing: Attempt = { ...attempt, money: 'reversing' };
      return ask(session, 'reverse', {
        kind: 'reversing',
        attempt: reversing,
        why,
        patience,
        tries,
      });
    }
    case 'check-card':
      return session.cardPresent
        ? checkCard(session, attempt, patience?.wanted ?? false, 1)
        : awaitCard(session, attempt, patience?.wanted ?? false, at);
    case 'nothing':
      return conclude(session, attempt, context, at);
  }
}

/**
 * The payment whose name this terminal owes is asked for first: after this deed it could not be found any more. Whose card is
 * loaded is told so at once; whose money goes back is turned to again.
 */
function afterName(session: Session, attempt: Attempt, { patience }: Context, at: Moment): Step {
  if (patience === null) return rest(session, at, attempt);
  if (attempt.card === 'written') {
    return close(session, { ...attempt, money: 'capturing' }, { kind: 'done' }, at);
  }
  const { reference } = attempt;
  const setAside = session.setAside.filter((one) => one.reference !== reference);
  return rest({ ...session, setAside, cutOff: reference }, at, attempt);
}

/** The money is settled: tell the person who waits, or go on when nobody does. */
function conclude(session: Session, attempt: Attempt, context: Context, at: Moment): Step {
  const { why, patience } = context;
  if (patience === null) return rest(session, at, attempt);
  switch (attempt.money) {
    case 'captured':
    case 'uncollected':
      return close(session, attempt, { kind: 'done' }, at);
    case 'reversed':
      return close(session, attempt, { kind: 'money-back', why }, at);
    default: {
      const reason = patience.wanted ? 'terminal-fault' : 'cancelled';
      return decline(session, attempt, patience.card, reason, at);
    }
  }
}

/** An errand that failed this often, over some five minutes, no longer keeps the kiosk from serving others. */
export const errandTriesMax = 10;
const setAsideMs = 10 * 60_000;

/**
 * Wait a little, longer each time, before the terminal is asked again. A person's patience ends with staff; where nobody
 * waits, the attempt is set aside in the end, and taken up every now and then.
 */
export function pause(session: Session, attempt: Attempt, context: Context, at: Moment): Step {
  const { why, patience, tries = 1 } = context;
  if (patience !== null && at.nowMs >= patience.untilMs) {
    return claim(session, attempt, 'payment-undecided', true, at);
  }
  if (patience === null && tries > errandTriesMax) {
    const { reference } = attempt;
    const setAside = [...session.setAside, { reference, untilMs: at.nowMs + setAsideMs, tries }];
    return rest({ ...session, setAside }, at, attempt);
  }
  const waitMs = Math.min(restMs * 2 ** Math.min(tries - 1, 10), restMsMax);
  const deadlineMs = at.nowMs + waitMs;
  const state = { kind: 'resting', attempt, why, patience, tries, deadlineMs } as const;
  return { next: { ...session, state }, effects: [], closed: null };
}

/** The money is reserved: write the card if somebody still wants that, else give the money back. */
export function approved(session: Session, attempt: Attempt, context: Context, at: Moment): Step {
  if (context.patience?.wanted !== true) return pursue(session, attempt, context, at);
  return session.cardPresent
    ? prepare(session, attempt, 1, at)
    : awaitCard(session, attempt, true, at);
}

/** Begin a load: a new order each time, so that the card's log can tell them apart. Writes nothing. */
export function prepare(session: Session, attempt: Attempt, tries: number, at: Moment): Step {
  const begun: Attempt = {
    ...attempt,
    loads: attempt.loads + 1,
    loadTime: at.localTime,
    loadMark: null,
  };
  return {
    next: { ...asking(session), state: { kind: 'preparing', attempt: begun, tries } },
    effects: [{ kind: 'prepare-credit', order: loadOrder(begun) }],
    closed: null,
  };
}

/** Ask the card whether the load happened. Changes nothing on it. */
export function checkCard(
  session: Session,
  attempt: Attempt,
  wanted: boolean,
  tries: number,
): Step {
  if (attempt.loadMark === null) throw new Error('a load is checked that was never begun');
  return {
    next: { ...asking(session), state: { kind: 'checking', attempt, wanted, tries } },
    effects: [{ kind: 'check-card', order: loadOrder(attempt), mark: attempt.loadMark }],
    closed: null,
  };
}

/** Something was put in: it is the card that decides which one it is. */
export function resume(session: Session, attempt: Attempt, wanted: boolean, at: Moment): Step {
  return attempt.card === 'writing'
    ? checkCard(session, attempt, wanted, 1)
    : prepare(session, attempt, 1, at);
}

/**
 * It cannot be settled now, and the person need not wait for it: the station signs, once, what it owes them an answer about.
 * `isTold`: they are here, and are told.
 */
export function claim(
  session: Session,
  attempt: Attempt,
  why: ClaimReason,
  isTold: boolean,
  at: Moment,
): Step {
  if (attempt.claim !== null) return claimed(session, attempt, why, isTold, at);
  return {
    next: { ...session, state: { kind: 'claiming', attempt, why, isTold } },
    effects: [{ kind: 'sign-claim', claim: claimOf(session, attempt, why, at) }],
    closed: null,
  };
}

/** It is claimed: tell the person, or go on where nobody is there. */
export function claimed(
  session: Session,
  attempt: Attempt,
  why: ClaimReason,
  isTold: boolean,
  at: Moment,
): Step {
  if (!isTold) return rest(session, at, attempt);
  return close(session, attempt, { kind: 'see-staff', why }, at);
}

/** The card proves that it was not loaded, and its person is here: they may have it loaded now, or their money back. */
export function offerToFinish(session: Session, attempt: Attempt, at: Moment): Step {
  const deadlineMs = at.nowMs + session.terms.timings.cardReturnMs;
  return stay({ ...session, state: { kind: 'unfinished', attempt, deadlineMs } });
}

/** Ask for the card to be put back. */
export function awaitCard(
  session: Session,
  attempt: Attempt,
  wanted: boolean,
  at: Moment,
  wrongCard: StateOf<'awaiting-card'>['wrongCard'] = null,
): Step {
  // Put back while the last answer was on its way: it has not been asked yet, and nobody would put it in once more.
  if (session.cardPresent && session.cardFresh) return resume(session, attempt, wanted, at);
  const deadlineMs = at.nowMs + session.terms.timings.cardReturnMs;
  const waiting = { attempt, wanted, wrongCard, deadlineMs, prolonged: false };
  return stay({ ...session, state: { kind: 'awaiting-card', ...waiting } });
}

function patience(session: Session, wanted: boolean, at: Moment): Patience {
  return { untilMs: at.nowMs + session.terms.timings.patienceMs, wanted, card: null };
}

/** The card itself has proved the load: only now may the money be taken. */
export function written(session: Session, attempt: Attempt, proof: LoadProof, at: Moment): Step {
  const loaded = learn(attempt, { kind: 'load', proof });
  const waiting = patience(session, true, at);
  return pursue(session, loaded, { why: 'card-not-written', patience: waiting }, at);
}

/** Do what settles this attempt while its person waits, and tell them. Nobody wants the load any more. */
export function giveBack(
  session: Session,
  attempt: Attempt,
  why: ReversalReason,
  at: Moment,
): Step {
  return pursue(session, attempt, { why, patience: patience(session, false, at) }, at);
}

/**
 * Show how it ended, and have it printed where that is wanted and possible. A slip that is on paper already, or may be, is
 * never printed again unasked.
 */
export function close(session: Session, attempt: Attempt, page: ClosingPage, at: Moment): Step {
  const { timings } = session.terms;
  const wanted = isSlipWanted({ attempt, page });
  const isDue = wanted && resolve(attempt).slip === 'print';
  const brief = page.kind === 'done' && wanted;
  const deadlineMs = at.nowMs + (brief ? timings.doneMs : timings.closingMs);
  const closing = { kind: 'closing', page, leaving: false, deadlineMs, prolonged: false } as const;
  if (isDue && session.devices.printer.kind === 'up') {
    return queueSlip(session, { ...closing, attempt });
  }
  const paper: PaperState = isDue ? 'not-printed' : attempt.paper;
  return stay({ ...session, state: { ...closing, attempt: { ...attempt, paper } } });
}

/** Ask for a slip. It is on its way from here on, and nothing of it has left the process yet. */
export function queueSlip(session: Session, state: StateOf<'closing'>): Step {
  const attempt: Attempt = { ...state.attempt, paper: 'queued' };
  return {
    next: { ...session, state: { ...state, attempt } },
    effects: [{ kind: 'ready-printer' }],
    closed: null,
  };
}
