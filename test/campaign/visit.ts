import type { Person } from '../../hardware/terminal/zvt/simulated-behaviour.ts';
import type { Planned } from './fate.ts';
import type { Holder } from './station.ts';

/** What somebody comes for, and how they are. */
export type Visit = {
  readonly holder: Holder;
  /** `card-account`: where is my money, asked with the card; `slip-account`: with the number of a slip. */
  readonly wants: 'top-up' | 'card-account' | 'slip-account' | 'to-settle';
  /** On their way here they pass a gate, and pay there with the card. */
  readonly passesGate: boolean;
  /** The means of payment that they choose. Null: any that works. */
  readonly means: 'bank-card' | 'mobile' | null;
  readonly wantsSlip: boolean;
  /** At the terminal, once each; then they pay at once. */
  readonly pays: readonly Person[];
  /** While they are asked to pay. */
  readonly tires: 'never' | 'cancels' | 'pulls';
  /** After a decline. */
  readonly retries: boolean;
  /** What they put in when they are asked to put the card back, one after the other; then their own. */
  readonly putsBack: readonly ('own' | 'other' | 'other-family' | 'cancels' | 'walks-away')[];
  /** With an earlier top-up that was not finished. */
  readonly unfinished: 'finish' | 'pay-back' | 'walk-away';
  /** Of a slip that did not come: whether they want it, and call somebody who mends the printer first. */
  readonly slip: 'again' | 'mended' | 'without';
  /** Whether they pull the card before they tap that they are done. */
  readonly pullsFirst: boolean;
  /** What goes wrong by itself in this story. */
  readonly mishaps: readonly Planned[];
};

/** Everything goes well, and they do what the screen says. */
export const plainVisit: Visit = {
  holder: 'ann',
  wants: 'top-up',
  passesGate: false,
  means: 'bank-card',
  wantsSlip: true,
  pays: [],
  tires: 'never',
  retries: false,
  putsBack: [],
  unfinished: 'finish',
  slip: 'again',
  pullsFirst: false,
  mishaps: [],
};
