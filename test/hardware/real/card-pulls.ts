import { Random } from '../../support/random.ts';
import type { CardSlot } from './card-slot.ts';
import { type Manner, visit } from './person.ts';
import { RealKiosk, type RealKioskOptions } from './real-kiosk.ts';

/** A command at which the card is pulled: the n-th of the visit's reading, or of its load and all that follows. */
type PullPoint = {
  readonly of: 'reading' | 'load';
  readonly nth: number;
  /** Whether the card still carries the command out. */
  readonly when: 'before' | 'after';
};

/** One visit and what goes wrong in it. Everything follows from the seed and the number of the round. */
export type Round = {
  readonly cardId: string;
  readonly means: string;
  readonly manner: Manner;
  readonly receiptWanted: boolean;
  readonly pull: PullPoint;
  /** Pulled once more at this command after the first time. */
  readonly again: number | null;
};

// A load is SELECT, number, balance, INITIALIZE, CREDIT, proof, balance: seven commands; the next are the check after a pull.
const loadCommands = 9;
const readingCommands = 6;
const manners: readonly Manner[] = [
  ...(['when-asked', 'when-asked', 'at-once', 'wrong-card-first', 'cancels', 'leaves'] as const),
];

function drawRound(seed: number, round: number): Round {
  const random = new Random(seed * 100_003 + round);
  const of = random.chance(0.85) ? 'load' : 'reading';
  return {
    cardId: `card-${1 + random.below(4)}`,
    means: random.chance(0.7) ? 'bank-card' : 'mobile',
    manner: random.pick(manners),
    receiptWanted: random.chance(0.3),
    pull: {
      of,
      nth: 1 + random.below(of === 'load' ? loadCommands : readingCommands),
      when: random.chance(0.5) ? 'before' : 'after',
    },
    again: random.chance(0.3) ? 1 + random.below(8) : null,
  };
}

/** Arms the slot; the answer tells how often the card has been pulled. */
function armPulls(kiosk: RealKiosk, { pull, again }: Round): () => number {
  let toGo = pull.nth;
  let pulls = 0;
  kiosk.slot.strike((_command, when) => {
    if (pulls === 0 && pull.of === 'load' && !isLoading(kiosk)) return false;
    if (when === 'before') toGo -= 1;
    if (toGo !== 0 || when !== pull.when) return false;
    pulls += 1;
    toGo = pulls === 1 ? (again ?? -1) : -1;
    void pullNow(kiosk.slot);
    return true;
  });
  return () => pulls;
}

function pullNow(slot: CardSlot): Promise<void> {
  return slot.pull();
}

function isLoading(kiosk: RealKiosk): boolean {
  return ['preparing', 'crediting', 'checking'].includes(kiosk.session.state.kind);
}

export type Pulls = {
  readonly seed: number;
  readonly rounds: number;
  readonly pulls: number;
  readonly objections: readonly string[];
};

/** Amounts begin here; each round asks for one of its own. */
const firstMinor = 1_000;

/**
 * Visits until so many of them have had their card pulled; the outside books are compared after each, and in the end everybody
 * comes back once. Stops at the first objection, which names what happened.
 */
export async function pullCards(
  options: RealKioskOptions & { readonly seed: number },
  count: number,
  rounds: (seed: number, round: number) => Round = drawRound,
): Promise<Pulls> {
  const { seed } = options;
  const kiosk = await RealKiosk.start(options);
  let pulls = 0;
  let round = 0;
  const objected = (what: string): readonly string[] =>
    kiosk.books.objections().map((objection) => `${what}: ${objection}`);
  try {
    await kiosk.shows('attract');
    for (; pulls < count; round += 1) {
      const drawn = rounds(seed, round);
      const what = `seed ${seed}, round ${round} ${JSON.stringify(drawn)}`;
      const pulled = armPulls(kiosk, drawn);
      const amountMinor = firstMinor + round * 100;
      await visit({ kiosk, ...drawn, amountMinor }).catch((cause: unknown) => {
        throw new Error(`${what}: ${String(cause)}`, { cause });
      });
      if (pulled() > 0) pulls += 1;
      const objections = objected(what);
      if (objections.length > 0) return { seed, rounds: round + 1, pulls, objections };
    }
    return {
      seed,
      rounds: round,
      pulls,
      objections: await evening(kiosk, firstMinor + round * 100),
    };
  } finally {
    await kiosk.end();
  }
}

/** Nothing goes wrong any more, and everybody comes once more: nothing may stay open. */
async function evening(kiosk: RealKiosk, fromMinor: number): Promise<readonly string[]> {
  kiosk.slot.strike(() => false);
  const usual = { kiosk, means: 'bank-card', manner: 'when-asked', receiptWanted: false } as const;
  for (const holder of [1, 2, 3, 4]) {
    await visit({ ...usual, cardId: `card-${holder}`, amountMinor: fromMinor + holder * 100 });
  }
  const open = kiosk.journal.unsettled().map(({ attempt }) => `${attempt} is open in the evening`);
  return [...kiosk.books.objections(), ...open];
}
