import type { Attempt, CardState, MoneyState, PaperState } from './attempt.ts';
import { isSuspended } from './breaker.ts';
import type { Effect } from './effect.ts';
import type { Event } from './event.ts';
import { isPaperComing, nextCopy, slipKind } from './paper.ts';
import { isSettled, nextDeed, resolve } from './resolve.ts';
import {
  attemptsOf,
  isPressing,
  mustBeClaimed,
  owesName,
  type Session,
  type Step,
} from './session.ts';

/** A rule about money would have been broken. Stays on in production: the process stops before the step takes effect. */
export class BrokenInvariant extends Error {
  constructor(rule: string, detail: string) {
    super(`${rule}: ${detail}`);
    this.name = 'BrokenInvariant';
  }
}

/** Where an attempt's money may go from where it is. What is missing here must never happen. */
const moneyEdges: Readonly<Record<MoneyState, readonly MoneyState[]>> = {
  none: ['authorising'],
  authorising: ['authorised', 'declined', 'reversed', 'reversing'],
  authorised: ['capturing', 'captured', 'reversing'],
  capturing: ['captured', 'uncollected'],
  captured: [],
  uncollected: [],
  reversing: ['reversed'],
  reversed: [],
  declined: [],
};

const cardEdges: Readonly<Record<CardState, readonly CardState[]>> = {
  none: ['writing'],
  writing: ['written', 'unwritten'],
  written: [],
  unwritten: ['writing'],
};

/** Paper that was confirmed, or is not known, may begin again: with a slip that says something new, or a copy. */
const paperEdges: Readonly<Record<PaperState, readonly PaperState[]>> = {
  none: ['queued', 'not-printed'],
  queued: ['printing', 'not-printed', 'maybe-printed'],
  printing: ['printed', 'not-printed', 'maybe-printed'],
  printed: ['queued', 'not-printed'],
  'not-printed': ['queued'],
  'maybe-printed': ['queued', 'not-printed'],
};

/** Throws BrokenInvariant when a step would break a rule about money. */
export function assertStep(before: Session, event: Event, step: Step): void {
  const { state } = before;
  // What the journal was asked for is in hand again once something is done about it.
  const shown = state.kind === 'account' ? state.found : [];
  const known = [...shown, ...attemptsOf(before)];
  const was = new Map(known.map((attempt) => [attempt.reference, attempt]));
  const kept = attemptsOf(step.next);
  const now = step.closed === null ? kept : [...kept, step.closed];
  const seen = new Set<string>();
  for (const attempt of now) {
    if (seen.has(attempt.reference))
      throw new BrokenInvariant('one attempt, one place', attempt.reference);
    seen.add(attempt.reference);
    assertAttempt(attempt);
    const isClosing = step.next.state.kind === 'closing' && step.next.state.attempt === attempt;
    if (isPaperComing(attempt) && !isClosing) {
      throw new BrokenInvariant('paper that is coming is waited for', attempt.reference);
    }
    const earlier = was.get(attempt.reference);
    if (earlier !== undefined) assertChange(earlier, attempt, state.kind === 'account');
    else if (attempt.money !== 'none') {
      throw new BrokenInvariant('an attempt begins without money', attempt.reference);
    }
  }
  for (const attempt of attemptsOf(before)) {
    if (!seen.has(attempt.reference) && !isSettled(attempt)) {
      throw new BrokenInvariant('no unsettled attempt is forgotten', attempt.reference);
    }
  }
  if (step.closed !== null && !isSettled(step.closed)) {
    throw new BrokenInvariant('only a settled attempt is closed', step.closed.reference);
  }
  if (step.effects.length > 1) {
    throw new BrokenInvariant(
      'one order at a time',
      step.effects.map(({ kind }) => kind).join(' '),
    );
  }
  for (const effect of step.effects) assertEffect(effect, was, step.next);
  assertState(step.next, event);
}

function assertAttempt(attempt: Attempt): void {
  const { reference, money, card } = attempt;
  const rule = (holds: boolean, name: string): void => {
    if (!holds) throw new BrokenInvariant(name, `${reference} is ${money}, its card ${card}`);
  };
  if (money === 'capturing' || money === 'captured' || money === 'uncollected') {
    rule(card === 'written', 'no capture before the card has proved the load');
  }
  if (money === 'reversing' || money === 'reversed') {
    rule(
      card === 'none' || card === 'unwritten',
      'no money back for a load that may be on the card',
    );
  }
  if (money === 'none' || money === 'authorising' || money === 'declined') {
    rule(card === 'none', 'no write before the money is reserved');
  }
  if (card === 'written') rule(attempt.proof !== null, 'written means proved');
  if (card === 'writing') rule(attempt.loadMark !== null, 'a write is marked before it is ordered');
}

/** `isAskedFor`: somebody wants a slip of what is over. */
function assertChange(was: Attempt, is: Attempt, isAskedFor: boolean): void {
  const same =
    was.amountMinor === is.amountMinor &&
    was.cardNumber === is.cardNumber &&
    was.means.id === is.means.id &&
    was.terminalId === is.terminalId;
  if (!same) {
    throw new BrokenInvariant(
      'an attempt keeps its card, amount, means and terminal',
      is.reference,
    );
  }
  if (was.money !== is.money && !moneyEdges[was.money].includes(is.money)) {
    throw new BrokenInvariant('money moves along its edges', `${was.money} to ${is.money}`);
  }
  if (was.card !== is.card && !cardEdges[was.card].includes(is.card)) {
    throw new BrokenInvariant('a card is written along its edges', `${was.card} to ${is.card}`);
  }
  if (was.claim !== is.claim) {
    const isFirst = was.claim === null && resolve(was).claim === 'due';
    if (!isFirst) throw new BrokenInvariant('a claim is made once, and kept', is.reference);
  }
  assertPaper(was, is, isAskedFor);
}

function assertPaper(was: Attempt, is: Attempt, isAskedFor: boolean): void {
  const { paper, onPaper } = is;
  const rule = (holds: boolean, name: string): void => {
    const change = `${was.paper} (${was.onPaper}) to ${paper} (${onPaper})`;
    if (!holds) throw new BrokenInvariant(name, `${is.reference}: ${change}`);
  };
  if (onPaper !== was.onPaper) {
    const isFirst = was.onPaper === null || was.onPaper === 'unresolved';
    const isNew = was.paper === 'printing' && onPaper === slipKind(is);
    rule(isFirst && isNew, 'what may be on paper is never forgotten');
  }
  if (paper === was.paper) return;
  rule(paperEdges[was.paper].includes(paper), 'paper moves along its edges');
  const mayBe = nextCopy(is) === 'duplicate';
  if (was.paper === 'printed') {
    rule(!mayBe || isAskedFor, 'a confirmed slip is not printed again unasked');
  }
  if (paper === 'not-printed') rule(!mayBe, '"not printed" is said where nothing can be on paper');
  if (paper === 'printed' || paper === 'maybe-printed') {
    rule(mayBe, 'what may be on paper is never forgotten');
  }
}

function assertEffect(effect: Effect, was: ReadonlyMap<string, Attempt>, next: Session): void {
  const attempts = attemptsOf(next);
  switch (effect.kind) {
    case 'authorise': {
      const earlier = was.get(effect.order.reference);
      if (earlier?.money !== 'none') {
        throw new BrokenInvariant('money is asked for once', effect.order.reference);
      }
      const owing = next.open.find(
        (attempt) => attempt.means.id === effect.order.means && owesName(attempt),
      );
      if (owing !== undefined) {
        throw new BrokenInvariant(
          'a terminal that owes an answer is asked for no more money',
          owing.reference,
        );
      }
      if (isSuspended(next, effect.order.means)) {
        throw new BrokenInvariant(
          'a means of payment that is suspended is asked for no money',
          effect.order.means,
        );
      }
      return;
    }
    case 'credit-card': {
      const [reference = ''] = effect.reference.split('/');
      const earlier = was.get(reference);
      if (earlier === undefined || earlier.card === 'writing' || earlier.card === 'written') {
        throw new BrokenInvariant('a load is written once', effect.reference);
      }
      return;
    }
    case 'capture':
    case 'reverse': {
      const attempt = attempts.find(({ reference }) => reference === effect.order.reference);
      const expected = effect.kind === 'capture' ? 'capturing' : 'reversing';
      if (attempt?.money !== expected) {
        throw new BrokenInvariant(
          'an order to the terminal is written down first',
          effect.order.reference,
        );
      }
      return;
    }
    case 'sign-claim': {
      const attempt = attempts.find(({ reference }) => reference === effect.claim.reference);
      if (attempt === undefined || !mustBeClaimed(attempt)) {
        throw new BrokenInvariant(
          'only what is unsettled is claimed, once',
          effect.claim.reference,
        );
      }
      return;
    }
    case 'ready-printer': {
      if (!attempts.some(({ paper }) => paper === 'queued')) {
        throw new BrokenInvariant('a slip is queued before the printer is asked', '');
      }
      return;
    }
    case 'print-receipt': {
      const { reference, kind } = effect.receipt;
      const attempt = attempts.find((each) => each.reference === reference);
      if (was.get(reference)?.paper !== 'queued' || attempt?.paper !== 'printing') {
        throw new BrokenInvariant('a slip is written down before it is printed', reference);
      }
      const mayBe = attempt.onPaper === kind;
      if (effect.copy === 'original' && mayBe) {
        throw new BrokenInvariant('no second original', reference);
      }
      if (effect.copy === 'duplicate' && !mayBe) {
        throw new BrokenInvariant('no duplicate of nothing', reference);
      }
      return;
    }
    default:
      return;
  }
}

function assertState(next: Session, { fact }: Event): void {
  const { state, open } = next;
  if (state.kind === 'closing') {
    const { page, attempt } = state;
    if ((page.kind === 'done' || page.kind === 'receipt') && attempt.card !== 'written') {
      throw new BrokenInvariant('no "done" without proof', attempt.reference);
    }
    if (page.kind === 'money-back' && attempt.money !== 'reversed') {
      throw new BrokenInvariant('no "paid back" before it is', attempt.reference);
    }
    if (page.kind === 'see-staff' && resolve(attempt).claim !== 'open') {
      throw new BrokenInvariant('who is sent to staff has a claim', attempt.reference);
    }
  }
  if (state.kind === 'unfinished' && nextDeed(state.attempt) !== 'reverse') {
    throw new BrokenInvariant('only what is proved unwritten is offered', state.attempt.reference);
  }
  if (state.kind === 'idle' || state.kind === 'card' || state.kind === 'opening') {
    const due = open.find((attempt) => isPressing(next, attempt));
    if (due !== undefined) {
      throw new BrokenInvariant(
        'nothing is offered while money can still be found out',
        `${due.reference}, after ${fact.kind}`,
      );
    }
    const unclaimed = open.find(mustBeClaimed);
    if (unclaimed !== undefined) {
      throw new BrokenInvariant(
        'nobody is left with money unknown and no claim',
        `${unclaimed.reference}, after ${fact.kind}`,
      );
    }
  }
}
