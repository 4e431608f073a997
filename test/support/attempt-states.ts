import type { CardState, MoneyState, PaperState } from '../../main/session/attempt.ts';

/** Every state of the three, in the order in which they are reached. One that is added does not compile until it is here. */
export const moneyStates = Object.keys({
  none: 0,
  authorising: 0,
  authorised: 0,
  capturing: 0,
  captured: 0,
  uncollected: 0,
  reversing: 0,
  reversed: 0,
  declined: 0,
} satisfies Record<MoneyState, 0>) as readonly MoneyState[];

export const cardStates = Object.keys({
  none: 0,
  writing: 0,
  written: 0,
  unwritten: 0,
} satisfies Record<CardState, 0>) as readonly CardState[];

export const paperStates = Object.keys({
  none: 0,
  queued: 0,
  printing: 0,
  printed: 0,
  'not-printed': 0,
  'maybe-printed': 0,
} satisfies Record<PaperState, 0>) as readonly PaperState[];
