import type { Rig } from '../../hardware/rig/rig.ts';
import { readSlips } from './paper.ts';

/** What one day did to people's money, read from the devices' own books. All amounts in minor units. */
export type DayLedger = {
  readonly loads: number;
  readonly capturedMinor: number;
  readonly creditedMinor: number;
  /** Taken at once by a one-phase terminal, and given back. */
  readonly reversedMinor: number;
  /** Reserved, and neither taken nor released. */
  readonly unresolvedMinor: number;
  /** Taken from somebody whose card does not hold it. */
  readonly lostMinor: number;
  /** Slips that were cut off, and how many of them are marked as duplicates. */
  readonly slips: number;
  readonly duplicates: number;
  /** In words, what should not be. */
  readonly faults: readonly string[];
};

/**
 * The oracle. It stands outside the kiosk and knows only what the purses and the terminals' banks know. Within a day every
 * amount is asked for once, so a payment and the load that belongs to it find each other by the amount.
 */
export class Ledger {
  readonly #rig: Rig;
  readonly #purses = new Map<string, { balanceMinor: number; loads: number }>();
  readonly #credits: { amountMinor: number; loads: number }[] = [];

  constructor(rig: Rig) {
    this.#rig = rig;
    for (const [id, { balanceMinor, loads }] of rig.books().purses) {
      this.#purses.set(id, { balanceMinor, loads });
    }
  }

  /** Note what has become of a purse since the last look. */
  look(cardId: string): void {
    const now = this.#rig.books().purses.get(cardId);
    const was = this.#purses.get(cardId);
    if (now === undefined || was === undefined) return;
    const loads = now.loads - was.loads;
    const amountMinor = now.balanceMinor - was.balanceMinor;
    if (loads > 0) this.#credits.push({ amountMinor, loads });
    this.#purses.set(cardId, { balanceMinor: now.balanceMinor, loads: now.loads });
  }

  /** A purchase at a gate: not the kiosk's doing. */
  spent(cardId: string, amountMinor: number): void {
    const was = this.#purses.get(cardId);
    if (was !== undefined) was.balanceMinor -= amountMinor;
  }

  holds(cardId: string, amountMinor: number): boolean {
    this.look(cardId);
    return this.#credits.some((credit) => credit.amountMinor === amountMinor);
  }

  /** `printed`: the attempts of which the kiosk says that a slip was printed, by reference. */
  close(printed: readonly string[]): DayLedger {
    const faults: string[] = [];
    const credited = new Map<number, number>();
    for (const { amountMinor, loads } of this.#credits) {
      if (loads > 1) faults.push(`one visit loaded a card ${loads} times, ${amountMinor} in all`);
      credited.set(amountMinor, (credited.get(amountMinor) ?? 0) + loads);
    }
    const captured = new Map<number, number>();
    let capturedMinor = 0;
    let reversedMinor = 0;
    let unresolvedMinor = 0;
    for (const entries of this.#rig.books().payments.values()) {
      for (const { amountMinor, status, kind, booked } of entries) {
        const taken = kind === 'payment' || booked !== null;
        if (status === 'authorised') {
          unresolvedMinor += amountMinor;
          faults.push(`${amountMinor} is reserved and forgotten`);
        } else if (status === 'captured') {
          capturedMinor += amountMinor;
          captured.set(amountMinor, (captured.get(amountMinor) ?? 0) + 1);
        } else if (status === 'reversed' && taken) {
          capturedMinor += amountMinor;
          reversedMinor += amountMinor;
        }
      }
    }
    let lostMinor = 0;
    for (const [amountMinor, times] of captured) {
      const missing = times - (credited.get(amountMinor) ?? 0);
      if (missing > 0) {
        lostMinor += missing * amountMinor;
        faults.push(`${amountMinor} was paid ${times} times, ${missing} too many`);
      }
    }
    for (const [amountMinor, times] of credited) {
      const missing = times - (captured.get(amountMinor) ?? 0);
      if (missing > 0) faults.push(`${amountMinor} was loaded and not paid`);
    }
    const paper = readSlips(this.#rig.books().slips);
    faults.push(...paper.faults);
    for (const reference of printed) {
      if (!paper.references.has(reference)) faults.push(`no slip of ${reference} was ever printed`);
    }
    const creditedMinor = this.#credits.reduce((sum, credit) => sum + credit.amountMinor, 0);
    const loads = this.#credits.reduce((sum, credit) => sum + credit.loads, 0);
    return {
      loads,
      capturedMinor,
      creditedMinor,
      reversedMinor,
      unresolvedMinor,
      lostMinor,
      slips: paper.slips,
      duplicates: paper.duplicates,
      faults,
    };
  }
}
