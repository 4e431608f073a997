import type { PurseSpec } from '../../hardware/rig/drawer.ts';

const used = {
  note: '',
  face: 'transit',
  balanceMinor: 10_000,
  validTo: '20381231',
  // Ten rows in its log, which is all that it holds.
  past: Array.from({ length: 10 }, (_, day) => ({
    kind: 'purchase' as const,
    daysAgo: 10 - day,
    amountMinor: 400,
  })),
} as const;

/** The cards that are measured, one of each family, as they are after some use. */
export const measuredCards = {
  pboc: { ...used, kind: 'city-card', id: 'pboc', name: 'PBOC card', number: '4100000099999432' },
  desfire: {
    ...used,
    kind: 'transit-desfire',
    id: 'desfire',
    name: 'DESFire card',
    number: '3100000055512090',
  },
} as const satisfies Readonly<Record<string, PurseSpec>>;

export type MeasuredCard = keyof typeof measuredCards;

/** What card-process.ts is told. `answersAfterMs`: how long each command takes. */
export type CardOrder =
  | { readonly kind: 'insert'; readonly card: MeasuredCard; readonly answersAfterMs: number }
  | { readonly kind: 'pull' }
  | { readonly kind: 'rewind' };

/** One command and its response, hex. */
export type Exchange = { readonly command: string; readonly response: string };

/** Its answer when an order is carried out. `exchanges`: from when the card was inserted or last rewound until then. */
export type CardReport = { readonly exchanges: readonly Exchange[] };
