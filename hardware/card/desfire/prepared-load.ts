import type { LoadMark } from '../../../main/contract/card.ts';
import type { LoadAuthority } from '../../sam/deed.ts';
import { sameBytes } from '../bytes.ts';
import type { PreparedLoad } from '../family.ts';
import type { CardLink } from '../link.ts';
import type { CreditAnswer, LoadRefusal } from '../port.ts';
import { checkLoad, isTransactionMac, proofOf } from './check-load.ts';
import type { Conversation, Told, Trouble } from './conversation.ts';
import { getValue } from './get-value.ts';
import type { LoadTerms } from './load-terms.ts';
import { readRecords } from './read-records.ts';
import type { TransactionMac } from './transaction-mac-file.ts';
import { recordOf, writeLoad } from './write-load.ts';

type Parts = {
  readonly link: CardLink;
  readonly authority: LoadAuthority;
  /** Begun for this load: nothing that was read before is part of its transaction. */
  readonly card: Conversation;
  readonly terms: LoadTerms;
  readonly mark: LoadMark;
  readonly uid: Uint8Array;
  /** Of the record that this load writes. */
  readonly recordCounter: number;
};

/** What went wrong, and how far the load was then. */
type Doubt = {
  readonly trouble: Trouble;
  /** COMMIT TRANSACTION may have reached the card. */
  readonly isSent: boolean;
  /** The card has said that it committed, and nobody else can have said it. */
  readonly isCommitted: boolean;
};

/** The card says, and nobody else can have said it, what does not go with the commit that it has also said. */
type Contradiction = { readonly kind: 'contradicts'; readonly detail: string };

/** The card did not take what the load authority made: wrong MAC or padding, or no authentication (cards.md 2.1). */
const authorityRefusalWords: readonly number[] = [0x911e, 0x91ae];

/** A DESFire load that is authenticated and not yet written. */
export class PreparedDesfireLoad implements PreparedLoad {
  readonly mark: LoadMark;
  readonly #parts: Parts;
  #spent = false;

  constructor(parts: Parts) {
    this.mark = parts.mark;
    this.#parts = parts;
  }

  async credit(): Promise<CreditAnswer> {
    if (this.#spent) throw new Error('a load is never written twice');
    this.#spent = true;
    const { card, terms, recordCounter } = this.#parts;
    const written = await writeLoad(card, terms, recordCounter);
    if (written.kind === 'trouble') return this.#resolve({ ...written, isCommitted: false });
    const read = await this.#readAgain();
    if (read.kind === 'contradicts') return undecided(read.detail);
    if (read.kind !== 'done') {
      return this.#resolve({ trouble: read, isSent: true, isCommitted: true });
    }
    return this.#done(read.value, written.mac);
  }

  /** The value and the newest record must be what the load made them, in the same session. The value. */
  async #readAgain(): Promise<Told<number> | Contradiction> {
    const { card, terms, mark, recordCounter } = this.#parts;
    const { valueFile, recordFile, unitMinor } = terms.profile;
    const value = await card.exchange(getValue(valueFile.file), valueFile.comm);
    if (value.kind !== 'done') return value;
    if (value.value !== mark.beforeMinor / unitMinor + terms.amount) {
      return { kind: 'contradicts', detail: 'the value is not what the credit makes it' };
    }
    const records = await card.exchange(readRecords(recordFile, 1), recordFile.comm);
    if (records.kind !== 'done') return records;
    const [newest] = records.value;
    if (newest === undefined || !sameBytes(newest.bytes, recordOf(terms, recordCounter).data)) {
      return { kind: 'contradicts', detail: 'the newest record is not that of the credit' };
    }
    return value;
  }

  async #done(value: number, mac: TransactionMac | null): Promise<CreditAnswer> {
    const { authority, terms, mark, uid, recordCounter } = this.#parts;
    const isProved =
      mac !== null &&
      mac.counter === mark.counter + 1 &&
      (await isTransactionMac(authority, terms, uid, mac, recordCounter));
    const proof = proofOf(terms.profile, mark, value, isProved ? { mac, by: 'tac' } : null);
    return { kind: 'done', proof };
  }

  /** Something was not clean: find out from the card, while it is there, what has become of the load. */
  async #resolve({ trouble, isSent, isCommitted }: Doubt): Promise<CreditAnswer> {
    const { link, authority, terms, mark } = this.#parts;
    if (trouble.kind === 'failed') {
      const { fault } = trouble;
      if (fault.kind !== 'card-mute' && fault.kind !== 'card-garbled') {
        return { kind: 'unknown', fault };
      }
      const stillFault = await link.renew();
      if (stillFault !== null) return { kind: 'unknown', fault: stillFault };
    }
    const found = await checkLoad(link, authority, terms, mark);
    switch (found.kind) {
      case 'loaded':
        return { kind: 'done', proof: found.proof };
      case 'not-loaded':
        if (!isCommitted) return { kind: 'refused', refusal: writeRefusalOf(trouble) };
        return undecided('the commit is genuine, but the card knows nothing of the credit');
      case 'other-card':
      case 'two-cards':
        return undecided('another card is in the reader');
      case 'unknown':
        // Without the load authority the card cannot be asked, but it has not been told to write either.
        if (trouble.kind === 'sam-failed' && !isSent && found.fault.kind === 'undecided') {
          return { kind: 'refused', refusal: writeRefusalOf(trouble) };
        }
        return found;
    }
  }
}

/** Why nothing was written, of a load that was begun. */
function writeRefusalOf(trouble: Trouble): LoadRefusal {
  return trouble.kind === 'refused' && authorityRefusalWords.includes(trouble.statusWord)
    ? { kind: 'authority-refused' }
    : refusalOf(trouble);
}

/** Why a load cannot be begun. */
export function refusalOf(trouble: Trouble): LoadRefusal {
  switch (trouble.kind) {
    case 'failed':
      return { kind: 'card-refused', detail: 'the card did not answer' };
    case 'not-genuine':
      return { kind: 'not-genuine' };
    case 'sam-failed':
      return { kind: 'sam-fault', detail: trouble.detail };
    case 'refused':
    case 'malformed':
      return { kind: 'card-refused', detail: trouble.detail };
  }
}

function undecided(detail: string): CreditAnswer {
  return { kind: 'unknown', fault: { kind: 'undecided', detail } };
}
