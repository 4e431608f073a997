import { timingSafeEqual } from 'node:crypto';
import { appletOf, type DeedAnswer, handle } from '../../sam/deed.ts';
import type { SamApplet } from '../../sam/port.ts';
import { joinBytes, readUint, sameBytes, uint16Bytes, uint32Bytes } from '../bytes.ts';
import {
  authoriseLoad,
  type LoadPermission,
  type LoadRequest,
  type TacClaim,
  type TacJudgement,
  verifyTac,
} from './authority.ts';
import { diversify, loadSessionKey, mac4, tacSessionKey } from './load-mac.ts';

/**
 * By the first two bytes of the card number, four times over, or by the whole of it (cards.md 1.6: one level, or the city
 * first and then the serial number).
 */
export type DiversificationLevel = 'city-code' | 'card-number';

/** Two-key triple-DES keys, 16 bytes each. */
export type SoftwarePbocKeys = {
  /** Load keys (MLK) by key version. */
  readonly load: readonly { readonly version: number; readonly key: Uint8Array }[];
  /** The key of transaction authentication codes (MTK). */
  readonly tac: Uint8Array;
  /** How a card's own keys come from these, one level after the other; empty: these are the cards' keys themselves. */
  readonly diversification: readonly DiversificationLevel[];
};

/** So many loads are remembered, for a question that is put again. */
const rememberedLoads = 10_000;
const algorithmTripleDes = 0x00;

/** What answers for PBOC cards with keys in memory: for tests and the simulated station only. */
export function softwarePboc(keys: SoftwarePbocKeys): SamApplet {
  const authority = new SoftwarePboc(keys);
  return appletOf([
    handle(authoriseLoad, (request) => authority.authoriseLoad(request)),
    handle(verifyTac, (claim) => authority.verifyTac(claim)),
  ]);
}

/**
 * A load is authorised once. The same question is given the same MAC2 again. The same reference with a new challenge is
 * given a new MAC2 only while the card's on-line counter, for which MAC1 vouches, is still that of the first challenge: the
 * card has then not been loaded since, and the first MAC2 died with the random number it was made for (the card was pulled
 * before CREDIT, or did not accept it). Once the counter has moved the first MAC2 may be what moved it: refused.
 */
class SoftwarePboc {
  readonly #loadKeys: ReadonlyMap<number, Uint8Array>;
  readonly #tacKey: Uint8Array;
  readonly #diversification: readonly DiversificationLevel[];
  readonly #authorised = new Map<string, { request: LoadRequest; mac2: Uint8Array }>();

  constructor(keys: SoftwarePbocKeys) {
    for (const key of [keys.tac, ...keys.load.map((load) => load.key)]) {
      if (key.length !== 16) throw new RangeError('a key has 16 bytes');
    }
    this.#loadKeys = new Map(keys.load.map(({ version, key }) => [version, Uint8Array.from(key)]));
    this.#tacKey = Uint8Array.from(keys.tac);
    this.#diversification = [...keys.diversification];
  }

  authoriseLoad(request: LoadRequest): DeedAnswer<LoadPermission> {
    const { cardNumber, terminalId, dateTime } = request;
    const challenge = splitChallenge(request.challenge);
    const masterKey = this.#loadKeys.get(challenge.keyVersion);
    if (masterKey === undefined) return failed(`no load key of version ${challenge.keyVersion}`);
    if (challenge.algorithm !== algorithmTripleDes) {
      return failed(`algorithm ${challenge.algorithm} is not known`);
    }

    const cardKey = this.#cardKey(masterKey, cardNumber);
    const sessionKey = loadSessionKey(cardKey, challenge.random, challenge.counter);
    const amount = uint32Bytes(request.amount);
    const type = Uint8Array.of(request.transactionType);
    const mac1 = mac4(sessionKey, joinBytes(challenge.balance, amount, type, terminalId));
    if (!timingSafeEqual(mac1, challenge.mac1)) return done({ mac2: null });

    const earlier = this.#authorised.get(request.reference);
    if (earlier !== undefined) {
      switch (putAgain(earlier.request, request)) {
        case 'same-question':
          return done({ mac2: earlier.mac2 });
        case 'another-load':
          return failed('this reference was authorised before, for another load');
        case 'loaded-since':
          return failed('this reference was authorised before, and the card was loaded since');
        case 'not-loaded-since':
          break;
      }
    }
    const mac2 = mac4(sessionKey, joinBytes(amount, type, terminalId, dateTime));
    this.#remember(request, mac2);
    return done({ mac2 });
  }

  verifyTac(claim: TacClaim): DeedAnswer<TacJudgement> {
    const tac = mac4(
      tacSessionKey(this.#cardKey(this.#tacKey, claim.cardNumber)),
      joinBytes(
        uint32Bytes(claim.balanceAfter),
        uint16Bytes(claim.counter),
        uint32Bytes(claim.amount),
        Uint8Array.of(claim.transactionType),
        claim.terminalId,
        claim.dateTime,
      ),
    );
    return done({ genuine: sameBytes(tac, claim.tac) });
  }

  #cardKey(masterKey: Uint8Array, cardNumber: Uint8Array): Uint8Array {
    return this.#diversification.reduce(
      (key, level) => diversify(key, diversificationFactor(level, cardNumber)),
      masterKey,
    );
  }

  #remember(request: LoadRequest, mac2: Uint8Array): void {
    this.#authorised.delete(request.reference);
    this.#authorised.set(request.reference, { request, mac2 });
    for (const oldest of this.#authorised.keys()) {
      if (this.#authorised.size <= rememberedLoads) break;
      this.#authorised.delete(oldest);
    }
  }
}

function diversificationFactor(level: DiversificationLevel, cardNumber: Uint8Array): Uint8Array {
  if (level === 'card-number') return cardNumber;
  return cardNumber.map((_, at) => cardNumber[at % 2] ?? 0);
}

function done<Answer>(answer: Answer): DeedAnswer<Answer> {
  return { kind: 'done', answer };
}

function failed(detail: string) {
  return { kind: 'failed', detail } as const;
}

/** The fields of the answer to INITIALIZE FOR LOAD (cards.md 1.6). */
function splitChallenge(bytes: Uint8Array) {
  return {
    balance: bytes.subarray(0, 4),
    counter: bytes.subarray(4, 6),
    keyVersion: readUint(bytes, 6, 1),
    algorithm: readUint(bytes, 7, 1),
    random: bytes.subarray(8, 12),
    mac1: bytes.subarray(12, 16),
  };
}

/** How a reference that was authorised before is asked for again. */
function putAgain(
  earlier: LoadRequest,
  now: LoadRequest,
): 'same-question' | 'not-loaded-since' | 'loaded-since' | 'another-load' {
  const sameLoad =
    earlier.transactionType === now.transactionType &&
    earlier.amount === now.amount &&
    sameBytes(earlier.cardNumber, now.cardNumber) &&
    sameBytes(earlier.terminalId, now.terminalId) &&
    sameBytes(earlier.dateTime, now.dateTime);
  if (!sameLoad) return 'another-load';
  if (sameBytes(earlier.challenge, now.challenge)) return 'same-question';
  const counterBefore = splitChallenge(earlier.challenge).counter;
  const counterNow = splitChallenge(now.challenge).counter;
  return sameBytes(counterBefore, counterNow) ? 'not-loaded-since' : 'loaded-since';
}
