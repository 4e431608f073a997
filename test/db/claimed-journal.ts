import { writeFileSync } from 'node:fs';
import { readKey, usualKeyFile } from '../../db/key-file.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import { minorUnits } from '../../main/contract/money.ts';
import { signedClaim } from '../../main/runtime/records.ts';
import { journalPath, step } from './journal-file.ts';

type UnsignedClaim = Parameters<typeof signedClaim>[1];

/** A card that was pulled while ¥50 were being loaded, and did not come back. */
export const pulled: UnsignedClaim = {
  reference: '7K2M-94QX',
  at: '20260302080000',
  terminalId: '000001000050',
  currency: 'CNY',
  amountMinor: minorUnits(5_000),
  means: 'bank-card',
  terminalReceipt: '000042',
  why: 'card-not-returned',
  cardNumber: '4100000099999432',
  profile: 'city',
  load: {
    nth: 1,
    dateTime: '20260302075930',
    mark: { counter: 7, beforeMinor: minorUnits(3_620) },
  },
};

/** A station's journal with an attempt that it has claimed, and what others need to look at the claim. */
export type Claimed = {
  readonly journal: string;
  readonly publicKey: string;
  readonly key: string;
  readonly text: string;
};

export function claimedJournal(claim: UnsignedClaim = pulled): Claimed {
  const path = journalPath();
  const journal = openJournal(path);
  const text = signedClaim(journal, claim);
  const body = JSON.stringify({ money: 'authorised', card: 'writing', claim: text });
  journal.append([step(claim.reference, 'claim-signed', { body })]);
  journal.close();
  const key = usualKeyFile(path);
  const publicKey = `${path}.pem`;
  writeFileSync(publicKey, readKey(key).publicPem);
  return { journal: path, publicKey, key, text };
}

/** Another claim of the same station. */
export function signedThere({ journal: path }: Claimed, claim: UnsignedClaim): string {
  const journal = openJournal(path);
  const text = signedClaim(journal, claim);
  journal.close();
  return text;
}

/** The attempt has ended since. */
export function settle({ journal: path, text }: Claimed, money: string, card: string): void {
  const journal = openJournal(path);
  const body = JSON.stringify({ money, card, claim: text });
  const wallMs = Date.UTC(2026, 2, 3, 9, 30, 5);
  journal.append([step(pulled.reference, 'settled', { body, settled: true, wallMs })]);
  journal.close();
}
