import { Day, type Mutant } from './day.ts';
import type { DayLedger } from './ledger.ts';

export const visitsADay = 100;

/** The sum of many days. Amounts in minor units. */
export type Tally = {
  readonly sessions: number;
  readonly loads: number;
  readonly captured: number;
  readonly credited: number;
  readonly reversed: number;
  readonly unresolved: number;
  readonly lost: number;
  readonly slips: number;
  readonly duplicates: number;
  /** What should not have been, with the day that replays it. */
  readonly failures: readonly { readonly day: number; readonly what: readonly string[] }[];
};

export const emptyTally: Tally = {
  sessions: 0,
  loads: 0,
  captured: 0,
  credited: 0,
  reversed: 0,
  unresolved: 0,
  lost: 0,
  slips: 0,
  duplicates: 0,
  failures: [],
};

/** Each day of a run has a seed of its own, so that any of them can be replayed alone. */
function seedOf(seed: number, day: number): number {
  return (Math.imul(seed, 0x9e3779b1) + Math.imul(day, 0x85ebca6b)) >>> 0;
}

/** Live one day of a run. A day that the session's own rules stop is a failure too. */
export async function liveDay(
  seed: number,
  day: number,
  visits: number,
  mutant: Mutant = {},
): Promise<Tally> {
  let ledger: DayLedger;
  try {
    ledger = await new Day(seedOf(seed, day), mutant).run(visits);
  } catch (error) {
    const what = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    return { ...emptyTally, sessions: visits, failures: [{ day, what }] };
  }
  const { capturedMinor, reversedMinor, creditedMinor } = ledger;
  const what = [...ledger.faults];
  if (capturedMinor - reversedMinor !== creditedMinor) what.push('the books do not balance');
  return {
    sessions: visits,
    loads: ledger.loads,
    captured: capturedMinor,
    credited: creditedMinor,
    reversed: reversedMinor,
    unresolved: ledger.unresolvedMinor,
    lost: ledger.lostMinor,
    slips: ledger.slips,
    duplicates: ledger.duplicates,
    failures: what.length === 0 ? [] : [{ day, what }],
  };
}

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    sessions: a.sessions + b.sessions,
    loads: a.loads + b.loads,
    captured: a.captured + b.captured,
    credited: a.credited + b.credited,
    reversed: a.reversed + b.reversed,
    unresolved: a.unresolved + b.unresolved,
    lost: a.lost + b.lost,
    slips: a.slips + b.slips,
    duplicates: a.duplicates + b.duplicates,
    failures: [...a.failures, ...b.failures],
  };
}
