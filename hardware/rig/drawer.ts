import type { BenchCard } from '../../main/contract/bench.ts';
import { SimulatedBankCard, type SimulatedCard } from '../card/simulated.ts';
import { simulatedFamilies } from './simulated-families.ts';
import type { CardBooks, CardMemory, LoadRow } from './simulated-family.ts';

type Described = Pick<BenchCard, 'id' | 'name' | 'note' | 'face'>;

/** A purse to be made. Amounts are minor units, dates YYYYMMDD. */
export type PurseSpec = Described & {
  /** The name of a profile of some simulated family. */
  readonly kind: string;
  /** As many digits as the profile's cards have: 16, or 19. */
  readonly number: string;
  readonly balanceMinor: number;
  readonly validTo: string;
  readonly blocked?: boolean;
  /** What was done with it before, oldest first; the balance above is what is left. */
  readonly past?: readonly {
    readonly kind: 'load' | 'purchase';
    readonly daysAgo: number;
    readonly amountMinor: number;
  }[];
};

export type CardSpec = PurseSpec | (Described & { readonly kind: 'bank-card' });

/** A purse as somebody with a loupe sees it: what it holds, and what its issuer wrote on it. */
export type PurseBooks = CardBooks & Pick<PurseSpec, 'number' | 'validTo'>;

export type DrawerCard = {
  readonly spec: CardSpec;
  readonly card: SimulatedCard;
  /** Null for what is no purse. */
  readonly family: string | null;
  /** Null for what is no purse. */
  readonly purse: () => PurseBooks | null;
  /** The loads in its own log, newest first. */
  readonly loads: () => readonly LoadRow[];
  /** All that it remembers without power; null for what remembers nothing. */
  readonly memory: () => CardMemory | null;
  /** Pass a gate with it. False where it holds too little or is no purse. */
  readonly spend: (amountMinor: number, wallMs: number) => boolean;
};

const aDayMs = 86_400_000;

export type MakeCard = {
  readonly randomBytes: (length: number) => Uint8Array;
  readonly wallMs: number;
  /** What it remembers from an earlier life, in place of the past that its spec tells. */
  readonly memory?: CardMemory | undefined;
  /** Told of each write, before the reader is answered. */
  readonly onWritten: () => void;
};

/** Make a card as its issuer would hand it out, with the past that its spec tells. Throws where no family issues such a card. */
export function makeCard(spec: CardSpec, { randomBytes, wallMs, ...rest }: MakeCard): DrawerCard {
  if (!('number' in spec)) {
    return {
      spec,
      card: new SimulatedBankCard(),
      family: null,
      purse: () => null,
      loads: () => [],
      memory: () => null,
      spend: () => false,
    };
  }
  const { kind: profile, number, validTo, blocked = false, past = [], balanceMinor } = spec;
  const family = simulatedFamilies.find(({ profiles }) =>
    profiles.some(({ name }) => name === profile),
  );
  if (family === undefined) throw new RangeError(`no family issues a ${profile}`);
  const sum = past.reduce(
    (total, each) => total + (each.kind === 'load' ? 1 : -1) * each.amountMinor,
    0,
  );
  const order = { profile, number, validTo, blocked, balanceMinor: balanceMinor - sum };
  const issued = family.issue({ ...order, randomBytes }, rest.memory ?? null);
  for (const { kind, daysAgo, amountMinor } of rest.memory === undefined ? past : []) {
    const at = localTime(wallMs - daysAgo * aDayMs);
    if (kind === 'load') issued.loadElsewhere(amountMinor, at);
    else if (!issued.purchase(amountMinor, at)) throw new Error(`${spec.id} never held that much`);
  }
  issued.watchMemory(rest.onWritten);
  return {
    spec,
    card: issued.card,
    family: family.name,
    purse: () => ({ ...issued.books(), number, validTo }),
    loads: issued.loads,
    memory: issued.memory,
    spend: (amountMinor, atMs) => issued.purchase(amountMinor, localTime(atMs)),
  };
}

/** A card as its memory has it, to be looked at with a loupe: no reader is told anything of it. */
export function cardFromMemory(spec: CardSpec, memory: CardMemory): DrawerCard {
  const randomBytes = (length: number): Uint8Array => new Uint8Array(length);
  return makeCard(spec, { randomBytes, wallMs: 0, memory, onWritten: () => {} });
}

/** YYYYMMDDhhmmss in the process's time zone, as a gate writes it. */
function localTime(wallMs: number): string {
  const date = new Date(wallMs);
  const shifted = new Date(wallMs - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().replace(/\D/g, '').slice(0, 14);
}

const inService = '20381231';

/** What lies in the drawer of a bench. The numbers are made up. */
export const benchCards: readonly CardSpec[] = [
  {
    kind: 'city-card',
    id: 'ordinary',
    name: 'City card',
    note: 'An everyday card.',
    face: 'transit',
    number: '4100000099999432',
    balanceMinor: 3_620,
    validTo: inService,
    past: [
      { kind: 'load', daysAgo: 31, amountMinor: 5_000 },
      { kind: 'purchase', daysAgo: 9, amountMinor: 400 },
      { kind: 'purchase', daysAgo: 9, amountMinor: 400 },
      { kind: 'purchase', daysAgo: 6, amountMinor: 300 },
      { kind: 'purchase', daysAgo: 2, amountMinor: 280 },
    ],
  },
  {
    kind: 'city-card',
    id: 'other',
    name: 'City card',
    note: 'Another person’s card.',
    face: 'transit',
    number: '4100000012347718',
    balanceMinor: 8_020,
    validTo: inService,
  },
  {
    kind: 'campus-card',
    id: 'campus',
    name: 'Campus card',
    note: 'Another program: it wants a PIN.',
    face: 'campus',
    number: '2026030100004477',
    balanceMinor: 1_850,
    validTo: inService,
  },
  {
    kind: 't-union-card',
    id: 't-union',
    name: 'T-Union card',
    note: 'Good for the whole country; may be overdrawn by one ride.',
    face: 'transit',
    number: '3105170010170907984',
    balanceMinor: 760,
    validTo: inService,
    past: [{ kind: 'purchase', daysAgo: 1, amountMinor: 300 }],
  },
  {
    kind: 'campus-desfire',
    id: 'campus-desfire',
    name: 'Campus card, DESFire EV1',
    note: 'A value file: it has no chip to be seen.',
    face: 'contactless',
    number: '2026030100008826',
    balanceMinor: 2_480,
    validTo: inService,
    past: [
      { kind: 'load', daysAgo: 20, amountMinor: 3_000 },
      { kind: 'purchase', daysAgo: 4, amountMinor: 850 },
      { kind: 'purchase', daysAgo: 1, amountMinor: 670 },
    ],
  },
  {
    kind: 'transit-desfire',
    id: 'transit-desfire',
    name: 'Transit card, DESFire EV2',
    note: 'Signs its loads; tells its balance to the load authority only.',
    face: 'contactless',
    number: '3100000055512090',
    balanceMinor: 1_740,
    validTo: inService,
    past: [
      { kind: 'load', daysAgo: 14, amountMinor: 2_000 },
      { kind: 'purchase', daysAgo: 3, amountMinor: 260 },
    ],
  },
  {
    kind: 'transit-desfire',
    id: 'full-desfire',
    name: 'Transit card, DESFire EV2',
    note: '¥20 below its cap of ¥1,000.',
    face: 'contactless',
    number: '3100000055517786',
    balanceMinor: 98_000,
    validTo: inService,
  },
  {
    kind: 'city-card',
    id: 'nearly-full',
    name: 'City card',
    note: '¥15 below its cap of ¥1,000.',
    face: 'transit',
    number: '4100000055501005',
    balanceMinor: 98_500,
    validTo: inService,
  },
  {
    kind: 'city-card',
    id: 'expired',
    name: 'City card',
    note: 'Its validity is over.',
    face: 'worn',
    number: '4100000031522201',
    balanceMinor: 1_260,
    validTo: '20240630',
  },
  {
    kind: 'city-card',
    id: 'blocked',
    name: 'City card',
    note: 'Blocked by its issuer.',
    face: 'worn',
    number: '4100000077366640',
    balanceMinor: 4_400,
    validTo: inService,
    blocked: true,
  },
  {
    kind: 'bank-card',
    id: 'foreign',
    name: 'Bank card',
    note: 'Not a purse at all.',
    face: 'foreign',
  },
];
