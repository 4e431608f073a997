import { campusDesfire, transitDesfire } from '../../hardware/card/desfire/profiles.ts';
import { campusCard, cityCard } from '../../hardware/card/pboc/profiles.ts';
import type { CardProfile } from '../../hardware/card/profile.ts';
import type { CardSpec } from '../../hardware/rig/drawer.ts';
import type { PaymentMeans } from '../../main/contract/payment.ts';
import type { Terms } from '../../main/session/session.ts';
import { testTerms } from '../support/terms.ts';
import type { OtherCard } from './arms.ts';

/** The station that all days are lived at, and the people who come there. */

const means: readonly PaymentMeans[] = [
  { id: 'bank-card', kind: 'bank-card', phases: 'two' },
  { id: 'mobile', kind: 'mobile', phases: 'one' },
];

const roomy = <Profile extends CardProfile>(profile: Profile): Profile => ({
  ...profile,
  balanceCapMinor: 100_000_000,
  loadCapMinor: 100_000,
});

/** The cards that the station serves, by family. */
export const profiles: Readonly<Record<string, readonly CardProfile[]>> = {
  pboc: [cityCard, campusCard].map(roomy),
  desfire: [campusDesfire, transitDesfire].map(roomy),
};

export const terms: Terms = {
  ...testTerms,
  means,
  cards: Object.entries(profiles).flatMap(([family, own]) =>
    own.map(({ name, title }) => ({ profile: name, family, title })),
  ),
};

/** `eve` comes to no visit of a story: she is whose card turns up in the place of another's, or beside it. */
export const holders = ['ann', 'ben', 'cem', 'dao', 'eve'] as const;
export type Holder = (typeof holders)[number];

type Kind = 'city-card' | 'campus-card' | 'campus-desfire' | 'transit-desfire';

const familyOf: Readonly<Record<Kind, string>> = {
  'city-card': 'pboc',
  'campus-card': 'pboc',
  'campus-desfire': 'desfire',
  'transit-desfire': 'desfire',
};

/** Who comes, and with which card: in most drawers all of one kind, but for eve's. */
export type Drawer = {
  readonly name: string;
  readonly cards: readonly CardSpec[];
  /** Somebody else's card, of the same family or of another one. */
  otherThan(holder: Holder, family: OtherCard): Holder;
};

function drawer(name: string, kinds: Readonly<Record<Holder, Kind>>): Drawer {
  return {
    name,
    cards: holders.map((id, at) => ({
      kind: kinds[id],
      id,
      name: 'Card',
      note: 'Somebody’s card.',
      face: 'transit',
      number: `410000000000${at + 1}000`,
      balanceMinor: 50_000,
      validTo: '20381231',
    })),
    otherThan: (holder, family) => {
      const at = holders.indexOf(holder);
      const others = [...holders.slice(at + 1), ...holders.slice(0, at)];
      const isSame = (other: Holder) => familyOf[kinds[other]] === familyOf[kinds[holder]];
      return others.find((other) => isSame(other) === (family === 'same')) ?? others[0] ?? holder;
    },
  };
}

const allOf = (kind: Kind) => ({ ann: kind, ben: kind, cem: kind, dao: kind });

/** Every story is told with each of these, at some place or other; together they are of all families. */
export const drawers: readonly Drawer[] = [
  drawer('pboc', { ...allOf('city-card'), eve: 'campus-desfire' }),
  drawer('desfire-ev1', { ...allOf('campus-desfire'), eve: 'city-card' }),
  drawer('desfire-ev2', { ...allOf('transit-desfire'), eve: 'city-card' }),
];

/** For days of chance. */
export const mixedDrawer = drawer('mixed', {
  ann: 'city-card',
  ben: 'campus-desfire',
  cem: 'transit-desfire',
  dao: 'campus-card',
  eve: 'city-card',
});
