import type { CardFacts } from '../contract/card.ts';
import type { Attempt } from './attempt.ts';
import { type Decide, type Decisions, whileAsking } from './decide.ts';
import {
  askWhose,
  giveBack,
  leisure,
  lookUp,
  queueSlip,
  read,
  rest,
  stay,
  takeUp,
} from './moves.ts';
import { withoutPrinter } from './paper.ts';
import { isSettled, nextDeed } from './resolve.ts';
import type { ClosingPage, Session, StateOf, Step } from './session.ts';
import { canPrintCopy } from './slip.ts';
import { goTo, leave, visitFacts } from './visit.ts';

/*
 * "Where is my money?" What the journal knows of somebody's top-ups is only shown. Once something is to be done about one of
 * them it is taken in hand, like any other.
 */

const readForAccount = (session: Session): Step => read(session, 1, 'account');

export const findingDecisions: Decisions<'finding'> = {
  facts: {
    ...visitFacts,
    'card-inserted': readForAccount,
    'card-removed': 'ignored',
  },
  commands: {
    'look-up': (session, _state, { reference }) =>
      lookUp(session, { kind: 'reference', reference }, null),
    cancel: leave,
  },
};

export const lookingUpDecisions: Decisions<'looking-up'> = {
  facts: {
    ...whileAsking,
    'attempts-found': (session, { by, card }, { found }, at) => {
      // The card that was asked about has gone, or another one is in.
      if (card !== null && (!session.cardPresent || session.cardFresh)) return rest(session, at);
      if (by.kind === 'reference') {
        if (session.cardPresent) return readForAccount(session);
        if (found.length === 0) return askWhose(session, by.reference, at);
      }
      const rested = leisure(session.terms, at);
      // What a process that died was printing is not under way any more.
      const ended = withOpen(session, card, found).map(withoutPrinter);
      return goTo(session, { kind: 'account', card, found: ended, leisure: rested });
    },
  },
  commands: {},
};

/** What is still open of this card is told of however many others there were since: in place of the oldest that are over. */
function withOpen(
  { open }: Session,
  card: CardFacts | null,
  found: readonly Attempt[],
): readonly Attempt[] {
  const missing = open.filter(
    ({ cardNumber, profile, reference }) =>
      cardNumber === card?.number &&
      profile === card.profile &&
      found.every((other) => other.reference !== reference),
  );
  const over = found.filter(isSettled);
  const left = new Set(over.slice(Math.max(0, over.length - missing.length)));
  return [...found.filter((attempt) => !left.has(attempt)), ...missing.toReversed()];
}

/** The attempt that is meant, as it stands now. Null: it is not in this account. */
export function attemptIn(
  session: Session,
  { found }: Pick<StateOf<'account'>, 'found'>,
  reference: string,
): Attempt | null {
  const named = found.find((attempt) => attempt.reference === reference) ?? null;
  return session.open.find((attempt) => attempt.reference === named?.reference) ?? named;
}

/** Whether the terminal can be asked at once what became of somebody's money. */
export function canSettle(session: Session, attempt: Attempt): boolean {
  return session.open.includes(attempt) && ['inquire', 'reverse'].includes(nextDeed(attempt));
}

/** What is said of how it ended, for as long as a slip of it is printed. */
function pageOf({ card, money }: Attempt): ClosingPage {
  if (card === 'written') return { kind: 'receipt' };
  if (money === 'reversed') return { kind: 'money-back', why: 'card-not-written' };
  return { kind: 'see-staff', why: card === 'writing' ? 'card-undecided' : 'payment-undecided' };
}

/** A command about one of the top-ups that are shown. */
function withAttempt(
  deed: (session: Session, attempt: Attempt, at: Parameters<Decide<'account', unknown>>[3]) => Step,
): Decide<'account', { readonly reference: string }> {
  return (session, state, { reference }, at) => {
    const attempt = attemptIn(session, state, reference);
    return attempt === null ? stay(session) : deed(session, attempt, at);
  };
}

export const accountDecisions: Decisions<'account'> = {
  facts: { ...visitFacts, 'card-inserted': readForAccount },
  commands: {
    'print-slip': withAttempt((session, attempt, at) => {
      if (!canPrintCopy(session, attempt)) return stay(session);
      return queueSlip(takeUp(session, attempt), {
        kind: 'closing',
        attempt: { ...attempt, receiptWanted: true },
        page: pageOf(attempt),
        leaving: false,
        deadlineMs: at.nowMs + session.terms.timings.closingMs,
        prolonged: false,
      });
    }),
    settle: withAttempt((session, attempt, at) =>
      canSettle(session, attempt)
        ? giveBack(takeUp(session, attempt), attempt, 'card-not-written', at)
        : stay(session),
    ),
    back: (session, { card }, _command, at) =>
      card === null
        ? askWhose(session, null, at)
        : goTo(session, { kind: 'card', card, leisure: leisure(session.terms, at) }),
    cancel: leave,
    finish: leave,
  },
};
