import type { Journal, JournalRow } from '../../db/port.ts';
import { claimedCardText, claimSigned, claimStatement, claimText } from '../contract/claim.ts';
import type { Attempt } from '../session/attempt.ts';
import type { LookUp, UnsignedClaim } from '../session/effect.ts';
import { settledAttemptOf } from './attempt-record.ts';

/** So many of somebody's top-ups are told of: what a screen holds. */
const toldOf = 5;

/** So many issuers' cards, at the most, may have one number. */
const issuersMax = 4;

/** Somebody's last top-ups, newest first. Throws JournalFault. */
export function attemptsFound(journal: Journal, by: LookUp): readonly Attempt[] {
  if (by.kind === 'reference') {
    const row = journal.attempt(by.reference);
    return row === null ? [] : readable([row]);
  }
  const found = readable(journal.attemptsOfCard(by.number, toldOf * issuersMax));
  return found.filter(({ profile }) => profile === by.profile).slice(0, toldOf);
}

/** A settled attempt that an older or newer version wrote is left out: what is open was read at the start, or it had failed. */
function readable(rows: readonly JournalRow[]): readonly Attempt[] {
  return rows.flatMap((row) => settledAttemptOf(row) ?? []);
}

/** Bytes of the keyed hash that a claim holds: more than enough to tell one card from another. */
const cardHashBytes = 12;

/** A claim with the station's signature, as it is printed (contract/claim.ts). */
export function signedClaim(
  { seal }: Pick<Journal, 'seal'>,
  { cardNumber, profile, ...claim }: UnsignedClaim,
): string {
  const hash = Buffer.from(seal.mac(claimedCardText(profile, cardNumber)), 'hex');
  const keyedHash = hash.subarray(0, cardHashBytes).toString('base64url');
  const card = { profile, lastDigits: cardNumber.slice(-4), keyedHash };
  const statement = claimStatement({ ...claim, card });
  const signature = Buffer.from(seal.sign(claimSigned(statement)), 'base64');
  return claimText(statement, signature.toString('base64url'));
}
