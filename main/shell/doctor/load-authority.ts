import type { PcscSurvey } from '../../../hardware/reader/pcsc-survey.ts';
import { readCredentials } from '../../../hardware/sam/remote-credentials.ts';
import type { CardSamConfig, RemoteSamConfig } from '../config-sams.ts';
import { deed, type Finding, fault, note, ok } from './finding.ts';
import { type Patient, realDevices } from './patient.ts';
import { reach } from './reach.ts';

const examined = 'load authority';

/**
 * Whether each family's load authority (SAM) can be reached. No SAM is spoken to: a card is seen in its slot, a host is
 * connected to, and left.
 */
export async function examineLoadAuthorities(
  patient: Patient,
  late: AbortSignal,
): Promise<readonly Finding[]> {
  const { config } = patient;
  if (config === null) return [note(examined, 'Not looked for: no configuration names one.')];
  const { sams, hasSimulatedSam } = realDevices(config);
  const served = sams.flatMap((sam) => (sam.driver === 'card' ? [sam.family] : sam.families));
  const families = Object.keys(config.cards).filter((name) => config.cards[name]?.length !== 0);
  const missing = hasSimulatedSam ? [] : families.filter((name) => !served.includes(name));
  const looks = sams.map(async (sam) =>
    sam.driver === 'card'
      ? samSlotFinding(await patient.pcsc(), sam)
      : hostFinding(sam, patient.clock.wallMs(), late),
  );
  return [...missing.map(missingFinding), ...(await Promise.all(looks))];
}

function missingFinding(family: string): Finding {
  return fault(
    examined,
    `None is configured for ${family} cards: they can be read here, and not topped up.`,
    deed('Add one to "devices.sams" (docs/configuration.md), or take these cards out of "cards".'),
  );
}

/** Whether a SAM card lies in its slot. */
export function samSlotFinding(
  survey: PcscSurvey,
  { family, reader: { pattern } }: CardSamConfig,
): Finding {
  if (survey.kind !== 'up') return note(examined, 'Not looked for: pcscd comes first.');
  const slot = survey.readers.find(({ name }) => new RegExp(pattern).test(name));
  if (slot === undefined) {
    return fault(
      examined,
      `No reader has "${pattern}" in its name: the SAM card of ${family} cards is out of reach.`,
      deed(
        'Plug it in, or set the "pattern" of its "reader" in "devices.sams" to a part of its name.',
      ),
    );
  }
  if (slot.cardPresent) {
    return ok(examined, `A card for ${family} cards lies in "${slot.name}". It was not spoken to.`);
  }
  return fault(
    examined,
    `There is no card for ${family} cards in "${slot.name}".`,
    deed('Push the SAM card in until it clicks, its contacts towards those of the slot.'),
  );
}

/** Whether a host can be reached, with files that it may accept. */
export async function hostFinding(
  sam: RemoteSamConfig,
  wallMs: number,
  late: AbortSignal,
): Promise<Finding> {
  const families = sam.families.join(', ');
  const files = readCredentials(sam, wallMs);
  if (files.kind === 'failed') {
    return fault(examined, `For ${families} cards: ${files.detail}.`, deed('Then look again.'));
  }
  const address = `${sam.host}:${sam.port}`;
  const obstacle = await reach(sam.host, sam.port, late);
  if (obstacle !== null)
    return fault(examined, `${address} ${obstacle.why}.`, deed(obstacle.remedy));
  return ok(examined, `${address}, for ${families} cards, can be reached. No more was tried.`);
}
