import type { CardFacts, CardLogRow, LoadMark, LoadOrder } from '../../../main/contract/card.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import { ask, type LoadAuthority } from '../../sam/deed.ts';
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
import type { CardLink } from '../link.ts';
import type { CheckAnswer } from '../port.ts';
import { authoriseLoad } from './authority.ts';
import { challengeCard } from './challenge-card.ts';
import { checkLoad } from './check-load.ts';
import { enterPin } from './enter-pin.ts';
import { loadTerms } from './load-terms.ts';
import { type CardIdentity, openCard } from './open-card.ts';
import { PreparedPbocLoad } from './prepared-load.ts';
import { type PbocProfile, pbocProfileSchema } from './profile.ts';
import { transactionTypes } from './purse.ts';
import { isSameBalance, readBalance } from './read-balance.ts';
import { readHistory } from './read-log.ts';
import type { LogRecord } from './read-log-record.ts';
import { pbocSamCard } from './sam-card.ts';

const notWholeUnits = 'the amount is not a whole number of the card’s units';

const name = 'pboc';

/** Cards with a PBOC electronic purse (cards.md 1), each operator's by its profile. */
export const pboc = cardFamily({
  name,
  profile: pbocProfileSchema,
  samCard: pbocSamCard,
  create: (parts) => new PbocFamily(parts),
});

class PbocFamily implements CardFamily {
  readonly #profiles: readonly PbocProfile[];
  readonly #authority: LoadAuthority;

  constructor({ profiles, authority }: FamilyParts<PbocProfile>) {
    this.#profiles = profiles;
    this.#authority = authority;
  }

  isLikely(atr: Uint8Array): boolean {
    return !isContactless(atr);
  }

  async read(link: CardLink): Promise<FamilyReadAnswer> {
    for (const profile of this.#profiles) {
      const opened = await openCard(link, profile);
      switch (opened.kind) {
        case 'not-mine':
          continue;
        case 'failed':
          return opened;
        case 'blocked':
          return { kind: 'refused', refusal: { kind: 'card-blocked' } };
        case 'defective':
          return defective(opened.detail);
        case 'done':
          return this.#readPurse(link, profile, opened.identity);
      }
    }
    return { kind: 'not-mine' };
  }

  async #readPurse(
    link: CardLink,
    profile: PbocProfile,
    identity: CardIdentity,
  ): Promise<FamilyReadAnswer> {
    // A PIN that the card does not take is found out here, before any money: the load would be refused for it.
    const pin = await enterPin(link, profile);
    if (pin.kind === 'failed') return pin;
    if (pin.kind !== 'done') return defective(pin.detail);
    const balance = await readBalance(link, profile);
    if (balance.kind === 'failed') return balance;
    if (balance.kind !== 'done') return defective(balance.detail);
    const history = await readHistory(link, profile);
    if (history.kind === 'failed') return history;
    if (history.kind === 'malformed') return defective(history.detail);
    const card: CardFacts = {
      family: name,
      profile: profile.name,
      number: identity.number,
      enabled: identity.enabled,
      validFrom: identity.validFrom,
      validTo: identity.validTo,
      balanceMinor: minorUnits(balance.value.own * profile.unitMinor),
      balanceCapMinor: minorUnits(profile.balanceCapMinor),
      loadCapMinor: minorUnits(profile.loadCapMinor),
      history: history.records.map((record) => logRow(record, profile.unitMinor)),
    };
    return { kind: 'done', card };
  }

  async prepare(link: CardLink, order: LoadOrder): Promise<FamilyPrepareAnswer> {
    const profile = profileNamed(this.#profiles, order.profile);
    const terms = loadTerms(profile, order);
    if (terms === null) return cardRefused(notWholeUnits);
    const opened = await openCard(link, profile);
    if (opened.kind === 'failed') return opened;
    if (opened.kind === 'not-mine') return refused({ kind: 'other-card' });
    if (opened.kind === 'blocked') return cardRefused('the application on the card is blocked');
    if (opened.kind === 'defective') return cardRefused(opened.detail);
    const { number, numberBytes } = opened.identity;
    if (number !== order.cardNumber) return refused({ kind: 'other-card' });

    const balance = await readBalance(link, profile);
    if (balance.kind === 'failed') return balance;
    if (balance.kind !== 'done') return cardRefused(balance.detail);
    const { own, overdraftLimit } = balance.value;
    const beforeMinor = own * profile.unitMinor;
    if (order.amountMinor > profile.loadCapMinor) return refused({ kind: 'above-load-cap' });
    if (beforeMinor + order.amountMinor > profile.balanceCapMinor) {
      return refused({ kind: 'above-balance-cap' });
    }

    const pin = await enterPin(link, profile);
    if (pin.kind === 'failed') return pin;
    if (pin.kind !== 'done') return cardRefused(pin.detail);

    const { amount, terminalId, transactionType, dateTime } = terms;
    const challenge = await challengeCard(link, terms);
    if (challenge.kind === 'failed') return challenge;
    if (challenge.kind !== 'done') return cardRefused(challenge.detail);
    if (!isSameBalance(challenge.value.balance, balance.value, profile)) {
      return cardRefused('INITIALIZE FOR LOAD and GET BALANCE answered different balances');
    }

    const authorised = await ask(this.#authority, authoriseLoad, {
      reference: order.reference,
      transactionType,
      cardNumber: numberBytes,
      amount,
      terminalId,
      challenge: challenge.value.bytes,
      dateTime,
    });
    if (authorised.kind === 'failed') {
      return refused({ kind: 'sam-fault', detail: authorised.detail });
    }
    const { mac2 } = authorised.answer;
    if (mac2 === null) return refused({ kind: 'not-genuine' });
    const load = new PreparedPbocLoad({
      link,
      authority: this.#authority,
      terms,
      mark: { beforeMinor: minorUnits(beforeMinor), counter: challenge.value.counter },
      overdraftLimit,
      cardNumber: numberBytes,
      mac2,
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

/** The ATR that a reader makes up for a contactless card: T=0 and T=1 and 14443-4 historical bytes (PC/SC part 3, 3.1.3.2.3.1). */
function isContactless(atr: Uint8Array): boolean {
  return ((atr[1] ?? 0) & 0xf0) === 0x80 && atr[2] === 0x80 && atr[3] === 0x01;
}

function logRow(record: LogRecord, unitMinor: number): CardLogRow {
  return {
    counter: record.counter,
    kind: rowKind(record.transactionType),
    amountMinor: minorUnits(record.amount * unitMinor),
    at: record.dateTime,
    terminal: record.terminal,
  };
}

function rowKind(transactionType: number): CardLogRow['kind'] {
  switch (transactionType) {
    case transactionTypes.loadEd:
    case transactionTypes.loadEp:
      return 'load';
    case transactionTypes.purchaseEd:
    case transactionTypes.purchaseEp:
    case transactionTypes.composite:
      return 'purchase';
    default:
      return 'other';
  }
}
