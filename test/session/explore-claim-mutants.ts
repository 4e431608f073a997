import { claimOf } from '../../main/session/claim-of.ts';
import { claim, offerToFinish } from '../../main/session/moves.ts';
import type { Session } from '../../main/session/session.ts';
import { transition } from '../../main/session/transition.ts';
import type { Transition } from './explore-moves.ts';
import type { Mutant } from './explore-mutants.ts';

const idle = { kind: 'idle', deadlineMs: null, spoken: null } as const;

/** Planted bug: who has read that staff will help needs no claim any more. */
const clearsTheClaim: Transition = (session, event) => {
  const step = transition(session, event);
  if (session.state.kind !== 'closing' || step.next.state.kind === 'closing') return step;
  const open = step.next.open.map((attempt) => ({ ...attempt, claim: null }));
  return { ...step, next: { ...step.next, open } };
};

/** Planted bug: where nobody waits, nothing is signed. */
const idlesUnclaimed: Transition = (session, event) => {
  const step = transition(session, event);
  const { state } = step.next;
  if (state.kind !== 'claiming' || state.isTold) return step;
  const open = [...step.next.open, state.attempt];
  return { next: { ...step.next, open, state: idle }, effects: [], closed: step.closed };
};

/** Planted bug: the slip has to do, without a claim. */
const sendsToStaffUnclaimed: Transition = (session, event) => {
  const step = transition(session, event);
  const { state } = step.next;
  if (state.kind !== 'claiming' || !state.isTold) return step;
  const { attempt, why } = state;
  const page = { kind: 'see-staff', why } as const;
  const closing = { kind: 'closing', attempt, page, leaving: false, prolonged: false } as const;
  const deadlineMs = event.at.nowMs + 20_000;
  return { ...step, next: { ...step.next, state: { ...closing, deadlineMs } }, effects: [] };
};

/** Planted bug: money that is back is claimed all the same. */
const claimsWhatIsOver: Transition = (session, event) => {
  const step = transition(session, event);
  const { state } = step.next;
  if (event.fact.kind !== 'payment-reversed' || state.kind !== 'closing') return step;
  return claim(step.next, state.attempt, 'payment-undecided', true, event.at);
};

/** Planted bug: the claim says nothing of the load that may be on the card. */
const claimsWithoutTheLoad: Transition = (session, event) => {
  const step = transition(session, event);
  const { state } = step.next;
  if (state.kind !== 'claiming') return step;
  const signed = { ...claimOf(session, state.attempt, state.why, event.at), load: null };
  return { ...step, effects: [{ kind: 'sign-claim', claim: signed }] };
};

/** Planted bug: a card that does not tell is offered to be loaded once more. */
const offersWhatMayBeWritten: Transition = (session, event) => {
  const { state } = session;
  if (state.kind !== 'checking' || event.fact.kind !== 'load-unknown') {
    return transition(session, event);
  }
  return offerToFinish(session, { ...state.attempt, card: 'unwritten' }, event.at);
};

/** Planted bug: a payment that is not answered counts for nothing. */
const forgetsSilence: Transition = (session, event) =>
  transition({ ...session, breakers: {} }, event);

/** Planted bug: what is asked for in an account is printed as if it were the first. */
const forgetsTheSlip: Transition = (session, event) => {
  const { state } = session;
  if (state.kind !== 'account') return transition(session, event);
  const found = state.found.map(
    (attempt) => ({ ...attempt, paper: 'none', onPaper: null }) as const,
  );
  return transition({ ...session, state: { ...state, found } }, event);
};

/** Planted bug: time runs out while a card is waited for, and that is that. */
const timesOutAtRisk: Transition = (session, event) => {
  const isOver = session.state.kind === 'awaiting-card' && event.fact.kind === 'deadline-passed';
  if (!isOver) return transition(session, event);
  const next: Session = { ...session, state: idle };
  return { next, effects: [], closed: null };
};

/** Planted bug: a card is waited for until it comes. */
const waitsForEver: Transition = (session, event) => {
  const isOver = session.state.kind === 'awaiting-card' && event.fact.kind === 'deadline-passed';
  return isOver ? { next: session, effects: [], closed: null } : transition(session, event);
};

export const claimMutants: readonly Mutant[] = [
  ['a claim is cleared before it is settled', clearsTheClaim, 'claim-kept', 'plain'],
  ['the kiosk is idle, and nothing is claimed', idlesUnclaimed, 'no-silent-debt', 'plain'],
  ['somebody is sent to staff without a claim', sendsToStaffUnclaimed, 'staff-has-claim', 'plain'],
  ['what is over is claimed', claimsWhatIsOver, 'claim-true', 'plain'],
  ['a claim does not name the load', claimsWithoutTheLoad, 'claim-true', 'plain'],
  [
    'what may be on the card is offered to be loaded',
    offersWhatMayBeWritten,
    'unfinished-is-unwritten',
    'plain',
  ],
  ['a means is asked again and again in vain', forgetsSilence, 'suspended-is-suspended', 'silence'],
  ['a slip out of an account is not marked', forgetsTheSlip, 'one-original', 'account'],
  ['time runs out while money is at risk', timesOutAtRisk, 'nothing-held', 'plain'],
  ['a card is waited for as long as it takes', waitsForEver, 'claim-at-last', 'plain'],
];
