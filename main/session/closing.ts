import type { Attempt, PaperState } from './attempt.ts';
import { type Decide, type Decisions, noAnswers } from './decide.ts';
import type { Fact, Moment } from './event.ts';
import { rest, stay } from './moves.ts';
import type { Session, StateOf, Step } from './session.ts';

function closingDeadline(session: Session, at: Moment): number {
  return at.nowMs + session.terms.timings.closingMs;
}

/** On to the next page, or away. Never away while paper is coming: its answer belongs to this state. */
function turn(session: Session, state: StateOf<'closing'>, at: Moment): Step {
  const deadlineMs = closingDeadline(session, at);
  if (state.page.kind === 'done' && state.attempt.receiptWanted) {
    return stay({ ...session, state: { ...state, page: { kind: 'receipt' }, deadlineMs } });
  }
  if (state.printing) return stay({ ...session, state: { ...state, leaving: true, deadlineMs } });
  return rest(session, at);
}

function paperIs(paper: PaperState): Decide<'closing', Fact> {
  return (session, state, _fact, at) => {
    if (!state.printing) throw new Error('a receipt was answered that nobody ordered');
    const attempt: Attempt = { ...state.attempt, paper };
    const deadlineMs =
      state.page.kind === 'receipt' ? closingDeadline(session, at) : state.deadlineMs;
    const next = { ...session, state: { ...state, attempt, printing: false, deadlineMs } };
    return state.leaving ? rest(next, at) : stay(next);
  };
}

export const closingDecisions: Decisions<'closing'> = {
  facts: {
    ...noAnswers,
    // Somebody wants to go on: the same person once more, or the next one.
    'card-inserted': (session, state, _fact, at) =>
      state.printing ? stay({ ...session, state: { ...state, leaving: true } }) : rest(session, at),
    'card-removed': 'ignored',
    'device-changed': 'ignored',
    'terminal-changed': 'ignored',
    // Paper that is still coming is waited for: its screen must be seen when it does not come.
    'deadline-passed': (session, state, _fact, at) =>
      state.printing && state.page.kind !== 'done'
        ? stay({ ...session, state: { ...state, deadlineMs: closingDeadline(session, at) } })
        : turn(session, state, at),
    'receipt-printed': paperIs('printed'),
    'receipt-not-printed': paperIs('not-printed'),
    'receipt-unknown': paperIs('maybe-printed'),
  },
  commands: { finish: (session, state, _command, at) => turn(session, state, at) },
};
