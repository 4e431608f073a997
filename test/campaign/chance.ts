import { type FaultKind, faults, type Step } from '../../hardware/rig/faults.ts';
import type { Person } from '../../hardware/terminal/zvt/simulated-behaviour.ts';
import type { Random } from '../support/random.ts';
import type { Planned } from './fate.ts';
import { holders } from './station.ts';
import type { Visit } from './visit.ts';

const kinds = Object.keys(faults) as readonly FaultKind[];

/** A visit has about so many of each. */
const steps: Readonly<Record<Step, number>> = {
  apdu: 45,
  row: 12,
  order: 14,
  'print-byte': 1_000,
  picture: 22,
  sam: 9,
  authorise: 2,
  capture: 2,
  reverse: 2,
  inquire: 8,
};

const payments: readonly Person[] = [
  { kind: 'decline' },
  { kind: 'stop' },
  { kind: 'wait' },
  { kind: 'slow', ms: 5_000 },
  { kind: 'silent-after-approving' },
  { kind: 'line-drop-after-approving' },
  { kind: 'lost-completion' },
];

function fault(random: Random): Planned {
  const kind = random.pick(kinds);
  const { at } = faults[kind];
  const isCredit = (at === 'apdu' || at === 'order') && random.chance(0.2);
  return {
    kind,
    nth: isCredit ? 'credit' : random.below(steps[at]),
    lasting: random.chance(0.2),
  };
}

/** In half of all visits nothing goes wrong; in the others one thing, or several. */
export function visitByChance(random: Random): Visit {
  const count = random.pick([0, 0, 0, 0, 1, 1, 1, 2, 2, 3]);
  return {
    holder: random.pick(holders),
    wants: random.chance(0.9)
      ? 'top-up'
      : random.pick(['card-account', 'slip-account', 'to-settle'] as const),
    passesGate: random.chance(0.2),
    means: random.pick(['bank-card', 'bank-card', 'mobile', null] as const),
    wantsSlip: random.chance(0.8),
    pays: random.chance(0.15) ? [random.pick(payments)] : [],
    tires: random.chance(0.1) ? random.pick(['cancels', 'pulls'] as const) : 'never',
    retries: random.chance(0.5),
    putsBack: Array.from({ length: random.below(3) }, () =>
      random.pick(['own', 'own', 'other', 'other-family', 'cancels', 'walks-away'] as const),
    ),
    unfinished: random.pick(['finish', 'finish', 'pay-back', 'walk-away'] as const),
    slip: random.pick(['again', 'again', 'mended', 'without'] as const),
    pullsFirst: random.chance(0.3),
    mishaps: Array.from({ length: count }, () => fault(random)),
  };
}
