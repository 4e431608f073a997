import type { Moment } from './event.ts';
import type { Breaker, Session } from './session.ts';

/** So many unanswered payments in a row suspend a means of payment (product.md 2: "in service" while broken). */
const unansweredMax = 2;

/** How long it is not offered. Afterwards one more unanswered payment suspends it again at once. */
const suspensionMs = 10 * 60_000;

const closed: Breaker = { unanswered: 0, suspended: null };

function breakerOf({ breakers }: Session, means: string): Breaker {
  return breakers[means] ?? closed;
}

export function isSuspended(session: Session, means: string): boolean {
  return breakerOf(session, means).suspended !== null;
}

/** A payment was asked for, and what became of it is not known. */
export function noteSilence(session: Session, means: string, at: Pick<Moment, 'nowMs'>): Session {
  const unanswered = Math.min(breakerOf(session, means).unanswered + 1, unansweredMax);
  const suspended = unanswered < unansweredMax ? null : { untilMs: at.nowMs + suspensionMs };
  return { ...session, breakers: { ...session.breakers, [means]: { unanswered, suspended } } };
}

/** A payment was answered, whatever the answer. */
export function noteAnswer(session: Session, means: string): Session {
  const { [means]: _answered, ...breakers } = session.breakers;
  return { ...session, breakers };
}

/** Offer again what has been suspended for long enough. */
export function endSuspensions(session: Session, at: Pick<Moment, 'nowMs'>): Session {
  const isOver = ({ suspended }: Breaker): boolean =>
    suspended !== null && at.nowMs >= suspended.untilMs;
  if (!Object.values(session.breakers).some(isOver)) return session;
  const breakers = Object.entries(session.breakers).map(([means, breaker]) => [
    means,
    isOver(breaker) ? { unanswered: unansweredMax - 1, suspended: null } : breaker,
  ]);
  return { ...session, breakers: Object.fromEntries(breakers) };
}
