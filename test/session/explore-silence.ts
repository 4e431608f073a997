import type { Attempt } from '../../main/session/attempt.ts';
import type { Fact } from '../../main/session/event.ts';
import type { Session } from '../../main/session/session.ts';

/** How many of its last payments a means of payment has left unanswered, two at most; after two, until when nobody may ask it. */
export type Silences = Readonly<
  Record<string, { readonly count: number; readonly untilMs: number | null }>
>;

/** How long nobody may ask. */
const quietMs = 600_000;

/** A payment that the last process was cut off in was never answered. */
export function silencesAtStart(attempts: readonly Attempt[]): Silences {
  return attempts
    .filter(({ money }) => money === 'authorising')
    .reduce((silences, { means }) => oneMore(silences, means.id, 0), {});
}

/** `session`: as it was when the fact came. */
export function silencesAfter(
  before: Silences,
  { state }: Session,
  { kind }: Fact,
  nowMs: number,
): Silences {
  const silences = elapsed(before, nowMs);
  if (state.kind !== 'authorising') return silences;
  const { id } = state.attempt.means;
  if (kind === 'payment-unknown') return oneMore(silences, id, nowMs);
  if (kind !== 'payment-approved' && kind !== 'payment-declined') return silences;
  const { [id]: _answered, ...others } = silences;
  return others;
}

function oneMore(silences: Silences, means: string, nowMs: number): Silences {
  const count = Math.min((silences[means]?.count ?? 0) + 1, 2);
  return { ...silences, [means]: { count, untilMs: count < 2 ? null : nowMs + quietMs } };
}

/** Afterwards one more is enough. */
function elapsed(silences: Silences, nowMs: number): Silences {
  const isOver = Object.values(silences).some(
    ({ untilMs }) => untilMs !== null && nowMs >= untilMs,
  );
  if (!isOver) return silences;
  return Object.fromEntries(
    Object.entries(silences).map(([means, silence]) => [
      means,
      silence.untilMs !== null && nowMs >= silence.untilMs ? { count: 1, untilMs: null } : silence,
    ]),
  );
}
