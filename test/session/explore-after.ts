import type { Attempt } from '../../main/session/attempt.ts';
import type { LookUp } from '../../main/session/effect.ts';
import { attemptInHand, attemptsOf, type Session, type Step } from '../../main/session/session.ts';
import { emptyBook, type Order, type World } from './explore-world.ts';

/* What a step leaves behind in the world: orders, and books of what is known. */

/** The last top-up that is over and not in mind any more, as the journal has it. */
export function pastAfter(
  { state }: Session,
  { past }: World,
  { next, closed }: Step,
): Attempt | null {
  const isKnown = (attempt: Attempt) =>
    attemptsOf(next).some(({ reference }) => reference === attempt.reference);
  const last = closed ?? attemptInHand(state);
  if (last !== null && last.money !== 'none' && !isKnown(last)) return last;
  return past !== null && isKnown(past) ? null : past;
}

/** A book for each attempt that is known, the oldest first. The rest has been judged. */
export function keptBooks({ books }: World, known: readonly Attempt[]): World['books'] {
  const isKnown = (reference: string) => known.some((each) => each.reference === reference);
  const isSame =
    Object.keys(books).every(isKnown) &&
    known.every(({ reference }) => books[reference] !== undefined);
  if (isSame) return books;
  const kept = Object.entries(books).filter(([reference]) => isKnown(reference));
  const added = known.filter(({ reference }) => books[reference] === undefined);
  return Object.fromEntries([
    ...kept,
    ...added.map(({ reference }) => [reference, emptyBook] as const),
  ]);
}

export function ordersAfter(
  { orders, slot }: World,
  { next, effects }: Step,
  known: readonly Attempt[],
): readonly Order[] {
  if (effects.length === 0) return orders;
  const seen = slot === null ? [] : [slot];
  const given = effects.map((effect): Order => {
    // What was prepared on one card is void on any other; every other order is about whatever is in when it is carried out.
    const isPrepared =
      effect.kind === 'credit-card' && attemptInHand(next.state)?.cardNumber === slot;
    const found = effect.kind === 'look-up' ? known.filter(isMeant(effect.by)) : [];
    return { effect, first: isPrepared ? slot : null, seen, found };
  });
  return [...orders, ...given];
}

/** Whether a top-up is somebody's. */
function isMeant(by: LookUp): (attempt: Attempt) => boolean {
  return ({ cardNumber, reference }) =>
    by.kind === 'card' ? cardNumber === by.number : reference === by.reference;
}
