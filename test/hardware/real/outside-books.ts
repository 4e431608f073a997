import type { Journal } from '../../../db/port.ts';
import { type Slip, slipLines, slipQrTexts } from '../../../hardware/printer/simulated-roll.ts';
import { receiptWords } from '../../../hardware/printer/words.ts';
import type { DrawerCard } from '../../../hardware/rig/drawer.ts';
import type { RigTerminal } from '../../../hardware/rig/rig-terminal.ts';
import type { Screen } from '../../../main/contract/view.ts';
import { attemptOf } from '../../../main/runtime/attempt-record.ts';
import type { Attempt } from '../../../main/session/attempt.ts';
import { slipKind } from '../../../main/session/paper.ts';
import { isSettled, nextDeed, resolve } from '../../../main/session/resolve.ts';

/** What the outside sees of a kiosk: the cards, the bank, the paper, and the journal that somebody may read later. */
export type Outside = {
  readonly cards: ReadonlyMap<string, DrawerCard>;
  readonly terminals: readonly RigTerminal[];
  readonly slips: () => readonly Slip[];
  readonly journal: Journal;
  /** Attempts that the kiosk still knows to be open. */
  readonly waiting: () => readonly Attempt[];
};

type Credit = { readonly cardId: string; readonly amountMinor: number };
type WholeSlip = {
  readonly kind: string;
  readonly reference: string;
  readonly copy: 'original' | 'duplicate';
};

const duplicates = Object.values(receiptWords).map(({ duplicate }) => duplicate);

/**
 * An auditor that believes nobody's word: it compares what cards, bank and paper hold with what the screen said and the
 * journal tells. Every amount is asked for once, so a payment, a load and an attempt find each other by the amount.
 */
export class OutsideBooks {
  readonly #outside: Outside;
  readonly #credits: Credit[] = [];
  readonly #starts = new Map<string, { readonly balanceMinor: number; readonly loads: number }>();
  readonly #said: string[] = [];
  readonly #copiesAsked = new Map<string, number>();
  #rowsRead = 0;
  readonly #attempts = new Map<string, Attempt>();

  constructor(outside: Outside) {
    this.#outside = outside;
    for (const [id, card] of outside.cards) {
      const purse = card.purse();
      if (purse !== null) this.#starts.set(id, purse);
    }
  }

  /** Wired to the card's memory: told of each write before the reader is answered. */
  written(cardId: string): void {
    const [newest] = this.#outside.cards.get(cardId)?.loads() ?? [];
    if (newest !== undefined) this.#credits.push({ cardId, amountMinor: newest.amountMinor });
  }

  /** Somebody asked for another copy of a receipt. */
  askedForCopy(reference: string): void {
    this.#copiesAsked.set(reference, (this.#copiesAsked.get(reference) ?? 0) + 1);
  }

  /** Wired to the screen: what it claims is compared with card and bank at that very moment. */
  shown(screen: Screen): void {
    if (screen.kind === 'done' && this.#loads(screen.amountMinor) !== 1) {
      this.#said.push(`"done" was shown for ${screen.amountMinor}, which no card holds`);
    }
    if (screen.kind === 'money-back' && screen.step !== 'under-way') {
      const taken = this.#payments(screen.amountMinor).some(({ status }) => status !== 'reversed');
      if (taken) this.#said.push(`"paid back" was shown for ${screen.amountMinor}, which is not`);
    }
  }

  /** The slips about an amount that are printed to the end. */
  slipsOf(amountMinor: number): readonly WholeSlip[] {
    const attempt = this.attempts.find((each) => each.amountMinor === amountMinor);
    return this.#wholeSlips().filter(({ reference }) => reference === attempt?.reference);
  }

  holds(amountMinor: number): boolean {
    return this.#loads(amountMinor) > 0;
  }

  /** The newest record of each attempt in the journal. */
  get attempts(): readonly Attempt[] {
    const { journal } = this.#outside;
    for (;;) {
      const rows = journal.rows(this.#rowsRead, 500);
      for (const row of rows) {
        this.#rowsRead = row.seq;
        if (row.attempt !== '-') this.#attempts.set(row.attempt, attemptOf(row));
      }
      if (rows.length === 0) return [...this.#attempts.values()];
    }
  }

  /** Everything that should not be, in words. Only while nothing is under way. */
  objections(): readonly string[] {
    const attempts = this.attempts;
    const whole = this.#wholeSlips();
    const verified = this.#outside.journal.verify();
    return [
      ...this.#said,
      ...(verified.kind === 'broken' ? [`journal row ${verified.row}: ${verified.what}`] : []),
      ...attempts.flatMap((attempt) => [
        ...this.#objectionsToMoney(attempt),
        ...this.#objectionsToPaper(attempt, whole),
      ]),
      ...this.#objectionsToStrangers(attempts, whole),
      ...this.#objectionsToPurses(),
    ];
  }

  #objectionsToMoney(attempt: Attempt): readonly string[] {
    const { reference, amountMinor, money, card } = attempt;
    const found: string[] = [];
    const object = (what: string): void => {
      found.push(`${reference} (${amountMinor}, ${money}, card ${card}) ${what}`);
    };
    const payments = this.#payments(amountMinor);
    const credits = this.#credits.filter((credit) => credit.amountMinor === amountMinor);
    if (payments.length > 1) object(`was paid ${payments.length} times`);
    if (credits.length > 1) object(`was loaded ${credits.length} times`);
    const number = credits[0] && this.#outside.cards.get(credits[0].cardId)?.purse()?.number;
    if (number !== undefined && number !== attempt.cardNumber) object('was loaded on another card');

    const status = payments[0]?.status ?? 'none';
    const isLoaded = credits.length > 0;
    if (isSettled(attempt)) {
      if (isLoaded && status !== 'captured') object(`was loaded, and the bank says ${status}`);
      if (!isLoaded && status !== 'reversed' && status !== 'none') {
        object(`was not loaded, and the bank says ${status}`);
      }
      return found;
    }
    const isKnown = this.#outside
      .waiting()
      .some((waiting) => waiting.reference === attempt.reference);
    if (!isKnown) object('is not settled, and the kiosk has forgotten it');
    if (resolve(attempt).claim === 'due') object('is not settled, and nobody has a claim to show');
    if (nextDeed(attempt) === 'check-card' && status !== 'authorised' && status !== 'captured') {
      object(`waits for its card, and the bank says ${status}`);
    }
    return found;
  }

  #objectionsToPaper(attempt: Attempt, whole: readonly WholeSlip[]): readonly string[] {
    const { reference, paper } = attempt;
    const mine = whole.filter((slip) => slip.reference === reference);
    const originals = mine.filter(({ copy }) => copy === 'original');
    const found: string[] = [];
    const object = (what: string): void => {
      found.push(`${reference} (paper ${paper}) ${what}`);
    };
    for (const kind of ['top-up', 'paid-back', 'unresolved'] as const) {
      const count = originals.filter((slip) => slip.kind === kind).length;
      if (count > 1) object(`has ${count} original ${kind} slips`);
    }
    if (mine.some(({ kind }) => kind === 'top-up') && !this.holds(attempt.amountMinor)) {
      object('has a slip that says it was loaded, and no card holds it');
    }
    const copies = mine.length - originals.length;
    const asked = this.#copiesAsked.get(reference) ?? 0;
    if (copies > asked) object(`has ${copies} copies, and ${asked} were asked for`);
    if (paper === 'printed' && mine.length === 0) object('has no slip');
    if (paper === 'not-printed' && originals.some(({ kind }) => kind === slipKind(attempt))) {
      object('has a slip all the same');
    }
    const isOver = ['none', 'printed', 'not-printed', 'maybe-printed'].includes(paper);
    if (!isOver) object('is not over');
    return found;
  }

  #objectionsToStrangers(
    attempts: readonly Attempt[],
    whole: readonly WholeSlip[],
  ): readonly string[] {
    const amounts = new Set<number>(attempts.map(({ amountMinor }) => amountMinor));
    const references = new Set(attempts.map(({ reference }) => reference));
    return [
      ...this.#outside.terminals
        .flatMap(({ books }) => books)
        .filter(({ amountMinor }) => !amounts.has(amountMinor))
        .map(({ amountMinor }) => `the bank knows ${amountMinor}, and the journal does not`),
      ...this.#credits
        .filter(({ amountMinor }) => !amounts.has(amountMinor))
        .map(({ amountMinor }) => `a card holds ${amountMinor}, and the journal does not`),
      ...whole
        .filter(({ reference }) => !references.has(reference))
        .map(
          ({ reference }) => `there is a slip for ${reference}, of which the journal knows nothing`,
        ),
    ];
  }

  #objectionsToPurses(): readonly string[] {
    const found: string[] = [];
    for (const [id, card] of this.#outside.cards) {
      const start = this.#starts.get(id);
      const purse = card.purse();
      if (start === undefined || purse === null) continue;
      const credits = this.#credits.filter(({ cardId }) => cardId === id);
      const dueMinor = credits.reduce((sum, each) => sum + each.amountMinor, start.balanceMinor);
      if (purse.balanceMinor !== dueMinor || purse.loads !== start.loads + credits.length) {
        found.push(`${id} holds ${purse.balanceMinor} after ${purse.loads} loads, not ${dueMinor}`);
      }
    }
    return found;
  }

  #payments(amountMinor: number) {
    return this.#outside.terminals
      .flatMap(({ books }) => books)
      .filter((entry) => entry.amountMinor === amountMinor);
  }

  #loads(amountMinor: number): number {
    return this.#credits.filter((credit) => credit.amountMinor === amountMinor).length;
  }

  /** Slips that are printed to the end: the QR code stands below everything that matters. */
  #wholeSlips(): readonly WholeSlip[] {
    return this.#outside.slips().flatMap((slip) => {
      const [, , named = '', reference = ''] = slipQrTexts(slip)[0]?.split('|') ?? [];
      if (reference === '') return [];
      const kind = named === 'claim' ? 'unresolved' : named;
      const isCopy = slipLines(slip).some((line) => duplicates.some((word) => line.includes(word)));
      return [{ kind, reference, copy: isCopy ? 'duplicate' : 'original' } as const];
    });
  }
}
