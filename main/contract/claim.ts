import type { LoadMark } from './card.ts';
import { type MinorUnits, minorUnits } from './money.ts';
import type { MeansKind } from './payment.ts';

/** Why somebody's money could not be settled while they waited. */
export type ClaimReason = 'card-not-returned' | 'card-undecided' | 'payment-undecided';

/**
 * What a station owes somebody an answer about, as it states and signs it: enough for anybody with the station's public key to
 * believe it, and for any machine with the card in its reader to find out what became of the load.
 */
export type Claim = {
  /** The top-up's reference: also the claim's number. */
  readonly reference: string;
  /** When it was claimed, local time, YYYYMMDDhhmmss. */
  readonly at: string;
  /** 12 hex digits: the terminal as it stands in the card's log. */
  readonly terminalId: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly amountMinor: MinorUnits;
  readonly means: MeansKind;
  /** The payment's number on the bank terminal's own receipt, where it gave one. */
  readonly terminalReceipt: string | null;
  readonly why: ClaimReason;
  readonly card: {
    readonly profile: string;
    readonly lastDigits: string;
    /** HMAC-SHA-256 of the card's profile and number with the journal's key, its first 12 bytes, base64url. */
    readonly keyedHash: string;
  };
  /** The load that the card has to tell about. Null: none was ordered. */
  readonly load: ClaimedLoad | null;
};

export type ClaimedLoad = {
  /** The how-manieth load of this top-up it was: the order is called `reference/nth`. */
  readonly nth: number;
  /** As it was written to the card, local time, YYYYMMDDhhmmss. */
  readonly dateTime: string;
  readonly mark: LoadMark;
};

const separator = '|';
const fieldCount = 18;

/** 64 bytes (RFC 8032, 5.1.6) in base64url. The four bits after them are zero: one signature, one text. */
const signaturePattern = /^[\w-]{85}[AQgw]$/;

/** What is signed: one line of fields. No field can hold a separator. */
export function claimStatement(claim: Claim): string {
  const { card, load } = claim;
  const fields: readonly (string | number)[] = [
    'ADDVALUE',
    '2',
    'claim',
    claim.reference,
    claim.at,
    claim.terminalId,
    claim.currency,
    claim.amountMinor,
    card.lastDigits,
    claim.means,
    claim.terminalReceipt ?? '',
    claim.why,
    card.profile,
    card.keyedHash,
    ...(load === null
      ? ['', '', '', '']
      : [load.nth, load.dateTime, load.mark.counter, load.mark.beforeMinor]),
  ];
  return fields.map((field) => encodeURIComponent(field)).join(separator);
}

/** A claim as it is journaled and printed in a QR code. `signature`: Ed25519 over `claimSigned(statement)`, base64url. */
export function claimText(statement: string, signature: string): string {
  return `${statement}${separator}${signature}`;
}

/** What the signature is over: its first line keeps a claim from passing for anything else that this key signs. */
export function claimSigned(statement: string): string {
  return `AddValue claim\n${statement}`;
}

/** What a claim's `keyedHash` is of. Its first line keeps it from passing for anything else that this key is used for. */
export function claimedCardText(profile: string, cardNumber: string): string {
  return `AddValue card\n${JSON.stringify([profile, cardNumber])}`;
}

/** A claim's text, read again; null where it is none. What it says is only to be trusted once its signature was verified. */
export function claimIn(
  text: string,
): { readonly claim: Claim; readonly statement: string; readonly signature: string } | null {
  const end = text.lastIndexOf(separator);
  const statement = text.slice(0, Math.max(end, 0));
  const signature = text.slice(end + 1);
  const fields = decoded(statement.split(separator));
  const claim = fields === null ? null : claimOf(fields);
  // Only what would be written the same way is read: one claim, one text.
  if (claim === null || claimStatement(claim) !== statement) return null;
  return signaturePattern.test(signature) ? { claim, statement, signature } : null;
}

function decoded(fields: readonly string[]): readonly string[] | null {
  try {
    return fields.map(decodeURIComponent);
  } catch {
    return null;
  }
}

function claimOf(fields: readonly string[]): Claim | null {
  const [mark, version, kind, reference, at, terminalId, currency, amount, lastDigits, ...more] =
    fields;
  const [means, receipt, why, profile, keyedHash, nth, dateTime, counter, before] = more;
  if (fields.length !== fieldCount || mark !== 'ADDVALUE' || version !== '2' || kind !== 'claim') {
    return null;
  }
  if (means !== 'bank-card' && means !== 'mobile') return null;
  if (why !== 'card-not-returned' && why !== 'card-undecided' && why !== 'payment-undecided') {
    return null;
  }
  const wholes = [amount, ...(nth === '' ? [] : [nth, counter, before])].map(Number);
  if (!wholes.every((whole) => Number.isSafeInteger(whole))) return null;
  const [amountMinor = 0, nthWhole, counterWhole = 0, beforeWhole = 0] = wholes;
  const load =
    nthWhole === undefined
      ? null
      : {
          nth: nthWhole,
          dateTime: dateTime ?? '',
          mark: { counter: counterWhole, beforeMinor: minorUnits(beforeWhole) },
        };
  return {
    reference: reference ?? '',
    at: at ?? '',
    terminalId: terminalId ?? '',
    currency: currency ?? '',
    amountMinor: minorUnits(amountMinor),
    means,
    terminalReceipt: receipt === '' || receipt === undefined ? null : receipt,
    why,
    card: { profile: profile ?? '', lastDigits: lastDigits ?? '', keyedHash: keyedHash ?? '' },
    load,
  };
}
