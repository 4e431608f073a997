import type { BenchCard } from '../../main/contract/bench.ts';
import {
  SimulatedPbocCard,
  simulatedCampusProgram,
  simulatedCityProgram,
} from '../card/pboc/simulated.ts';
import { cardKeyFromMaster } from '../card/pboc/simulated-mac.ts';
import type { PbocCardMemory } from '../card/pboc/simulated-memory.ts';
import { SimulatedBankCard, type SimulatedCard } from '../card/simulated.ts';
import { testMasterKeys } from '../sam/test-keys.ts';

type Described = Pick<BenchCard, 'id' | 'name' | 'note' | 'face'>;

/** A purse to be made, of the profile with that name. Amounts are minor units, dates YYYYMMDD. */
export type PurseSpec = Described & {
  readonly kind: 'city-card' | 'campus-card';
  /** 16 digits. */
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

/** What somebody with a loupe reads from a purse, without asking the card. */
export type PurseBooks = {
  readonly number: string;
  readonly balanceMinor: number;
  /** On-line counter: how often it has been loaded. */
  readonly loads: number;
  readonly blocked: boolean;
  readonly validTo: string;
};

export type DrawerCard = {
  readonly spec: CardSpec;
  readonly card: SimulatedCard;
  /** Null for what is no purse. */
  readonly purse: () => PurseBooks | null;
  /** All that it remembers without power; null for what remembers nothing. */
  readonly memory: () => PbocCardMemory | null;
  /** Pass a gate with it. False where it holds too little or is no purse. */
  readonly spend: (amountMinor: number, wallMs: number) => boolean;
};

const aDayMs = 86_400_000;

export type MakeCard = {
  readonly randomBytes: (length: number) => Uint8Array;
  readonly wallMs: number;
  /** What it remembers from an earlier life, in place of the past that its spec tells. */
  readonly memory?: PbocCardMemory | undefined;
  /** Told of each write, before the reader is answered. */
  readonly onWritten: () => void;
};

/** Make a card as its issuer would hand it out, with the past that its spec tells. */
export function makeCard(spec: CardSpec, { randomBytes, wallMs, ...rest }: MakeCard): DrawerCard {
  if (spec.kind === 'bank-card') {
    return {
      spec,
      card: new SimulatedBankCard(),
      purse: () => null,
      memory: () => null,
      spend: () => false,
    };
  }
  const { number, validTo, past = [] } = spec;
  const [{ key }] = testMasterKeys.load;
  const sum = past.reduce(
    (total, each) => total + (each.kind === 'load' ? 1 : -1) * each.amountMinor,
    0,
  );
  const card = new SimulatedPbocCard({
    program: spec.kind === 'city-card' ? simulatedCityProgram : simulatedCampusProgram,
    number,
    loadKey: cardKeyFromMaster(key, number),
    tacKey: cardKeyFromMaster(testMasterKeys.tac, number),
    random: () => randomBytes(4),
    balance: spec.balanceMinor - sum,
    onlineCounter: 6,
    offlineCounter: 40,
    validTo,
    blocked: spec.blocked ?? false,
    ...(rest.memory === undefined ? {} : { memory: rest.memory }),
  });
  for (const { kind, daysAgo, amountMinor } of rest.memory === undefined ? past : []) {
    const at = localTime(wallMs - daysAgo * aDayMs);
    if (kind === 'load') card.loadElsewhere(amountMinor, at);
    else if (!card.purchase(amountMinor, at)) throw new Error(`${spec.id} never held that much`);
  }
  card.watchMemory(rest.onWritten);
  const purse = () => ({
    number,
    balanceMinor: card.books.balance,
    loads: card.books.onlineCounter,
    blocked: card.memory.blocked,
    validTo,
  });
  const spend = (amountMinor: number, atMs: number) => card.purchase(amountMinor, localTime(atMs));
  return { spec, card, purse, memory: () => card.memory, spend };
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
