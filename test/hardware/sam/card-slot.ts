import { type PbocSamSettings, pbocSamCard } from '../../../hardware/card/pboc/sam-card.ts';
import {
  SimulatedPbocSam,
  type SimulatedPbocSamParts,
  type SimulatedSamKey,
} from '../../../hardware/card/pboc/simulated-sam.ts';
import { testMasterKeys } from '../../../hardware/card/pboc/test-keys.ts';
import { SimulatedReader } from '../../../hardware/reader/simulated.ts';
import { SamCard } from '../../../hardware/sam/card.ts';
import type { Health } from '../../../main/contract/device.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** Key uses of the test SAM: 09 for loads, 0C for TACs, each diversified once with the card number. */
export const samSettings: PbocSamSettings = {
  application: '1001',
  pin: null,
  load: [{ version: 1, p1: 0x29, p2: 0x01, factors: ['card-number'] }],
  tac: { p1: 0x2c, p2: 0x01, factors: ['card-number'] },
};

export const samKeys: readonly [SimulatedSamKey, SimulatedSamKey] = [
  { use: 0x09, version: 1, makes: 'session-key', key: testMasterKeys.load[0].key },
  { use: 0x0c, version: 1, makes: 'tac-key', key: testMasterKeys.tac },
];

/** A load SAM with the master keys of the test cards. */
export function issueSam(parts: Partial<SimulatedPbocSamParts> = {}): SimulatedPbocSam {
  return new SimulatedPbocSam({ keys: samKeys, application: '1001', ...parts });
}

export type SamSlot = {
  readonly clock: VirtualClock;
  readonly reader: SimulatedReader;
  readonly sam: SamCard;
  readonly log: readonly string[];
  readonly healths: readonly Health[];
};

/** A slot with a SAM in it, or none, and the driver that watches it. */
export async function samSlot({
  card = issueSam(),
  settings = samSettings,
  clock = new VirtualClock(),
}: {
  readonly card?: SimulatedPbocSam | null;
  readonly settings?: PbocSamSettings;
  readonly clock?: VirtualClock;
} = {}): Promise<SamSlot> {
  const reader = new SimulatedReader({ clock });
  if (card !== null) reader.insert(card);
  const log: string[] = [];
  const healths: Health[] = [];
  const sam = new SamCard({
    family: 'pboc',
    reader,
    applet: (channel) => pbocSamCard.applet(channel, settings),
    clock,
    log: (line) => log.push(line),
  });
  sam.watch((health) => healths.push(health));
  await clock.settle();
  return { clock, reader, sam, log, healths };
}
