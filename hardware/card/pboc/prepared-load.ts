import type { LoadMark, LoadProof } from '../../../main/contract/card.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import { ask, type LoadAuthority } from '../../sam/deed.ts';
import { sameBytes } from '../bytes.ts';
import type { PreparedLoad } from '../family.ts';
import { toHex } from '../hex.ts';
import type { CardLink } from '../link.ts';
import type { CreditAnswer, Fault, LoadRefusal } from '../port.ts';
import { verifyTac } from './authority.ts';
import { checkLoad } from './check-load.ts';
import { creditForLoad, mac2RefusalWords, parseCreditForLoad } from './credit-for-load.ts';
import { getTransactionProve, parseTransactionProve } from './get-transaction-prove.ts';
import { type LoadTerms, tacClaim } from './load-terms.ts';
import { readBalance } from './read-balance.ts';
import { counterByConvention } from './verdict.ts';

type Parts = {
  readonly link: CardLink;
  readonly authority: LoadAuthority;
  readonly terms: LoadTerms;
  readonly mark: LoadMark;
  /** In the card's own unit. */
  readonly overdraftLimit: number;
  readonly cardNumber: Uint8Array;
  readonly mac2: Uint8Array;
};

/** How far the proof of a credit got before something in it was not as it should be. */
type Doubt = {
  /** What to say of the credit if the card is then proved unchanged. */
  readonly refusal: LoadRefusal;
  /** Not null: no response came, so the card must be connected to afresh before it is asked. */
  readonly fault: Fault | null;
  /** The TAC that CREDIT FOR LOAD answered. */
  readonly tac: Uint8Array | null;
  readonly tacGenuine: boolean;
};

/** A PBOC load between INITIALIZE and CREDIT. The MAC2 is in memory here and nowhere else, and is sent once. */
export class PreparedPbocLoad implements PreparedLoad {
  readonly mark: LoadMark;
  readonly #parts: Parts;
  #spent = false;

  constructor(parts: Parts) {
    this.mark = parts.mark;
    this.#parts = parts;
  }

  async credit(): Promise<CreditAnswer> {
    if (this.#spent) throw new Error('CREDIT FOR LOAD is never sent twice');
    this.#spent = true;
    const proved = await this.#write();
    return proved.kind === 'done' ? proved : this.#resolve(proved.doubt);
  }

  /** CREDIT FOR LOAD and its proof: the TAC, the card's own word for the transaction, and the balance read again. */
  async #write(): Promise<
    | { readonly kind: 'done'; readonly proof: LoadProof }
    | { readonly kind: 'doubt'; readonly doubt: Doubt }
  > {
    const { link, authority, terms, mark, overdraftLimit, cardNumber, mac2 } = this.#parts;
    const doubt = (detail: string, rest: Partial<Doubt> = {}) =>
      ({
        kind: 'doubt',
        doubt: {
          refusal: { kind: 'card-refused', detail },
          fault: null,
          tac: null,
          tacGenuine: false,
          ...rest,
        },
      }) as const;

    const credited = await link.send(creditForLoad(terms.dateTime, mac2), parseCreditForLoad);
    if (credited.kind === 'failed') {
      return doubt('CREDIT FOR LOAD was not answered', { fault: credited.fault });
    }
    if (credited.kind === 'refused' && mac2RefusalWords.includes(credited.statusWord)) {
      return doubt(credited.detail, { refusal: { kind: 'authority-refused' } });
    }
    if (credited.kind !== 'done') return doubt(credited.detail);

    const tac = credited.value;
    const claim = tacClaim(terms, mark, overdraftLimit, cardNumber, tac);
    const judged = claim === null ? null : await ask(authority, verifyTac, claim);
    if (judged?.kind !== 'done' || !judged.answer.genuine) {
      return doubt('the TAC was not found genuine', { tac });
    }

    const held = { tac, tacGenuine: true };
    const proof = await this.#readProof(tac);
    if (proof.kind === 'failed') return doubt('the proof was not answered', { ...held, ...proof });
    if (proof.kind === 'none') return doubt('the card held no proof of the credit', held);

    const balance = await readBalance(link, terms.profile);
    if (balance.kind === 'failed') {
      return doubt('the balance was not answered', { ...held, fault: balance.fault });
    }
    const { unitMinor } = terms.profile;
    const expected = mark.beforeMinor + terms.amount * unitMinor;
    if (balance.kind !== 'done' || balance.value.own * unitMinor !== expected) {
      return doubt('the balance is not what the credit makes it', held);
    }
    return {
      kind: 'done',
      proof: {
        balanceMinor: minorUnits(expected),
        counter: mark.counter,
        tac: toHex(tac),
        by: 'tac',
      },
    };
  }

  /** GET TRANSACTION PROVE must give the same TAC again. A card whose profile knows no proof needs none. */
  async #readProof(
    tac: Uint8Array,
  ): Promise<
    | { readonly kind: 'same' }
    | { readonly kind: 'none' }
    | { readonly kind: 'failed'; readonly fault: Fault }
  > {
    const { link, terms, mark } = this.#parts;
    const { proofCounters } = terms.profile;
    for (const convention of proofCounters) {
      const counter = counterByConvention(mark.counter, convention);
      const command = getTransactionProve(terms.transactionType, counter);
      const answer = await link.send(command, parseTransactionProve);
      if (answer.kind === 'failed') return answer;
      if (answer.kind === 'done' && sameBytes(answer.value, tac)) return { kind: 'same' };
    }
    return proofCounters.length === 0 ? { kind: 'same' } : { kind: 'none' };
  }

  /** Something was not clean: find out from the card, while it is there, what has become of the credit. */
  async #resolve({ refusal, fault, tac, tacGenuine }: Doubt): Promise<CreditAnswer> {
    const { link, authority, terms, mark } = this.#parts;
    if (fault !== null) {
      if (fault.kind !== 'card-mute' && fault.kind !== 'card-garbled') {
        return { kind: 'unknown', fault };
      }
      const stillFault = await link.renew();
      if (stillFault !== null) return { kind: 'unknown', fault: stillFault };
    }
    const found = await checkLoad(link, authority, terms, mark);
    switch (found.kind) {
      case 'loaded': {
        const { proof } = found;
        const tacHex = proof.tac ?? (tac === null ? null : toHex(tac));
        return { kind: 'done', proof: { ...proof, tac: tacHex } };
      }
      case 'not-loaded':
        if (!tacGenuine) return { kind: 'refused', refusal };
        return undecided('the TAC is genuine, but the card knows nothing of the credit');
      case 'other-card':
      case 'two-cards':
        return undecided('another card is in the reader');
      case 'unknown':
        return found;
    }
  }
}

function undecided(detail: string): CreditAnswer {
  return { kind: 'unknown', fault: { kind: 'undecided', detail } };
}
