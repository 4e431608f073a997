import { cityCard } from '../../hardware/card/pboc/profiles.ts';
import type { CardSpec } from '../../hardware/rig/drawer.ts';
import type { PaymentMeans } from '../../main/contract/payment.ts';
import type { Terms } from '../../main/session/session.ts';
import { testTerms } from '../support/terms.ts';

/** The station that all days are lived at, and the people who come there. */

const means: readonly PaymentMeans[] = [
  { id: 'bank-card', kind: 'bank-card', phases: 'two' },
  { id: 'mobile', kind: 'mobile', phases: 'one' },
];

export const terms: Terms = { ...testTerms, means };
export const profile = { ...cityCard, balanceCapMinor: 100_000_000, loadCapMinor: 100_000 };

export const holders = ['ann', 'ben', 'cem', 'dao'] as const;
export type Holder = (typeof holders)[number];

export const cards: readonly CardSpec[] = holders.map((id, at) => ({
  kind: 'city-card',
  id,
  name: 'City card',
  note: 'Somebody’s card.',
  face: 'transit',
  number: `410000000000${at + 1}000`,
  balanceMinor: 50_000,
  validTo: '20381231',
}));
