import { type FaultKind, faults } from '../../hardware/rig/faults.ts';
import type { DayEnd } from './day.ts';

/** How often each fault of the list has come. */
export type FaultsFired = Readonly<Record<FaultKind, number>>;

/** The sum of many days, as the campaign prints it. Amounts in minor units. */
export type Tally = {
  /** Top-ups that were begun with a payment asked for. */
  readonly topUps: number;
  readonly loads: number;
  readonly capturedMinor: number;
  readonly reversedMinor: number;
  readonly creditedMinor: number;
  readonly faultsFired: FaultsFired;
  readonly unresolvedMinor: number;
  readonly falseSuccesses: number;
  readonly doubleCharges: number;
  readonly doubleLoads: number;
  readonly lostMinor: number;
  readonly openClaims: number;
  /** What should not have been, with the options that replay it alone. */
  readonly failures: readonly Failure[];
};

export type Failure = { readonly replay: string; readonly what: readonly string[] };

const kinds = Object.keys(faults) as readonly FaultKind[];
const noFaults = Object.fromEntries(kinds.map((kind) => [kind, 0])) as FaultsFired;

export const emptyTally: Tally = {
  topUps: 0,
  loads: 0,
  capturedMinor: 0,
  reversedMinor: 0,
  creditedMinor: 0,
  faultsFired: noFaults,
  unresolvedMinor: 0,
  falseSuccesses: 0,
  doubleCharges: 0,
  doubleLoads: 0,
  lostMinor: 0,
  openClaims: 0,
  failures: [],
};

/** One day's part. The books have to balance, too. */
export function tallyOf(end: DayEnd, replay: string): Tally {
  const { faults: what, fired, slips: _slips, duplicates: _duplicates, ...sums } = end;
  const counts: Record<FaultKind, number> = { ...noFaults };
  for (const kind of fired) counts[kind] += 1;
  const balances = end.capturedMinor - end.reversedMinor === end.creditedMinor;
  const wrong = balances ? what : [...what, 'the books do not balance'];
  const failures = wrong.length === 0 ? [] : [{ replay, what: wrong }];
  return { ...sums, faultsFired: counts, failures };
}

export function addTallies(a: Tally, b: Tally): Tally {
  const counts: Record<FaultKind, number> = { ...a.faultsFired };
  for (const kind of kinds) counts[kind] += b.faultsFired[kind];
  return {
    topUps: a.topUps + b.topUps,
    loads: a.loads + b.loads,
    capturedMinor: a.capturedMinor + b.capturedMinor,
    reversedMinor: a.reversedMinor + b.reversedMinor,
    creditedMinor: a.creditedMinor + b.creditedMinor,
    faultsFired: counts,
    unresolvedMinor: a.unresolvedMinor + b.unresolvedMinor,
    falseSuccesses: a.falseSuccesses + b.falseSuccesses,
    doubleCharges: a.doubleCharges + b.doubleCharges,
    doubleLoads: a.doubleLoads + b.doubleLoads,
    lostMinor: a.lostMinor + b.lostMinor,
    openClaims: a.openClaims + b.openClaims,
    failures: [...a.failures, ...b.failures],
  };
}

/** The faults that were never met: a check of them cannot have failed. */
export function neverFired({ faultsFired }: Tally): readonly FaultKind[] {
  return kinds.filter((kind) => faultsFired[kind] === 0);
}
