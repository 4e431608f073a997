import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isClaimedCard, verdictOn } from '../../db/claim-verdict.ts';
import { readKey, usualKeyFile } from '../../db/key-file.ts';
import { type Journal, type JournalEntry, noAttempt } from '../../db/port.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import { claimIn } from '../../main/contract/claim.ts';
import { entryOf } from '../../main/runtime/attempt-record.ts';
import { attemptsFound, signedClaim } from '../../main/runtime/records.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import { pulled } from '../db/claimed-journal.ts';
import { journalPath } from '../db/journal-file.ts';
import { freshAttempt, marked, momentAt, proved } from '../support/attempt.ts';

/** A journal on disk, and what others know of its key. */
function keyedJournal() {
  const file = journalPath();
  const journal = openJournal(file);
  onTestFinished(() => journal.close());
  const key = readKey(usualKeyFile(file));
  return { journal, key, publicKey: createPublicKey(key.publicPem) };
}

function keyedHash(journal: Pick<Journal, 'seal'>, profile: string, cardNumber: string) {
  return claimIn(signedClaim(journal, { ...pulled, profile, cardNumber }))?.claim.card.keyedHash;
}

const digits = (least: number, most: number) =>
  fc.stringMatching(new RegExp(`^[0-9]{${least},${most}}$`));

describe('a claim', () => {
  test('says what the station states, and anybody with its public key can tell that it did', () => {
    const { journal, publicKey } = keyedJournal();
    const verdict = verdictOn(signedClaim(journal, pulled), publicKey);
    const { cardNumber, profile, ...stated } = pulled;
    expect(verdict).toEqual({
      kind: 'genuine',
      claim: {
        ...stated,
        card: { profile, lastDigits: '9432', keyedHash: keyedHash(journal, profile, cardNumber) },
      },
    });
  });

  test('of another amount is none of this station', () => {
    const { journal, publicKey } = keyedJournal();
    const text = signedClaim(journal, pulled);
    const inflated = text.replace('|CNY|5000|', '|CNY|50000|');
    expect(inflated).not.toBe(text);
    expect(verdictOn(inflated, publicKey)).toMatchObject({ kind: 'forged' });
  });

  test('never holds the number of a card, and is known by who has the key and the card', () => {
    const { journal, key } = keyedJournal();
    fc.assert(
      fc.property(digits(8, 20), (cardNumber) => {
        const text = signedClaim(journal, { ...pulled, cardNumber });
        const claim = claimIn(text)?.claim;
        expect(text).not.toContain(cardNumber);
        expect(claim?.card.lastDigits).toBe(cardNumber.slice(-4));
        expect(claim !== undefined && isClaimedCard(claim, cardNumber, key)).toBe(true);
      }),
    );
  });

  test('of one card is never taken for one of another', () => {
    const { journal } = keyedJournal();
    // Some that would be one and the same, were profile and number written without a gap.
    const number = fc.oneof(digits(8, 20), fc.constantFrom('1', '11', '111'));
    const card = fc.tuple(fc.constantFrom('city', 'city1', 'city11'), number);
    fc.assert(
      fc.property(card, card, (one, other) => {
        const isSame = one.join('/') === other.join('/');
        expect(keyedHash(journal, ...one) === keyedHash(journal, ...other)).toBe(isSame);
      }),
    );
  });

  test('tells nobody without the key which card it is about: another station hashes it otherwise', () => {
    const { journal, publicKey } = keyedJournal();
    const { journal: other } = keyedJournal();
    const { profile, cardNumber } = pulled;
    expect(keyedHash(other, profile, cardNumber)).not.toBe(keyedHash(journal, profile, cardNumber));
    expect(verdictOn(signedClaim(other, pulled), publicKey)).toMatchObject({ kind: 'forged' });
  });
});

/** The rows of a top-up that went well. */
function toppedUp(reference: string, changes: Partial<Attempt> = {}): readonly JournalEntry[] {
  const attempt: Attempt = { ...freshAttempt, reference, ...changes };
  const paid: Attempt = { ...attempt, money: 'authorised', loads: 1, loadMark: marked };
  const done: Attempt = { ...paid, money: 'captured', card: 'written', proof: proved };
  return [
    entryOf(paid, 'payment-approved', momentAt(0)),
    entryOf(done, 'payment-captured', momentAt(1)),
  ];
}

/** The same, with a field that this version does not know. */
function byAnotherVersion(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  return entries.map((entry) => ({
    ...entry,
    body: JSON.stringify({ ...JSON.parse(entry.body), bonus: 1 }),
  }));
}

describe('somebody’s last top-ups', () => {
  const { cardNumber: number, profile } = freshAttempt;
  const byCard = { kind: 'card', number, profile } as const;

  function foundIn(entries: readonly JournalEntry[], by: Parameters<typeof attemptsFound>[1]) {
    const journal = openJournal(journalPath());
    journal.append(entries);
    const found = attemptsFound(journal, by);
    journal.close();
    return found;
  }

  test('are the newest five of the card, the newest first, each as it stands now', () => {
    const references = [1, 2, 3, 4, 5, 6, 7].map((nth) => `TEST-000${nth}`);
    const found = foundIn(
      references.flatMap((reference) => toppedUp(reference)),
      byCard,
    );
    expect(found.map(({ reference }) => reference)).toEqual(references.slice(2).reverse());
    expect(found.map(({ money, card }) => [money, card])).toEqual(
      Array.from({ length: 5 }, () => ['captured', 'written']),
    );
  });

  test('are nobody else’s: neither another card’s, nor one’s of another operator with the same number', () => {
    const entries = [
      ...toppedUp('TEST-0001'),
      ...toppedUp('TEST-0002', { cardNumber: '4100000000000018' }),
      // As many as are told of, and newer.
      ...[3, 4, 5, 6, 7].flatMap((nth) => toppedUp(`TEST-000${nth}`, { profile: 'campus' })),
    ];
    expect(foundIn(entries, byCard).map(({ reference }) => reference)).toEqual(['TEST-0001']);
  });

  test('are told without those that another version of the program wrote', () => {
    const entries = [...byAnotherVersion(toppedUp('TEST-0001')), ...toppedUp('TEST-0002')];
    expect(foundIn(entries, byCard).map(({ reference }) => reference)).toEqual(['TEST-0002']);
    expect(foundIn(entries, { kind: 'reference', reference: 'TEST-0001' })).toEqual([]);
  });

  test('are found one by one by the reference on the slip', () => {
    const entries = [...toppedUp('TEST-0001'), ...toppedUp('TEST-0002')];
    const found = foundIn(entries, { kind: 'reference', reference: 'TEST-0001' });
    expect(found).toMatchObject([{ reference: 'TEST-0001', money: 'captured', proof: proved }]);
    expect(foundIn(entries, { kind: 'reference', reference: 'TEST-0009' })).toEqual([]);
    expect(foundIn(entries, { kind: 'reference', reference: noAttempt })).toEqual([]);
  });
});
