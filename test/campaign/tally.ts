import { type FaultKind, faults } from '../../hardware/rig/faults.ts';
import type { DayEnd } from './day.ts';

/** How often each fault of the list has come. */
export type FaultsFired = Readonly<Record<FaultKind, number>>;

/** What is added up, in the order in which it is printed. Amounts in minor units. */
const summed = [
  /** Top-ups that were begun with a payment asked for. */
  'topUps',
  'loads',
  'capturedMinor',
  'reversedMinor',
  'creditedMinor',
  'unresolvedMinor',
  'falseSuccesses',
  'doubleCharges',
  'doubleLoads',
  'lostMinor',
  'openClaims',
] as const;
export type Sums = Readonly<Record<(typeof summed)[number], number>>;

/** The sum of many days, as the campaign prints it. */
export type Tally = Sums & {
  /** The same by whose cards they were: the name of a drawer. */
  readonly byCards: Readonly<Record<string, Sums>>;
  readonly faultsFired: FaultsFired;
  /** What should not have been, with the options that replay it alone. */
  readonly failures: readonly Failure[];
};

export type Failure = { readonly replay: string; readonly what: readonly string[] };

const kinds = Object.keys(faults) as readonly FaultKind[];
const noFaults = Object.fromEntries(kinds.map((kind) => [kind, 0])) as FaultsFired;
const noSums = sumsOf(() => 0);

export const emptyTally: Tally = { ...noSums, byCards: {}, faultsFired: noFaults, failures: [] };

/** One day's part. The books have to balance, too. `cards`: the name of its drawer. */
export function tallyOf(end: DayEnd, cards: string, replay: string): Tally {
  const { faults: what, fired } = end;
  const counts: Record<FaultKind, number> = { ...noFaults };
  for (const kind of fired) counts[kind] += 1;
  const balances = end.capturedMinor - end.reversedMinor === end.creditedMinor;
  const wrong = balances ? what : [...what, 'the books do not balance'];
  const failures = wrong.length === 0 ? [] : [{ replay, what: wrong }];
  const sums = sumsOf((name) => end[name]);
  return { ...sums, byCards: { [cards]: sums }, faultsFired: counts, failures };
}

export function addTallies(a: Tally, b: Tally): Tally {
  const counts: Record<FaultKind, number> = { ...a.faultsFired };
  for (const kind of kinds) counts[kind] += b.faultsFired[kind];
  const byCards: Record<string, Sums> = { ...a.byCards };
  for (const [cards, sums] of Object.entries(b.byCards)) {
    byCards[cards] = added(byCards[cards] ?? noSums, sums);
  }
  const failures = [...a.failures, ...b.failures];
  return { ...added(a, b), byCards, faultsFired: counts, failures };
}

function added(a: Sums, b: Sums): Sums {
  return sumsOf((name) => a[name] + b[name]);
}

function sumsOf(sum: (name: keyof Sums) => number): Sums {
  return Object.fromEntries(summed.map((name) => [name, sum(name)])) as Sums;
}

/** The faults that were never met: a check of them cannot have failed. */
export function neverFired({ faultsFired }: Tally): readonly FaultKind[] {
  return kinds.filter((kind) => faultsFired[kind] === 0);
}
