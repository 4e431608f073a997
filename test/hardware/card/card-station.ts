import type { PbocProfile } from '../../../hardware/card/pboc/profile.ts';
import { campusCard, cityCard, tUnionCard } from '../../../hardware/card/pboc/profiles.ts';
import {
  SimulatedPbocCard,
  type SimulatedPbocParts,
  type SimulatedPbocProgram,
  simulatedCampusProgram,
  simulatedCityProgram,
  simulatedTUnionProgram,
} from '../../../hardware/card/pboc/simulated.ts';
import { cardKeyFromMaster } from '../../../hardware/card/pboc/simulated-mac.ts';
import { softwarePboc } from '../../../hardware/card/pboc/software-authority.ts';
import { testMasterKeys } from '../../../hardware/card/pboc/test-keys.ts';
import type { CreditAnswer, StoredValueCards } from '../../../hardware/card/port.ts';
import { createStoredValueCards } from '../../../hardware/card/registry.ts';
import { SimulatedReader } from '../../../hardware/reader/simulated.ts';
import type { Sam, SamAnswer } from '../../../hardware/sam/port.ts';
import { SoftwareSam } from '../../../hardware/sam/software.ts';
import type { LoadMark, LoadOrder } from '../../../main/contract/card.ts';
import type { Clock } from '../../../main/contract/clock.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

export const terminalId = '000001000050';
export const cardNumber = '4100000099999432';
const tUnionNumber = '3105170010170907984';

/** Another card of the same kind. */
export function otherNumber(program: SimulatedPbocProgram): string {
  return program.numberFile === 'city' ? '4100000089999985' : '3105170010180907985';
}

/** A card program of each counting convention, and the profile that fits it. */
export const conventions: readonly {
  readonly name: string;
  readonly program: SimulatedPbocProgram;
  readonly profile: PbocProfile;
}[] = [
  { name: 'city card, n+1, proof kept', program: simulatedCityProgram, profile: cityCard },
  { name: 'campus card, n, proof once, PIN', program: simulatedCampusProgram, profile: campusCard },
  {
    name: 'log oldest first, proof asked with n+1 before n',
    program: {
      ...simulatedCityProgram,
      logOrder: 'oldest-first',
      logCounter: 'n',
      proof: { counter: 'n', once: true, unknown: '6A88' },
    },
    profile: {
      ...cityCard,
      log: { sfi: 0x18, order: 'oldest-first', records: 10, counter: 'n' },
      loadLog: { sfi: 0x1a, order: 'oldest-first', records: 10, counter: 'n' },
      proofCounters: ['n+1', 'n'],
    },
  },
  {
    name: 'deposit purse',
    program: { ...simulatedCityProgram, purse: 'ed' },
    profile: { ...cityCard, purse: 'ed' },
  },
  {
    name: 'deposit purse without a proof command, one log',
    program: { ...simulatedCityProgram, purse: 'ed', proof: null },
    profile: { ...cityCard, purse: 'ed', loadLog: null, proofCounters: [] },
  },
  { name: 'T-Union, may be overdrawn', program: simulatedTUnionProgram, profile: tUnionCard },
  {
    name: 'no readable log',
    program: simulatedCityProgram,
    profile: { ...cityCard, log: null, loadLog: null },
  },
];

/** Bytes that look random and are the same each time. */
export function seededRandom(seed: number): () => Uint8Array {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Uint8Array.of(state >>> 24, (state >>> 16) & 0xff, (state >>> 8) & 0xff, state & 0xff);
  };
}

export function issueCard(
  program: SimulatedPbocProgram,
  parts: Partial<SimulatedPbocParts> = {},
): SimulatedPbocCard {
  const number = parts.number ?? numberOf(program);
  return new SimulatedPbocCard({
    program,
    number,
    loadKey: cardKeyFromMaster(testMasterKeys.load[0].key, number),
    tacKey: cardKeyFromMaster(testMasterKeys.tac, number),
    random: seededRandom(7),
    balance: 1_000,
    ...parts,
  });
}

function numberOf({ numberFile }: SimulatedPbocProgram): string {
  return numberFile === 'city' ? cardNumber : tUnionNumber;
}

export type CardStation = {
  readonly clock: VirtualClock;
  readonly reader: SimulatedReader;
  readonly sam: Sam;
  readonly cards: StoredValueCards;
};

export function cardStation(
  profiles: readonly PbocProfile[],
  { sam = testSam(), clock = new VirtualClock() }: { sam?: Sam; clock?: VirtualClock } = {},
): CardStation {
  const reader = new SimulatedReader({ clock });
  return { clock, reader, sam, cards: stationCards(reader, sam, profiles, clock) };
}

export function stationCards(
  reader: SimulatedReader,
  sam: Sam,
  profiles: readonly PbocProfile[],
  clock: Clock,
): StoredValueCards {
  return createStoredValueCards({ reader, sams: [sam], profiles: { pboc: profiles }, clock });
}

export function testSam(): Sam {
  return new SoftwareSam({ applets: { pboc: softwarePboc(testMasterKeys) }, onWarning: () => {} });
}

/** A SAM that has its own way with one deed, and is right in all else. */
export function samWhere(deed: string, answer: () => Promise<SamAnswer>): Sam {
  const sam = testSam();
  return {
    families: sam.families,
    watch: (onHealth, family) => sam.watch(onHealth, family),
    ask: (question) => (question.deed === deed ? answer() : sam.ask(question)),
    close: () => sam.close(),
  };
}

export function loadOf(
  profile: PbocProfile,
  amount: number,
  rest: Partial<LoadOrder> = {},
): LoadOrder {
  return {
    reference: 'A1/1',
    cardNumber: profile.numberFile.numberBytes === 8 ? cardNumber : tUnionNumber,
    profile: profile.name,
    amountMinor: minorUnits(amount),
    terminalId,
    dateTime: '20260302160000',
    ...rest,
  };
}

/** Await an answer while virtual time passes, as much as it needs. */
export async function inTime<T>(clock: VirtualClock, answer: Promise<T>): Promise<T> {
  let settled = false;
  const watched = answer.finally(() => {
    settled = true;
  });
  watched.catch(() => {});
  await clock.until(() => settled, 60_000);
  return watched;
}

/** A load up to its credit; throws where it cannot even be prepared. */
export async function prepareLoad(station: CardStation, order: LoadOrder): Promise<LoadMark> {
  const prepared = await station.cards.prepare(order);
  if (prepared.kind !== 'done') throw new Error(`not prepared: ${JSON.stringify(prepared)}`);
  return prepared.mark;
}

export type Outcome = 'loaded' | 'not-loaded' | 'unknown';

export function outcomeOfCredit(answer: CreditAnswer): Outcome {
  if (answer.kind === 'unknown') return 'unknown';
  return answer.kind === 'done' ? 'loaded' : 'not-loaded';
}
