import { dateAt, digitsFromBcd } from '../bcd.ts';
import { fromHex, toHex } from '../hex.ts';
import type { CardLink } from '../link.ts';
import type { Fault } from '../port.ts';
import { parseSelect, selectByName } from '../select.ts';
import { isNative } from './command.ts';
import { OpenConversation } from './conversation.ts';
import { getVersion } from './get-version.ts';
import type { DesfireProfile } from './profile.ts';
import { readData } from './read-data.ts';
import {
  applicationNotFound,
  instructionNotKnown,
  selectApplication,
} from './select-application.ts';

/** Who the card is. Dates are YYYYMMDD, null where the card holds none. */
export type CardIdentity = {
  readonly number: string;
  /** 7 bytes. */
  readonly uid: Uint8Array;
  readonly enabled: boolean;
  readonly validFrom: string | null;
  readonly validTo: string | null;
};

export type OpenCardAnswer =
  | { readonly kind: 'done'; readonly identity: CardIdentity }
  /** Not a card of this profile, or no DESFire card at all. */
  | { readonly kind: 'not-mine' }
  | { readonly kind: 'defective'; readonly detail: string }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** The DF name of the card's native interface, for a chip that takes wrapped commands only after it (cards.md 2.2). */
const nativeInterface = fromHex('D2760000850100');

type NotOpened = Exclude<OpenCardAnswer, { readonly kind: 'done' }>;

/** Select the profile's application and read who the card is. */
export async function openCard(link: CardLink, profile: DesfireProfile): Promise<OpenCardAnswer> {
  let selected = await select(link, profile);
  if (selected.kind === 'not-native') {
    const interfaced = await link.send(selectByName(nativeInterface), parseSelect);
    if (interfaced.kind === 'failed') return interfaced;
    if (interfaced.kind !== 'done') return { kind: 'not-mine' };
    selected = await select(link, profile);
  }
  switch (selected.kind) {
    case 'selected':
      return identify(link, profile);
    case 'not-native':
      return { kind: 'not-mine' };
    default:
      return selected;
  }
}

/** `not-native`: what answered does not know the wrapping of native commands. */
async function select(
  link: CardLink,
  profile: DesfireProfile,
): Promise<{ readonly kind: 'selected' } | { readonly kind: 'not-native' } | NotOpened> {
  const command = selectApplication(fromHex(profile.application));
  const answer = await new OpenConversation(link).manage(command);
  switch (answer.kind) {
    case 'done':
      return { kind: 'selected' };
    case 'failed':
      return answer;
    case 'refused': {
      const { statusWord, detail } = answer;
      if (!isNative(statusWord)) return { kind: 'not-native' };
      const isOther = statusWord === applicationNotFound || statusWord === instructionNotKnown;
      return isOther ? { kind: 'not-mine' } : { kind: 'defective', detail };
    }
    default:
      return { kind: 'defective', detail: answer.detail };
  }
}

async function identify(link: CardLink, profile: DesfireProfile): Promise<OpenCardAnswer> {
  const card = new OpenConversation(link);
  const version = await card.manage(getVersion);
  if (version.kind === 'failed') return version;
  if (version.kind !== 'done') return { kind: 'defective', detail: version.detail };
  const uid = version.value;
  const { numberFile } = profile;
  if (numberFile === null) {
    if (uid.every((byte) => byte === 0x00)) {
      return { kind: 'defective', detail: 'the card hides its UID, which is to be its number' };
    }
    const number = toHex(uid);
    const identity = { number, uid, enabled: true, validFrom: null, validTo: null };
    return { kind: 'done', identity };
  }

  const command = readData('READ DATA of the number file', numberFile.file, numberFile.lengthBytes);
  const read = await card.exchange(command);
  if (read.kind === 'failed') return read;
  if (read.kind !== 'done') return { kind: 'defective', detail: read.detail };
  const file = read.value;
  const { numberOffset, numberBytes, skippedDigits, enabledOffset } = numberFile;
  const digits = digitsFromBcd(file.subarray(numberOffset, numberOffset + numberBytes));
  if (digits === null) {
    return { kind: 'defective', detail: 'the number file holds a number that is not one' };
  }
  const validFrom = dateAt(file, numberFile.validFromOffset);
  const validTo = dateAt(file, numberFile.validToOffset);
  if (validFrom === 'malformed' || validTo === 'malformed') {
    return { kind: 'defective', detail: 'the number file holds a date that is not one' };
  }
  return {
    kind: 'done',
    identity: {
      number: digits.slice(skippedDigits),
      uid,
      enabled: enabledOffset === null || file[enabledOffset] === 0x01,
      validFrom,
      validTo,
    },
  };
}
