import { paymentOrder } from '../../main/session/attempt.ts';
import { attemptInHand } from '../../main/session/session.ts';
import { transition } from '../../main/session/transition.ts';
import { proved } from '../support/attempt.ts';
import type { mutantDomains } from './explore-domains.ts';
import type { Transition } from './explore-moves.ts';
import type { Truth } from './explore-truth.ts';
import { reprintsBlindly, retriesBlindly, takesSilenceForNo } from './mutants.ts';

/** Planted bug: the money is taken as soon as it is reserved. */
const capturesBeforeTheWrite: Transition = (session, event) => {
  const step = transition(session, event);
  const attempt = attemptInHand(step.next.state);
  if (event.fact.kind !== 'payment-approved' || attempt?.means.phases !== 'two') return step;
  const capturing = { ...attempt, money: 'capturing' } as const;
  const order = paymentOrder(capturing);
  const { terminalReference } = capturing;
  return {
    next: {
      ...step.next,
      state: { kind: 'capturing', attempt: capturing, patience: null, tries: 1 },
    },
    effects: [{ kind: 'capture', order, terminalReference }],
    closed: null,
  };
};

/** Planted bug: a write that was not refused is taken for one that was proved. */
const trustsTheWrite: Transition = (session, event) => {
  if (event.fact.kind !== 'credit-unknown') return transition(session, event);
  const fact = { kind: 'credit-proved', proof: proved } as const;
  return transition(session, { at: event.at, fact });
};

/** Planted bug: who left is forgotten, and the card that may be loaded with them. */
const forgetsWhoLeft: Transition = (session, event) => {
  const step = transition(session, event);
  if (session.state.kind !== 'closing' || step.next.state.kind === 'closing') return step;
  return { ...step, next: { ...step.next, open: [] } };
};

/** Planted bug: money goes back when the card does not come back, loaded or not. */
const paysBackUnasked: Transition = (session, event) => {
  const { state } = session;
  const isAway = state.kind === 'awaiting-card' && event.fact.kind === 'deadline-passed';
  if (!isAway || state.attempt.card !== 'writing') return transition(session, event);
  const attempt = { ...state.attempt, card: 'unwritten' } as const;
  return transition({ ...session, state: { ...state, attempt } }, event);
};

/** Planted bug: another card than the one that was paid for is as good. */
const takesAnyCardForAnswer: Transition = (session, event) => {
  if (event.fact.kind !== 'other-card-found') return transition(session, event);
  return transition(session, { at: event.at, fact: { kind: 'load-not-found' } });
};

/** Planted bug: a terminal that refuses to give money back is believed to have done it. */
const takesNoForYes: Transition = (session, event) => {
  if (event.fact.kind !== 'reversal-refused') return transition(session, event);
  return transition(session, { at: event.at, fact: { kind: 'payment-reversed' } });
};

/** Planted bug: the idle kiosk serves the next person while the terminal owes an answer. */
const servesTooEarly: Transition = (session, event) => {
  const step = transition(session, event);
  const { state } = step.next;
  if (state.kind !== 'resting' || state.patience !== null) return step;
  const open = [...step.next.open, state.attempt];
  return {
    ...step,
    next: { ...step.next, open, state: { kind: 'idle', deadlineMs: null, spoken: null } },
  };
};

/** Planted bug: a card that does not say is asked for ever, and nobody is told. */
const neverGivesUp: Transition = (session, event) => {
  const isOver = session.state.kind === 'resting' && event.fact.kind === 'deadline-passed';
  return isOver ? { next: session, effects: [], closed: null } : transition(session, event);
};

export type Mutant = readonly [
  what: string,
  decide: Transition,
  /** The truth that it is the first to break. */
  rule: Truth,
  domain: keyof typeof mutantDomains,
];

export const moneyMutants: readonly Mutant[] = [
  ['the money is taken before the write', capturesBeforeTheWrite, 'load-first', 'cards'],
  ['a write without an answer is taken for proved', trustsTheWrite, 'done-is-done', 'cards'],
  ['a write without an answer is written again', retriesBlindly, 'loaded-once', 'cards'],
  ['a silent terminal is taken for one that declined', takesSilenceForNo, 'no-is-no', 'cards'],
  ['a slip that may have come is printed again', reprintsBlindly, 'one-original', 'cards'],
  ['who left is forgotten', forgetsWhoLeft, 'loaded-is-paid', 'cards'],
  ['money goes back for a card that is away', paysBackUnasked, 'no-gift', 'cards'],
  [
    'another card answers for the one that was paid for',
    takesAnyCardForAnswer,
    'unfinished-is-unwritten',
    'cards',
  ],
  ['a refusal to give money back is taken for done', takesNoForYes, 'back-is-back', 'cards'],
  ['the next person is served while money is unknown', servesTooEarly, 'money-first', 'cards'],
  ['a terminal is waited for, and never asked again', neverGivesUp, 'way-out', 'plain'],
];
