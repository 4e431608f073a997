import type { CardFacts } from '../../main/contract/card.ts';
import { minorUnits } from '../../main/contract/money.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { Moment } from '../../main/session/event.ts';

/** A city card with room for a top-up, as it was read. */
export const freshCard: CardFacts = {
  family: 'pboc',
  profile: 'city',
  number: '4100000000000017',
  enabled: true,
  validFrom: null,
  validTo: null,
  balanceMinor: minorUnits(3_620),
  balanceCapMinor: minorUnits(100_000),
  loadCapMinor: minorUnits(50_000),
  history: [],
};

/** A top-up of ¥50 with a two-phase bank card that has not begun. */
export const freshAttempt: Attempt = {
  reference: '7K2M-94QX',
  openedWallMs: 1_772_438_400_000,
  language: 'en',
  cardNumber: '4100000000000017',
  profile: 'city',
  amountMinor: minorUnits(5_000),
  means: { id: 'bank', kind: 'bank-card', phases: 'two' },
  receiptWanted: true,
  terminalId: '000001000050',
  money: 'none',
  card: 'none',
  paper: 'none',
  onPaper: null,
  copies: 0,
  terminalMark: 'mark',
  terminalReference: null,
  terminalReceipt: null,
  loads: 0,
  loadTime: '20260302080000',
  loadMark: null,
  proof: null,
  claim: null,
};

export const marked = { beforeMinor: minorUnits(3_620), counter: 7 };
export const proved = {
  balanceMinor: minorUnits(8_620),
  counter: 7,
  tac: '0A0B0C0D',
  by: 'tac',
} as const;

export function momentAt(nowMs: number): Moment {
  return {
    nowMs,
    wallMs: 1_772_438_400_000 + nowMs,
    localTime: '20260302080000',
    chance: '00000000ff',
  };
}
