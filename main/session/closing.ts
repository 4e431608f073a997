import type { PaperState } from './attempt.ts';
import { type Decide, type Decisions, noAnswers, whileAsking } from './decide.ts';
import type { Fact, Moment } from './event.ts';
import { claimed, isReaderBack, queueSlip, rest, stay } from './moves.ts';
import { isPaperComing, nextCopy } from './paper.ts';
import { receiptOf } from './receipt-of.ts';
import { learn, nextDeed } from './resolve.ts';
import type { Session, StateOf, Step } from './session.ts';
import { canPrintAgain } from './slip.ts';

function closingDeadline(session: Session, at: Moment): number {
  return at.nowMs + session.terms.timings.closingMs;
}

/** Time anew for whoever reads this page. */
function renewed(session: Session, state: StateOf<'closing'>, at: Moment): Step {
  return stay({ ...session, state: { ...state, deadlineMs: closingDeadline(session, at) } });
}

/** Away. Never while paper is coming: its answer belongs to this state. */
function leave(session: Session, state: StateOf<'closing'>, at: Moment): Step {
  if (!isPaperComing(state.attempt)) return rest(session, at);
  return renewed(session, { ...state, leaving: true }, at);
}

/** On to the next page, or away. */
function turn(session: Session, state: StateOf<'closing'>, at: Moment): Step {
  if (state.page.kind === 'done' && state.attempt.receiptWanted) {
    return renewed(session, { ...state, page: { kind: 'receipt' } }, at);
  }
  return leave(session, state, at);
}

function assertPaper(state: StateOf<'closing'>, paper: PaperState): void {
  if (state.attempt.paper !== paper) {
    throw new Error('the printer answered what nobody had asked it');
  }
}

/** The printer has answered: what became of the slip that was `asked` for. */
function paperIs(
  asked: 'queued' | 'printing',
  paper: 'printed' | 'not-printed' | 'maybe-printed',
): Decide<'closing', Fact> {
  return (session, state, _fact, at) => {
    assertPaper(state, asked);
    const answered = { ...state, attempt: learn(state.attempt, { kind: 'slip', paper }) };
    const next: Session = { ...session, state: answered };
    if (state.leaving) return rest(next, at);
    return state.page.kind === 'done' ? stay(next) : renewed(session, answered, at);
  };
}

export const closingDecisions: Decisions<'closing'> = {
  facts: {
    ...noAnswers,
    // Somebody wants to go on: the same person once more, or the next one. Not where the card was in all the time.
    'card-inserted': (session, state, _fact, at) =>
      session.slotDue === null ? leave(session, state, at) : stay(session),
    'card-removed': 'ignored',
    'device-changed': (session, state, fact, at) => {
      // The card that could not be asked lies there and can be now.
      if (isReaderBack(session, fact) && nextDeed(state.attempt) === 'check-card') {
        return leave({ ...session, cardFresh: true }, state, at);
      }
      // The key to print has just come up, and is to be seen.
      return fact.device === 'printer' && canPrintAgain(session, state) && !state.prolonged
        ? renewed(session, { ...state, prolonged: true }, at)
        : stay(session);
    },
    'terminal-changed': 'ignored',
    // Paper that is still coming is waited for: its screen must be seen when it does not come.
    'deadline-passed': (session, state, _fact, at) =>
      isPaperComing(state.attempt) && state.page.kind !== 'done'
        ? renewed(session, state, at)
        : turn(session, state, at),
    'printer-ready': (session, state) => {
      assertPaper(state, 'queued');
      const copy = nextCopy(state.attempt);
      const receipt = receiptOf(session, state.attempt);
      const attempt = { ...state.attempt, paper: 'printing' } as const;
      return {
        next: { ...session, state: { ...state, attempt } },
        effects: [{ kind: 'print-receipt', receipt, copy }],
        closed: null,
      };
    },
    'printer-not-ready': paperIs('queued', 'not-printed'),
    'receipt-printed': paperIs('printing', 'printed'),
    'receipt-not-printed': paperIs('printing', 'not-printed'),
    'receipt-unknown': paperIs('printing', 'maybe-printed'),
  },
  commands: {
    finish: (session, state, _command, at) => turn(session, state, at),
    'print-again': (session, state, _command, at) =>
      canPrintAgain(session, state)
        ? queueSlip(session, { ...state, deadlineMs: closingDeadline(session, at) })
        : stay(session),
  },
};

export const claimingDecisions: Decisions<'claiming'> = {
  facts: {
    ...whileAsking,
    'claim-signed': (session, { attempt, why, isTold }, fact, at) =>
      claimed(session, { ...attempt, claim: fact.claim }, why, isTold, at),
  },
  commands: {},
};
