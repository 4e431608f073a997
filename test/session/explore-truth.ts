import type { Attempt } from '../../main/session/attempt.ts';
import { isSettled, nextDeed } from '../../main/session/resolve.ts';
import { attemptInHand, attemptsOf, type Session, type Step } from '../../main/session/session.ts';
import { show } from '../../main/session/show.ts';
import type { Silences } from './explore-silence.ts';
import { type Book, emptyBook, Loss, type World } from './explore-world.ts';

/**
 * What must be true of each step, measured against the books of terminal, card and tray. Beside these hold the rules that
 * the session asserts of itself (main/session/invariants.ts), and those of the orders (explore-world.ts).
 */
export const truths = {
  'asked-once': 'money is asked for once for each top-up',
  'loaded-once': 'a card is loaded once for each top-up',
  'load-first': 'money is captured only for a load that is on the card',
  'no-gift': 'money goes back only where no load is on the card',
  'paid-is-loaded': 'a top-up that is over and paid is on the card',
  'loaded-is-paid': 'a top-up that is over and loaded is paid, or known to be owed to the operator',
  'nothing-held': 'no reservation is left behind',
  'done-is-done': 'a screen says "done" only of a load that is on the card',
  'back-is-back': 'a screen says "paid back" only of money that is back',
  'no-is-no': 'a screen says "declined" only where no money is held or taken',
  'money-first': 'nobody is served while money can still be found out',
  'one-original': 'each slip is given out once as an original, and says what is true',
  'one-owner': 'no order is about a top-up that is over',
  'no-silent-debt':
    'the kiosk is never idle, and nobody is served, while somebody’s money may be held by a top-up without a claim',
  'staff-has-claim': 'nobody is sent to staff without a claim',
  'claim-kept': 'a claim is there until its top-up is settled, word for word',
  'claim-true':
    'a claim is of a top-up that is not settled, and names the load that may be on the card',
  'unfinished-is-unwritten':
    'finishing is only offered of a load that is not on the card, and of money that is held',
  'suspended-is-suspended':
    'no money is asked for with a means that left its last two payments unanswered, before its time is over',
  'way-out': 'from everywhere there is a way to where everything is settled',
  'claim-at-last':
    'where no card comes back and no terminal answers any more, there is a way to where everything is settled, loaded or claimed',
} as const;

export type Truth = keyof typeof truths;

function must(holds: boolean, truth: Truth, detail: string): void {
  if (!holds) throw new Loss(truth, `${truths[truth]}: ${detail}`);
}

/** A top-up leaves the kiosk's mind: what do the books say that it has come to? Throws Loss. */
export function assertEnd(attempt: Attempt, book: Book): void {
  const { reference, money } = attempt;
  const isPaid = book.payment === 'captured';
  const isLoaded = book.loadedAs !== null;
  must(!isPaid || isLoaded, 'paid-is-loaded', `${reference} is paid, and not loaded`);
  must(
    isPaid || !isLoaded || money === 'uncollected',
    'loaded-is-paid',
    `${reference} is loaded, and not paid`,
  );
  must(
    book.payment !== 'authorised' || isLoaded,
    'nothing-held',
    `${reference} is reserved, and forgotten`,
  );
}

/** Every top-up that a step leaves behind. `books`: as they were before it is forgotten. Throws Loss. */
export function assertEnds(
  before: Session,
  next: Session,
  closed: Attempt | null,
  books: World['books'],
): void {
  const kept = attemptsOf(next);
  assertClaimsKept(attemptsOf(before), kept);
  for (const attempt of attemptsOf(before)) {
    const { reference } = attempt;
    if (kept.some((each) => each.reference === reference)) continue;
    const last = closed?.reference === reference ? closed : attempt;
    assertEnd(last, books[reference] ?? emptyBook);
  }
}

/** `after`: whatever is not settled. Throws Loss. */
export function assertClaimsKept(before: readonly Attempt[], after: readonly Attempt[]): void {
  for (const { reference, claim } of before) {
    const now = after.find((attempt) => attempt.reference === reference);
    const isKept = claim === null || now === undefined || now.claim === claim;
    must(isKept, 'claim-kept', `${reference} was claimed: ${claim}`);
  }
}

/** What is ordered with a step. `silences`: as they are when it is ordered. Throws Loss. */
export function assertOrders({ next, effects }: Step, { books }: World, silences: Silences): void {
  for (const effect of effects) {
    if (effect.kind === 'authorise') {
      const { means } = effect.order;
      const isQuiet = (silences[means]?.untilMs ?? null) !== null;
      must(!isQuiet, 'suspended-is-suspended', `${means} is asked again`);
    }
    if (effect.kind !== 'sign-claim') continue;
    const { reference, load } = effect.claim;
    const attempt = attemptsOf(next).find((each) => each.reference === reference);
    const { loadedAs } = books[reference] ?? emptyBook;
    const isOpen = attempt !== undefined && !isSettled(attempt);
    must(isOpen, 'claim-true', `${reference} is settled`);
    const named = load === null ? null : `${reference}/${load.nth}`;
    must(loadedAs === null || loadedAs === named, 'claim-true', `${reference} names ${named}`);
  }
}

const serving = [
  'idle',
  'finding',
  'looking-up',
  'account',
  'reading',
  'refused-card',
  'card',
  'amount',
  'confirm',
  'means',
  'opening',
  'authorising',
] as const satisfies readonly Session['state']['kind'][];

/** Whether somebody may be out of money without a claim. What is loaded and not yet paid is the operator's to wait for. */
export function isOwed(attempt: Attempt): boolean {
  return !isSettled(attempt) && attempt.card !== 'written' && attempt.claim === null;
}

const anyMoment = { nowMs: 0, wallMs: 0, localTime: '20260302080000', chance: '0000000000' };

/** What the kiosk shows and offers, held against the books. Throws Loss. */
export function assertScreen(session: Session, { books }: World): void {
  const { state, open, setAside } = session;
  if (serving.some((kind) => kind === state.kind)) {
    for (const attempt of open) {
      const isSetAside = setAside.some(({ reference }) => reference === attempt.reference);
      const waits = nextDeed(attempt) === 'check-card';
      must(isSetAside || waits, 'money-first', `${attempt.reference} is ${attempt.money}`);
      must(!isOwed(attempt), 'no-silent-debt', `${attempt.reference} is ${attempt.money}`);
    }
  }
  const inHand = attemptInHand(state);
  if (inHand === null) return;
  const { reference } = inHand;
  const { payment, loadedAs } = books[reference] ?? emptyBook;
  if (state.kind === 'unfinished') {
    const isHeld = payment === 'authorised' || payment === 'captured';
    const isUnwritten = loadedAs === null && inHand.card !== 'writing';
    const detail = `${reference}: ${payment}, ${loadedAs ?? 'not loaded'}`;
    must(isHeld && isUnwritten, 'unfinished-is-unwritten', detail);
  }
  const { screen } = show(session, anyMoment);
  // While it is being signed the screen is there already.
  if (screen.kind === 'see-staff' && state.kind !== 'claiming') {
    must(inHand.claim !== null, 'staff-has-claim', reference);
  }
  if (screen.kind === 'done' || screen.kind === 'receipt') {
    must(loadedAs !== null, 'done-is-done', `${reference} is not loaded`);
  }
  if (screen.kind === 'money-back' && screen.step !== 'under-way') {
    must(payment === 'reversed' || payment === 'none', 'back-is-back', `${reference}: ${payment}`);
  }
  if (screen.kind === 'declined') {
    must(payment === 'reversed' || payment === 'none', 'no-is-no', `${reference}: ${payment}`);
  }
}
