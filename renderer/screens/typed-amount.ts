import {
  add,
  type Currency,
  formatMoney,
  type MinorUnits,
  minorUnits,
  noMoney,
} from '../../main/contract/money.ts';
import type { Obstacle } from '../../main/contract/view.ts';
import type { ScreenOf } from './screen-of.ts';

type Limits = Pick<
  ScreenOf<'amount'>,
  'card' | 'minimumMinor' | 'maximumMinor' | 'stepMinor' | 'balanceCapMinor'
>;

/** What the digits typed so far mean. `afterMinor` is null while the amount is not possible. */
export type TypedAmount = {
  readonly amountMinor: MinorUnits;
  readonly afterMinor: MinorUnits | null;
  /** Null when possible, and while nothing has been typed. */
  readonly obstacle: Obstacle | null;
};

/** How many minor units one typed digit's unit is worth: whole yuan where steps are whole yuan, else fen. */
export function typedUnitMinor(stepMinor: MinorUnits, currency: Currency): number {
  const whole = 10 ** currency.exponent;
  return stepMinor % whole === 0 ? whole : 1;
}

/**
 * Add a digit, unless it starts the amount with zero or makes it longer than any that a card can hold. What is more than this
 * card takes now is typed all the same, and refused with its reason: a digit that goes nowhere leaves another amount behind.
 */
export function typeDigit(digits: string, digit: string, limits: Limits, unit: number): string {
  const mostMinor = Math.max(limits.maximumMinor, limits.balanceCapMinor);
  const longest = String(Math.max(1, Math.floor(mostMinor / unit))).length;
  const typed = digits === '' && digit === '0' ? '' : digits + digit;
  return typed.length > longest ? digits : typed;
}

/** Judge typed digits by the limits that main has shown. Main judges again what is sent. */
export function judgeTyped(digits: string, limits: Limits, unit: number): TypedAmount {
  if (digits === '') return { amountMinor: noMoney, afterMinor: null, obstacle: null };
  const amountMinor = minorUnits(Number(digits) * unit);
  const obstacle = obstacleTo(amountMinor, limits);
  return {
    amountMinor,
    afterMinor: obstacle === null ? add(limits.card.balanceMinor, amountMinor) : null,
    obstacle,
  };
}

function obstacleTo(amountMinor: MinorUnits, limits: Limits): Obstacle | null {
  const { card, minimumMinor, maximumMinor, stepMinor, balanceCapMinor } = limits;
  if (card.balanceMinor + amountMinor > balanceCapMinor) {
    return { kind: 'above-balance-cap', capMinor: balanceCapMinor };
  }
  if (amountMinor < minimumMinor) return { kind: 'below-minimum', minimumMinor };
  // Before the most: an amount between the last whole step and the cap is no step, and the cap is higher than the most.
  if (amountMinor % stepMinor !== 0) return { kind: 'not-a-step', stepMinor };
  if (amountMinor > maximumMinor) return { kind: 'above-load-cap', capMinor: maximumMinor };
  return null;
}

/** The typed amount as it grows: "¥5", "¥50" where whole units are typed; "¥0.50" where the smallest are. */
export function writeTyped(amountMinor: MinorUnits, unit: number, currency: Currency): string {
  const written = formatMoney(amountMinor, currency);
  return unit === 1 ? written : (written.split('.')[0] ?? written);
}
