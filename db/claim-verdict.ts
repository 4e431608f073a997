import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Claim, claimedCardText, claimIn, claimSigned } from '../main/contract/claim.ts';
import type { JournalKey } from './key.ts';
import { JournalFault } from './port.ts';

/** What a text is that passes for a claim. */
export type ClaimVerdict =
  | { readonly kind: 'genuine'; readonly claim: Claim }
  /** `cut`: it begins as a claim does, and is none. `receipt`: the QR code of a slip that claims nothing. */
  | { readonly kind: 'cut' | 'receipt' | 'no-claim' }
  /** It is not what this key has signed. Nothing that it says is to be believed. */
  | { readonly kind: 'forged'; readonly reference: string };

/** Whether the station with this public key has signed the text, and what it says. Needs nothing else. */
export function verdictOn(text: string, publicKey: KeyObject): ClaimVerdict {
  const found = claimIn(text);
  if (found === null) {
    if (text.startsWith('ADDVALUE|1|')) return { kind: 'receipt' };
    return { kind: text.startsWith('ADDVALUE|2|claim') ? 'cut' : 'no-claim' };
  }
  const { claim, statement, signature } = found;
  const signed = Buffer.from(claimSigned(statement));
  const isGenuine = verify(null, signed, publicKey, Buffer.from(signature, 'base64url'));
  return isGenuine ? { kind: 'genuine', claim } : { kind: 'forged', reference: claim.reference };
}

/** Whether a claim is about the card with this number, as only the journal's key can tell. */
export function isClaimedCard({ card }: Claim, cardNumber: string, key: JournalKey): boolean {
  const hash = Buffer.from(key.mac(claimedCardText(card.profile, cardNumber)), 'hex');
  // 12 bytes are 16 characters without a remainder.
  return hash.toString('base64url').slice(0, 16) === card.keyedHash;
}

/** A station's public key, PEM (SPKI). Throws JournalFault. */
export function readPublicKey(file: string): KeyObject {
  const key = publicKeyIn(file);
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new JournalFault(
    'not-ready',
    `${file} cannot be read, or is not a station's public key. At the station: ` +
      'npm run journal -- public-key JOURNAL > FILE.pem',
  );
}

function publicKeyIn(file: string): KeyObject | null {
  try {
    return createPublicKey(readFileSync(file));
  } catch {
    return null;
  }
}
