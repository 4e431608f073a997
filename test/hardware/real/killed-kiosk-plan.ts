import type { ScreenKind } from '../../../main/contract/view.ts';
import type { Random } from '../../support/random.ts';
import type { PowerCut } from './witnessed-disk.ts';

/** The cards that people bring. */
export const peoplesCards = ['ordinary', 'other', 'campus'] as const;
export type CardId = (typeof peoplesCards)[number];

/** What a death waits for: the process, a number of views, a payment that is approved, or a screen. */
export type Trigger = 'start' | 'views' | 'approved' | ScreenKind;

/** What somebody does at their visit. */
export type Manners = {
  readonly means: 'bank-card' | 'mobile';
  readonly receiptWanted: boolean;
  readonly pays: 'approve' | 'decline' | 'cancel';
  /** So long after the first "hold your card" the card is pulled. Null: it is left in. */
  readonly pullsAfterMs: number | null;
  readonly whenAskedBack: 'puts-it-back' | 'cancels' | 'other-card-first' | 'leaves';
  readonly unfinished: 'finish-top-up' | 'pay-back' | 'pulls';
  readonly asksForMoney: boolean;
  /** From the first "hold your card" on nothing that the terminals say arrives: what they are told to do then stays unknown. */
  readonly terminalsFallSilent: boolean;
};

/** One life of a station: who comes, what they do, and where it ends. */
export type Plan = {
  /** Who was cut off is still there, with the card in the reader, or somebody comes. */
  readonly staysOn: boolean;
  readonly card: CardId;
  readonly manners: Manners;
  readonly death: { readonly at: Trigger; readonly views: number; readonly afterMs: number };
  readonly powerCut: PowerCut | null;
};

/** How long a card is waited for on screen, here. */
export const cardReturnMs = 10_000;

type Ending = {
  readonly weight: number;
  readonly at: Trigger;
  /** The moment is drawn from so many milliseconds after the trigger. */
  readonly withinMs: number;
  /** What has to be done to come there. */
  readonly manners?: Partial<Manners>;
};

const pullsWithinMs = 500;
const straight = { pays: 'approve', pullsAfterMs: null } as const;
const cancelsSoon = { pays: 'approve', pullsAfterMs: 20, whenAskedBack: 'cancels' } as const;
const uncaptured = { ...straight, means: 'bank-card', terminalsFallSilent: true } as const;
const leavesInTheWrite = {
  pays: 'approve',
  pullsAfterMs: 250,
  whenAskedBack: 'leaves',
  asksForMoney: false,
} as const;
/** Money is under way in most of them; the windows are about as long as what happens in them. */
const endings: readonly Ending[] = [
  { weight: 4, at: 'start', withinMs: 1_000 },
  { weight: 3, at: 'views', withinMs: 60 },
  { weight: 3, at: 'pay', withinMs: 250 },
  { weight: 6, at: 'approved', withinMs: 350 },
  { weight: 8, at: 'hold-card', withinMs: 600 },
  { weight: 3, at: 'put-card-back', withinMs: 400, manners: { pullsAfterMs: 120 } },
  { weight: 3, at: 'done', withinMs: 40, manners: straight },
  { weight: 2, at: 'done', withinMs: 900, manners: uncaptured },
  { weight: 2, at: 'receipt', withinMs: 1_200, manners: { ...straight, receiptWanted: true } },
  { weight: 4, at: 'money-back', withinMs: 40, manners: cancelsSoon },
  { weight: 1, at: 'money-back', withinMs: 1_000, manners: cancelsSoon },
  { weight: 1, at: 'declined', withinMs: 60, manners: { pays: 'decline' } },
  { weight: 2, at: 'checking-payment', withinMs: 120 },
  { weight: 2, at: 'unfinished', withinMs: 200 },
  { weight: 1, at: 'see-staff', withinMs: 600, manners: leavesInTheWrite },
];

/** Draw a life. The same chance draws the same one. */
export function drawPlan(random: Random): Plan {
  const sum = endings.reduce((total, { weight }) => total + weight, 0);
  let left = random.below(sum);
  const ending = endings.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  if (ending === undefined) throw new Error('no ending was drawn');
  const usual: Manners = {
    means: random.pick(['bank-card', 'mobile']),
    receiptWanted: random.chance(0.6),
    pays: random.chance(0.95) ? 'approve' : random.pick(['decline', 'cancel']),
    pullsAfterMs: random.chance(0.2) ? random.below(pullsWithinMs) : null,
    whenAskedBack: random.pick([
      'puts-it-back',
      'puts-it-back',
      'cancels',
      'other-card-first',
      'leaves',
    ]),
    unfinished: random.pick(['finish-top-up', 'finish-top-up', 'pay-back', 'pulls']),
    asksForMoney: random.chance(0.1),
    terminalsFallSilent: random.chance(0.05),
  };
  return {
    staysOn: random.chance(0.7),
    card: random.pick(peoplesCards),
    manners: { ...usual, ...ending.manners },
    death: { at: ending.at, views: 1 + random.below(40), afterMs: random.below(ending.withinMs) },
    powerCut: random.chance(0.3) ? random.pick(['lost', 'some']) : null,
  };
}

/** Somebody who has come to settle what is open, and tops up no more. */
export const honest: Manners = {
  means: 'bank-card',
  receiptWanted: false,
  pays: 'approve',
  pullsAfterMs: null,
  whenAskedBack: 'puts-it-back',
  unfinished: 'finish-top-up',
  asksForMoney: false,
  terminalsFallSilent: false,
};
