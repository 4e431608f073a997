import { describe, expect, test } from 'vitest';
import type { CardFacts } from '../../main/contract/card.ts';
import { type MinorUnits, minorUnits } from '../../main/contract/money.ts';
import {
  amountChoices,
  amountObstacle,
  cardObstacle,
  maximumMinor,
} from '../../main/session/limits.ts';
import { testTerms } from '../support/terms.ts';

const card: CardFacts = {
  family: 'pboc-ep',
  profile: 'city',
  number: '4100000000000017',
  enabled: true,
  validFrom: '20250101',
  validTo: '20301231',
  balanceMinor: minorUnits(3_620),
  balanceCapMinor: minorUnits(100_000),
  loadCapMinor: minorUnits(50_000),
  history: [],
};

const holding = (balance: number): CardFacts => ({ ...card, balanceMinor: minorUnits(balance) });
const obstacle = (amount: number, of: CardFacts = card): string =>
  amountObstacle(minorUnits(amount), of, testTerms)?.kind ?? 'possible';

describe('an amount that is not possible says why', () => {
  test.each([
    ['the smallest amount', 1_000, card, 'possible'],
    ['one step below it', 900, card, 'below-minimum'],
    ['nothing', 0, card, 'below-minimum'],
    ['less than nothing', -5_000, card, 'below-minimum'],
    ['half a yuan too much', 5_050, card, 'not-a-step'],
    ['the whole load cap', 50_000, card, 'possible'],
    ['one step over it', 50_100, card, 'above-load-cap'],
    ['exactly up to the balance cap', 10_000, holding(90_000), 'possible'],
    ['one fen over the balance cap', 10_000, holding(90_001), 'above-balance-cap'],
    ['odd fen that fill the card to a round balance', 6_380, card, 'possible'],
    ['odd fen that fill it to nothing in particular', 6_381, card, 'not-a-step'],
    ['more than a sum can hold', Number.MAX_SAFE_INTEGER, card, 'not-a-step'],
    ['more than a sum can hold, in whole steps', 9_007_199_254_740_900, card, 'above-load-cap'],
  ])('%s', (_what, amount, of, expected) => {
    expect(obstacle(amount, of)).toBe(expected);
  });

  test('every key is shown, those not possible with their reason', () => {
    const choices = amountChoices(holding(98_500), testTerms);
    expect(choices.map(({ amountMinor, obstacle: why }) => [amountMinor, why?.kind])).toEqual([
      [2_000, 'above-balance-cap'],
      [5_000, 'above-balance-cap'],
      [10_000, 'above-balance-cap'],
      [20_000, 'above-balance-cap'],
    ]);
    const fills = amountChoices(card, testTerms).filter(({ kind }) => kind === 'fill-to');
    expect(fills.map(({ amountMinor, afterMinor }) => [amountMinor, afterMinor])).toEqual([
      [6_380, 10_000],
      [16_380, 20_000],
    ]);
  });

  test('an overdrawn card can be filled up from below zero', () => {
    const most: MinorUnits = maximumMinor(holding(-500), testTerms);
    expect(most).toBe(50_000);
    expect(obstacle(2_000, holding(-500))).toBe('possible');
  });
});

describe('a card that cannot be topped up says why', () => {
  const on = (today: string, of: CardFacts = card): string =>
    cardObstacle(of, testTerms, today)?.kind ?? 'possible';
  test.each([
    ['on its first day', '20250101', card, 'possible'],
    ['the day before', '20241231', card, 'card-not-yet-valid'],
    ['on its last day', '20301231', card, 'possible'],
    ['the day after', '20310101', card, 'card-expired'],
    ['not enabled by its issuer', '20260101', { ...card, enabled: false }, 'card-disabled'],
    ['full but for less than the smallest amount', '20260101', holding(99_100), 'card-full'],
    ['with room for exactly the smallest amount', '20260101', holding(99_000), 'possible'],
  ])('%s', (_what, today, of, expected) => {
    expect(on(today, of)).toBe(expected);
  });
});
