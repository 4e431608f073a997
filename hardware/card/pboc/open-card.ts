import { dateAt } from '../bcd.ts';
import { fromHex, toHex } from '../hex.ts';
import type { CardLink } from '../link.ts';
import type { Fault } from '../port.ts';
import { parseSelect, selectByName } from '../select.ts';
import type { PbocProfile } from './profile.ts';
import { parseNumberFile, readNumberFile } from './read-number-file.ts';

/** Who the card is. Dates are YYYYMMDD, null where the card holds none. */
export type CardIdentity = {
  /** The application serial number in full. */
  readonly number: string;
  /** Its last 8 bytes, from which the card's keys are diversified (cards.md 1.6). */
  readonly numberBytes: Uint8Array;
  readonly enabled: boolean;
  readonly validFrom: string | null;
  readonly validTo: string | null;
};

export type OpenCardAnswer =
  | { readonly kind: 'done'; readonly identity: CardIdentity }
  /** Not a card of this profile. */
  | { readonly kind: 'not-mine' }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'defective'; readonly detail: string }
  | { readonly kind: 'failed'; readonly fault: Fault };

const applicationBlocked = 0x6a81;

/** SELECT the profile's application and read the number file. */
export async function openCard(link: CardLink, profile: PbocProfile): Promise<OpenCardAnswer> {
  for (const aid of profile.aids) {
    const selected = await link.send(selectByName(fromHex(aid)), parseSelect);
    if (selected.kind === 'failed') return selected;
    if (selected.kind === 'malformed') return { kind: 'defective', detail: selected.detail };
    if (selected.kind === 'refused') {
      if (selected.statusWord === applicationBlocked) return { kind: 'blocked' };
      continue;
    }
    // A card may take a partial name for its own: what was selected must begin as was asked.
    const { dfName } = selected.value;
    if (dfName === null || dfName.startsWith(aid.toUpperCase())) return identify(link, profile);
  }
  return { kind: 'not-mine' };
}

async function identify(link: CardLink, profile: PbocProfile): Promise<OpenCardAnswer> {
  const { numberFile } = profile;
  const { sfi, lengthBytes, recognisedBy } = numberFile;
  const read = await link.send(readNumberFile(sfi, lengthBytes), (response) =>
    parseNumberFile(response, lengthBytes),
  );
  if (read.kind === 'failed') return read;
  if (read.kind !== 'done') return { kind: 'defective', detail: read.detail };
  const file = read.value;
  if (recognisedBy !== null) {
    const { offset, hex } = recognisedBy;
    const found = toHex(file.subarray(offset, offset + hex.length / 2));
    if (found !== hex.toUpperCase()) return { kind: 'not-mine' };
  }
  const number = file.subarray(
    numberFile.numberOffset,
    numberFile.numberOffset + numberFile.numberBytes,
  );
  const validFrom = dateAt(file, numberFile.validFromOffset);
  const validTo = dateAt(file, numberFile.validToOffset);
  if (validFrom === 'malformed' || validTo === 'malformed') {
    return { kind: 'defective', detail: 'the number file holds a date that is not one' };
  }
  const { enabledOffset } = numberFile;
  return {
    kind: 'done',
    identity: {
      number: toHex(number).slice(numberFile.skippedDigits),
      numberBytes: number.slice(-8),
      enabled: enabledOffset === null || file[enabledOffset] === 0x01,
      validFrom,
      validTo,
    },
  };
}
