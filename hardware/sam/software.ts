import { timingSafeEqual } from 'node:crypto';
import { type Health, up } from '../../main/contract/device.ts';
import { joinBytes, readUint, sameBytes, uint16Bytes, uint32Bytes } from '../card/bytes.ts';
import { diversify, loadSessionKey, mac4, tacSessionKey } from './pboc-mac.ts';
import type { AuthoriseAnswer, LoadRequest, Sam, TacAnswer, TacClaim } from './port.ts';

/** Two-key triple-DES keys, 16 bytes each. */
export type SoftwareSamKeys = {
  /** Load keys (MLK) by key version. */
  readonly load: readonly { readonly version: number; readonly key: Uint8Array }[];
  /** The key of transaction authentication codes (MTK). */
  readonly tac: Uint8Array;
  /** `card-number`: these are master keys and each card has its own; `none`: these are the cards' keys themselves. */
  readonly diversification: 'card-number' | 'none';
};

export type SoftwareSamParts = {
  readonly keys: SoftwareSamKeys;
  /** Called once, at once, with one line. */
  readonly onWarning: (warning: string) => void;
};

/** So many loads are remembered, for a question that is put again. */
const rememberedLoads = 10_000;
const algorithmTripleDes = 0x00;

/**
 * The PBOC load authority with its keys in memory: for tests and the simulated station only, and it says so.
 *
 * A load is authorised once. The same question is given the same MAC2 again. The same reference with a new challenge is
 * given a new MAC2 only while the card's on-line counter, for which MAC1 vouches, is still that of the first challenge: the
 * card has then not been loaded since, and the first MAC2 died with the random number it was made for (the card was pulled
 * before CREDIT, or did not accept it). Once the counter has moved the first MAC2 may be what moved it: refused.
 */
export class SoftwareSam implements Sam {
  readonly #loadKeys: ReadonlyMap<number, Uint8Array>;
  readonly #tacKey: Uint8Array;
  readonly #diversified: boolean;
  readonly #authorised = new Map<string, { request: LoadRequest; mac2: Uint8Array }>();

  constructor({ keys, onWarning }: SoftwareSamParts) {
    for (const key of [keys.tac, ...keys.load.map((load) => load.key)]) {
      if (key.length !== 16) throw new RangeError('a key has 16 bytes');
    }
    this.#loadKeys = new Map(keys.load.map(({ version, key }) => [version, Uint8Array.from(key)]));
    this.#tacKey = Uint8Array.from(keys.tac);
    this.#diversified = keys.diversification === 'card-number';
    onWarning('software SAM: test keys only, held in memory, never for real money');
  }

  watch(onHealth: (health: Health) => void): () => void {
    onHealth(up);
    return () => {};
  }

  async authoriseLoad(request: LoadRequest): Promise<AuthoriseAnswer> {
    const { cardNumber, terminalId, dateTime } = request;
    const wrongLength =
      lengthFault('challenge', request.challenge, 16) ??
      lengthFault('card number', cardNumber, 8) ??
      lengthFault('terminal id', terminalId, 6) ??
      lengthFault('date and time', dateTime, 7);
    if (wrongLength !== null) return failed(wrongLength);
    const challenge = splitChallenge(request.challenge);
    const masterKey = this.#loadKeys.get(challenge.keyVersion);
    if (masterKey === undefined) return failed(`no load key of version ${challenge.keyVersion}`);
    if (challenge.algorithm !== algorithmTripleDes) {
      return failed(`algorithm ${challenge.algorithm} is not known`);
    }

    const cardKey = this.#cardKey(masterKey, cardNumber);
    const sessionKey = loadSessionKey(cardKey, challenge.random, challenge.counter);
    const amount = uint32Bytes(request.amountMinor);
    const type = Uint8Array.of(request.transactionType);
    const mac1 = mac4(sessionKey, joinBytes(challenge.balance, amount, type, terminalId));
    if (!timingSafeEqual(mac1, challenge.mac1)) return { kind: 'mac1-invalid' };

    const earlier = this.#authorised.get(request.reference);
    if (earlier !== undefined) {
      switch (putAgain(earlier.request, request)) {
        case 'same-question':
          return { kind: 'done', mac2: earlier.mac2.slice() };
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
    return { kind: 'done', mac2: mac2.slice() };
  }

  async verifyTac(claim: TacClaim): Promise<TacAnswer> {
    const wrongLength = lengthFault('card number', claim.cardNumber, 8);
    if (wrongLength !== null) return failed(wrongLength);
    const tac = mac4(
      tacSessionKey(this.#cardKey(this.#tacKey, claim.cardNumber)),
      joinBytes(
        uint32Bytes(claim.balanceAfterMinor),
        uint16Bytes(claim.counter),
        uint32Bytes(claim.amountMinor),
        Uint8Array.of(claim.transactionType),
        claim.terminalId,
        claim.dateTime,
      ),
    );
    return sameBytes(tac, claim.tac) ? { kind: 'genuine' } : { kind: 'false' };
  }

  async close(): Promise<void> {
    this.#authorised.clear();
  }

  #cardKey(masterKey: Uint8Array, cardNumber: Uint8Array): Uint8Array {
    return this.#diversified ? diversify(masterKey, cardNumber) : masterKey;
  }

  #remember(request: LoadRequest, mac2: Uint8Array): void {
    this.#authorised.delete(request.reference);
    const challenge = Uint8Array.from(request.challenge);
    this.#authorised.set(request.reference, { request: { ...request, challenge }, mac2 });
    for (const oldest of this.#authorised.keys()) {
      if (this.#authorised.size <= rememberedLoads) break;
      this.#authorised.delete(oldest);
    }
  }
}

function failed(detail: string) {
  return { kind: 'failed', detail } as const;
}

function lengthFault(what: string, bytes: Uint8Array, expected: number): string | null {
  return bytes.length === expected ? null : `${what} of ${bytes.length} bytes, not ${expected}`;
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
    earlier.amountMinor === now.amountMinor &&
    sameBytes(earlier.cardNumber, now.cardNumber) &&
    sameBytes(earlier.terminalId, now.terminalId) &&
    sameBytes(earlier.dateTime, now.dateTime);
  if (!sameLoad) return 'another-load';
  if (sameBytes(earlier.challenge, now.challenge)) return 'same-question';
  const counterBefore = splitChallenge(earlier.challenge).counter;
  const counterNow = splitChallenge(now.challenge).counter;
  return sameBytes(counterBefore, counterNow) ? 'not-loaded-since' : 'loaded-since';
}
