import type { Rig } from '../../hardware/rig/rig.ts';
import type { AccountEnding, Screen } from '../../main/contract/view.ts';
import { auditPaper, type Print, printsOn } from './paper.ts';

/** What a day did to people's money, read from the devices' own books. All amounts in minor units. */
export type Balance = {
  readonly loads: number;
  /** Taken, also what was given back later. */
  readonly capturedMinor: number;
  /** Taken and given back. */
  readonly reversedMinor: number;
  readonly creditedMinor: number;
  /** Reserved, and neither taken nor released. */
  readonly unresolvedMinor: number;
  /** Taken from somebody whose card does not hold it, or on a card and never taken. */
  readonly lostMinor: number;
  /** Top-ups that were paid for more than once. */
  readonly doubleCharges: number;
  /** Top-ups that were loaded more than once. */
  readonly doubleLoads: number;
  /** How often screen or paper said that it was done, paid back or never paid when it was not so. */
  readonly falseSuccesses: number;
  /** Slips that were cut off, and how many of them are marked as duplicates. */
  readonly slips: number;
  readonly duplicates: number;
  /** In words, what should not be. */
  readonly faults: readonly string[];
};

/**
 * The oracle. It stands outside the kiosk and knows only what the purses, the terminals' banks and the paper say, and what
 * the screen said. Every top-up of a day has an amount of its own, so a payment, its load and its slip find each other by it.
 */
export class Ledger {
  readonly #rig: Rig;
  readonly #purses = new Map<string, { readonly balanceMinor: number; readonly loads: number }>();
  /** How often each amount was loaded. */
  readonly #loaded = new Map<number, number>();
  /** Booked when no card held it yet. */
  readonly #taken = new Set<number>();
  readonly #prints: Print[] = [];
  /** What was declined, and then what of it was asked for once more: there "not paid" is true of the first and says nothing. */
  readonly #declined = new Set<number>();
  readonly #askedAgain = new Set<number>();
  readonly #falsehoods: string[] = [];
  readonly #faults: string[] = [];
  #slipsSeen = 0;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.look();
    // A card says at once that it was written, so that no two loads are taken for one.
    rig.onMemory(() => this.look());
  }

  /** Note what has become of the purses since the last look. */
  look(): void {
    const { purses, loads: rowsOf } = this.#rig.books();
    for (const [id, { balanceMinor, loads }] of purses) {
      const was = this.#purses.get(id) ?? { balanceMinor, loads };
      const times = loads - was.loads;
      const amountMinor = balanceMinor - was.balanceMinor;
      if (times > 1) this.#faults.push(`${id} was loaded ${times} times at once`);
      if (times > 0 && rowsOf(id)[0]?.amountMinor !== amountMinor) {
        this.#faults.push(`${id} holds ${amountMinor} more, and its log does not say so`);
      }
      if (times === 0 && amountMinor > 0) {
        this.#faults.push(`${id} holds ${amountMinor} more, and was not loaded`);
      }
      if (times > 0) this.#loaded.set(amountMinor, (this.#loaded.get(amountMinor) ?? 0) + times);
      this.#purses.set(id, { balanceMinor, loads });
    }
    for (const { kind, status, amountMinor } of this.#entries()) {
      const isBooked = kind === 'reservation' && status === 'captured';
      if (isBooked && !this.#loaded.has(amountMinor)) this.#taken.add(amountMinor);
    }
  }

  /** What a person is told on screen, when they are told it. */
  saw(screen: Screen): void {
    this.#readPaper();
    switch (screen.kind) {
      case 'done':
        this.#believe('loaded', screen.amountMinor, 'the screen');
        break;
      case 'money-back':
        if (screen.step !== 'under-way') {
          this.#believe('paid-back', screen.amountMinor, 'the screen');
        }
        break;
      case 'pay':
        if (this.#declined.has(screen.amountMinor)) this.#askedAgain.add(screen.amountMinor);
        break;
      case 'declined':
        this.#declined.add(screen.amountMinor);
        this.#believe('not-paid', screen.amountMinor, 'the screen');
        break;
      case 'account':
        for (const { ending, amountMinor } of screen.rows) {
          const isOneOfTwo = ending === 'not-paid' && this.#askedAgain.has(amountMinor);
          if (!isOneOfTwo) this.#believe(ending, amountMinor, 'the account');
        }
        break;
      default:
    }
  }

  /** `printed`: the attempts of which the kiosk says that a slip was printed, by reference. */
  close(printed: readonly string[]): Balance {
    this.look();
    this.#readPaper();
    const taken = this.#payments();
    const early = [...this.#taken].map((amount) => `${amount} was booked before it was loaded`);
    const faults = [...this.#faults, ...this.#falsehoods, ...early, ...taken.faults];
    let lostMinor = 0;
    let doubleCharges = 0;
    let doubleLoads = 0;
    for (const amountMinor of new Set([...taken.kept.keys(), ...this.#loaded.keys()])) {
      const paid = taken.kept.get(amountMinor) ?? 0;
      const loaded = this.#loaded.get(amountMinor) ?? 0;
      if (paid > 1) doubleCharges += 1;
      if (loaded > 1) doubleLoads += 1;
      if (paid > 1 || loaded > 1 || paid !== loaded) {
        faults.push(`${amountMinor} was paid ${paid} times and loaded ${loaded} times`);
      }
      lostMinor += Math.abs(paid - loaded) * amountMinor;
    }
    const paper = auditPaper(this.#prints);
    faults.push(...paper.faults);
    for (const reference of printed) {
      if (!paper.references.has(reference)) faults.push(`no slip of ${reference} was ever printed`);
    }
    const { capturedMinor, reversedMinor, unresolvedMinor } = taken;
    const loads = [...this.#loaded];
    return {
      loads: loads.reduce((sum, [, times]) => sum + times, 0),
      capturedMinor,
      reversedMinor,
      creditedMinor: loads.reduce((sum, [amountMinor, times]) => sum + times * amountMinor, 0),
      unresolvedMinor,
      lostMinor,
      doubleCharges,
      doubleLoads,
      falseSuccesses: this.#falsehoods.length,
      slips: paper.slips,
      duplicates: paper.duplicates,
      faults,
    };
  }

  #payments() {
    /** How often each amount was taken and kept. */
    const kept = new Map<number, number>();
    const faults: string[] = [];
    let capturedMinor = 0;
    let reversedMinor = 0;
    let unresolvedMinor = 0;
    for (const { amountMinor, status, kind, booked } of this.#entries()) {
      if (status === 'authorised') {
        unresolvedMinor += amountMinor;
        faults.push(`${amountMinor} is reserved and forgotten`);
      } else if (status === 'captured') {
        capturedMinor += amountMinor;
        kept.set(amountMinor, (kept.get(amountMinor) ?? 0) + 1);
      } else if (status === 'reversed' && (kind === 'payment' || booked !== null)) {
        capturedMinor += amountMinor;
        reversedMinor += amountMinor;
      }
    }
    return { kept, capturedMinor, reversedMinor, unresolvedMinor, faults };
  }

  #entries() {
    return [...this.#rig.books().payments.values()].flat();
  }

  /** Paper is read as soon as it is cut: it says how things are now. */
  #readPaper(): void {
    const { slips } = this.#rig.books();
    for (const slip of slips.slice(this.#slipsSeen)) {
      for (const print of printsOn(slip)) {
        this.#prints.push(print);
        const { kind, amountMinor } = print;
        if (amountMinor === null || kind === 'unresolved') continue;
        this.#believe(kind === 'top-up' ? 'loaded' : 'paid-back', amountMinor, 'the paper');
      }
    }
    this.#slipsSeen = slips.length;
  }

  #believe(ending: AccountEnding, amountMinor: number, who: string): void {
    if (ending === 'going-back' || ending === 'being-checked' || ending === 'card-needed') return;
    const isTrue = ending === 'loaded' ? this.#loaded.has(amountMinor) : !this.#isHeld(amountMinor);
    if (!isTrue) this.#falsehoods.push(`${who} said of ${amountMinor}: ${ending}, and it was not`);
  }

  /** Whether somebody is without this money now. */
  #isHeld(amountMinor: number): boolean {
    return this.#entries().some(
      (entry) =>
        entry.amountMinor === amountMinor &&
        (entry.status === 'captured' || entry.status === 'authorised'),
    );
  }
}
