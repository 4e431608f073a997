import type { CardFacts, CardLogRow, LoadMark, LoadOrder } from '../../../main/contract/card.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import type { LoadAuthority } from '../../sam/deed.ts';
import { sameBytes } from '../bytes.ts';
import {
  type CardFamily,
  cardFamily,
  cardRefused,
  defective,
  type FamilyParts,
  type FamilyPrepareAnswer,
  type FamilyReadAnswer,
  profileNamed,
  refused,
} from '../family.ts';
import { fromHex } from '../hex.ts';
import type { CardLink } from '../link.ts';
import type { CheckAnswer } from '../port.ts';
import { type CardRecord, lastCounter } from './card-record.ts';
import { checkLoad } from './check-load.ts';
import { OpenConversation, type Told } from './conversation.ts';
import { loadTerms } from './load-terms.ts';
import { type CardIdentity, openCard } from './open-card.ts';
import { PreparedDesfireLoad, refusalOf } from './prepared-load.ts';
import { type DesfireProfile, desfireProfileSchema } from './profile.ts';
import { type Books, readBooks } from './read-books.ts';
import { desfireSamCard } from './sam-card.ts';
import { beginSecureConversation } from './secure-conversation.ts';

const name = 'desfire';

/** ISO 14443-4 type A with the one historical byte 80, as every DESFire chip of NXP's says (PC/SC part 3, 3.1.3.2.3.1). */
const likelyAtr = fromHex('3B8180018080');

const notWholeUnits = 'the amount is not a whole number of the card’s units';

/** Cards with a MIFARE DESFire value file (cards.md 2), each operator's by its profile. */
export const desfire = cardFamily({
  name,
  profile: desfireProfileSchema,
  samCard: desfireSamCard,
  create: (parts) => new DesfireFamily(parts),
});

class DesfireFamily implements CardFamily {
  readonly #profiles: readonly DesfireProfile[];
  readonly #authority: LoadAuthority;

  constructor({ profiles, authority }: FamilyParts<DesfireProfile>) {
    this.#profiles = profiles;
    this.#authority = authority;
  }

  isLikely(atr: Uint8Array): boolean {
    return sameBytes(atr, likelyAtr);
  }

  async read(link: CardLink): Promise<FamilyReadAnswer> {
    for (const profile of this.#profiles) {
      const opened = await openCard(link, profile);
      switch (opened.kind) {
        case 'not-mine':
          continue;
        case 'failed':
          return opened;
        case 'defective':
          return defective(opened.detail);
        case 'done': {
          const books = await this.#readBooks(link, profile, opened.identity);
          if (books.kind === 'failed') return books;
          if (books.kind === 'sam-failed') {
            return { kind: 'refused', refusal: { kind: 'not-readable-now', detail: books.detail } };
          }
          if (books.kind !== 'done') return defective(books.detail);
          return { kind: 'done', card: factsOf(profile, opened.identity, books.value) };
        }
      }
    }
    return { kind: 'not-mine' };
  }

  /** By whoever may read them: anybody, or the load authority. */
  async #readBooks(
    link: CardLink,
    profile: DesfireProfile,
    { uid }: CardIdentity,
  ): Promise<Told<Books>> {
    if (profile.readableWithoutKey) {
      return readBooks(new OpenConversation(link), { ...profile, transactionMacFile: null });
    }
    const begun = await beginSecureConversation(link, this.#authority, profile, uid);
    return begun.kind === 'done' ? readBooks(begun.value, profile) : begun;
  }

  async prepare(link: CardLink, order: LoadOrder): Promise<FamilyPrepareAnswer> {
    const profile = profileNamed(this.#profiles, order.profile);
    const terms = loadTerms(profile, order);
    if (terms === null) return cardRefused(notWholeUnits);
    const opened = await openCard(link, profile);
    if (opened.kind === 'failed') return opened;
    if (opened.kind === 'not-mine') return refused({ kind: 'other-card' });
    if (opened.kind === 'defective') return cardRefused(opened.detail);
    const { number, uid } = opened.identity;
    if (number !== order.cardNumber) return refused({ kind: 'other-card' });

    const reading = await beginSecureConversation(link, this.#authority, profile, uid);
    if (reading.kind === 'failed') return reading;
    if (reading.kind !== 'done') return refused(refusalOf(reading));
    const read = await readBooks(reading.value, profile);
    if (read.kind === 'failed') return read;
    if (read.kind !== 'done') return refused(refusalOf(read));
    const { value, upperLimit, records, transaction } = read.value;

    const beforeMinor = minorUnits(value * profile.unitMinor);
    if (order.amountMinor > profile.loadCapMinor) return refused({ kind: 'above-load-cap' });
    if (
      beforeMinor + order.amountMinor > profile.balanceCapMinor ||
      value + terms.amount > upperLimit
    ) {
      return refused({ kind: 'above-balance-cap' });
    }
    const newest = records[0]?.counter ?? 0;
    if (newest >= lastCounter(profile.recordFile)) {
      return cardRefused('the counter of the records is at its end');
    }

    // Anew, for what was read so far would be part of the transaction and of its MAC.
    const writing = await beginSecureConversation(link, this.#authority, profile, uid);
    if (writing.kind === 'failed') return writing;
    if (writing.kind !== 'done') return refused(refusalOf(writing));
    const load = new PreparedDesfireLoad({
      link,
      authority: this.#authority,
      card: writing.value,
      terms,
      mark: { beforeMinor, counter: transaction?.counter ?? newest },
      uid,
      recordCounter: newest + 1,
    });
    return { kind: 'done', load };
  }

  async check(link: CardLink, order: LoadOrder, mark: LoadMark): Promise<CheckAnswer> {
    const profile = profileNamed(this.#profiles, order.profile);
    const terms = loadTerms(profile, order);
    // The profile's unit may have been changed since the load was begun.
    if (terms === null || mark.beforeMinor % profile.unitMinor !== 0) {
      return { kind: 'unknown', fault: { kind: 'undecided', detail: notWholeUnits } };
    }
    return checkLoad(link, this.#authority, terms, mark);
  }
}

function factsOf(profile: DesfireProfile, identity: CardIdentity, books: Books): CardFacts {
  const { unitMinor } = profile;
  const { number, enabled, validFrom, validTo } = identity;
  const balanceCapMinor = Math.min(profile.balanceCapMinor, books.upperLimit * unitMinor);
  return {
    family: name,
    profile: profile.name,
    number,
    enabled,
    validFrom,
    validTo,
    balanceMinor: minorUnits(books.value * unitMinor),
    balanceCapMinor: minorUnits(balanceCapMinor),
    loadCapMinor: minorUnits(profile.loadCapMinor),
    history: books.records.map((record) => logRow(record, unitMinor)),
  };
}

function logRow(record: CardRecord, unitMinor: number): CardLogRow {
  return {
    counter: record.counter,
    kind: record.kind,
    amountMinor: minorUnits(record.amount * unitMinor),
    at: record.dateTime,
    terminal: record.terminal,
  };
}
