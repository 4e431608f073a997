import { prepare } from '../../main/session/moves.ts';
import { receiptOf } from '../../main/session/receipt-of.ts';
import { transition } from '../../main/session/transition.ts';
import type { Transition } from './world.ts';

/** Planted bug: a write whose answer was lost is simply written again. */
export const retriesBlindly: Transition = (session, event) => {
  const { state } = session;
  if (state.kind === 'crediting' && event.fact.kind === 'credit-unknown') {
    return prepare(session, { ...state.attempt, card: 'unwritten' }, 1, event.at);
  }
  return transition(session, event);
};

/** Planted bug: a terminal that does not answer is taken for one that declined. */
export const takesSilenceForNo: Transition = (session, event) => {
  const { state } = session;
  if (state.kind === 'authorising' && event.fact.kind === 'payment-unknown') {
    const fact = { kind: 'payment-declined', reason: 'timed-out' } as const;
    return transition(session, { at: event.at, fact });
  }
  return transition(session, event);
};

/** Planted bug: a receipt of which nobody knows whether it came is simply printed again. */
export const reprintsBlindly: Transition = (session, event) => {
  const { state } = session;
  if (state.kind === 'closing' && event.fact.kind === 'receipt-unknown') {
    const receipt = receiptOf(session, state.attempt);
    const order = { kind: 'print-receipt', receipt, copy: 'original' } as const;
    return { next: session, effects: [order], closed: null };
  }
  return transition(session, event);
};
