import type { DesfireProfile } from '../../../../hardware/card/desfire/profile.ts';
import { campusDesfire, transitDesfire } from '../../../../hardware/card/desfire/profiles.ts';
import {
  SimulatedDesfireCard,
  type SimulatedDesfireParts,
} from '../../../../hardware/card/desfire/simulated.ts';
import { simulatedCardKey } from '../../../../hardware/card/desfire/simulated-cipher.ts';
import {
  type SimulatedDesfireProgram,
  simulatedCampusDesfireProgram,
  simulatedTransitDesfireProgram,
} from '../../../../hardware/card/desfire/simulated-program.ts';
import { softwareDesfireAuthority } from '../../../../hardware/card/desfire/software-authority.ts';
import { testDesfireKeys } from '../../../../hardware/card/desfire/test-keys.ts';
import { createStoredValueCards } from '../../../../hardware/card/registry.ts';
import { SimulatedReader } from '../../../../hardware/reader/simulated.ts';
import type { Sam } from '../../../../hardware/sam/port.ts';
import { SoftwareSam } from '../../../../hardware/sam/software.ts';
import type { LoadOrder } from '../../../../main/contract/card.ts';
import { minorUnits } from '../../../../main/contract/money.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';
import { type CardStation, cardNumber, terminalId } from '../card-station.ts';

/** Every way in which a card of this family can be laid out, and the profile that fits it. */
export const layouts: readonly {
  readonly name: string;
  readonly program: SimulatedDesfireProgram;
  readonly profile: DesfireProfile;
}[] = [
  { name: 'EV1, value full', program: simulatedCampusDesfireProgram, profile: campusDesfire },
  {
    name: 'EV2, transaction MAC',
    program: simulatedTransitDesfireProgram,
    profile: transitDesfire,
  },
  {
    name: 'EV1, all with MAC',
    program: withModes(simulatedCampusDesfireProgram, 'mac', 'mac'),
    profile: withModes(campusDesfire, 'mac', 'mac'),
  },
  {
    name: 'EV1, all plain',
    program: withModes(simulatedCampusDesfireProgram, 'plain', 'plain'),
    profile: withModes(campusDesfire, 'plain', 'plain'),
  },
  {
    name: 'EV2, value with MAC, three records',
    program: {
      ...withModes(simulatedTransitDesfireProgram, 'mac', 'mac'),
      recordFile: { ...simulatedTransitDesfireProgram.recordFile, mostRecords: 4 },
    },
    profile: withModes(transitDesfire, 'mac', 'mac'),
  },
  {
    name: 'EV2 without a transaction MAC',
    program: { ...simulatedTransitDesfireProgram, transactionMacFile: null },
    profile: { ...transitDesfire, transactionMacFile: null },
  },
];

type Modes = Pick<DesfireProfile, 'valueFile' | 'recordFile'>['valueFile']['comm'];

function withModes<Kind extends { valueFile: { comm: Modes }; recordFile: { comm: Modes } }>(
  kind: Kind,
  value: Modes,
  records: Modes,
): Kind {
  return {
    ...kind,
    valueFile: { ...kind.valueFile, comm: value },
    recordFile: { ...kind.recordFile, comm: records },
  };
}

export const uid = Uint8Array.of(0x04, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5, 0xf6);

/** Bytes that look random and are the same each time. */
function seededRandom(seed: number): (length: number) => Uint8Array {
  let state = seed >>> 0;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}

/** A card with keys that are diversified from the test master keys: all of a card are alike but the one that loads. */
export function issueCard(
  program: SimulatedDesfireProgram,
  parts: Partial<SimulatedDesfireParts> = {},
): SimulatedDesfireCard {
  const cardUid = parts.uid ?? uid;
  const application = Buffer.from(program.application, 'hex');
  const { systemIdentifier } = testDesfireKeys.diversification;
  const input = Uint8Array.of(...cardUid, ...application, ...systemIdentifier);
  const loadKey = simulatedCardKey(testDesfireKeys.load[0].key, input);
  const transactionMacKey = simulatedCardKey(testDesfireKeys.transactionMac, input);
  return new SimulatedDesfireCard({
    program,
    uid: cardUid,
    number: cardNumber,
    keys: program.keyVersions.map((_, at) => (at === 1 ? loadKey : new Uint8Array(16).fill(at))),
    ...(program.transactionMacFile === null ? {} : { transactionMacKey }),
    random: seededRandom(7),
    balance: 1_000,
    ...parts,
  });
}

export function desfireStation(
  profiles: readonly DesfireProfile[],
  { sam = desfireSam(), clock = new VirtualClock() }: { sam?: Sam; clock?: VirtualClock } = {},
): CardStation {
  const reader = new SimulatedReader({ clock });
  const cards = createStoredValueCards({
    reader,
    sams: [sam],
    profiles: { desfire: profiles },
    clock,
  });
  return { clock, reader, sam, cards };
}

export function desfireSam(): Sam {
  const random = seededRandom(11);
  const desfire = softwareDesfireAuthority({ keys: testDesfireKeys, random });
  return new SoftwareSam({ applets: { desfire }, onWarning: () => {} });
}

export function loadOf(
  profile: DesfireProfile,
  amount: number,
  rest: Partial<LoadOrder> = {},
): LoadOrder {
  return {
    reference: 'A1/1',
    cardNumber,
    profile: profile.name,
    amountMinor: minorUnits(amount),
    terminalId,
    dateTime: '20260302160000',
    ...rest,
  };
}
