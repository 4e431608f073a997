import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { joinBytes } from '../bytes.ts';
import { aesKey, blockBytes, cmac, decipher, encipher, rotated, zeroIv } from './aes-cmac.ts';
import type { ProtectionMode } from './authority.ts';
import { type BeginAuthentication, type SecureSession, splitMac } from './secure-session.ts';
import { truncatedMac } from './truncated-mac.ts';

const statusOk = Uint8Array.of(0x00);

/** AuthenticateEV2First (71; cards.md 2.4). The card's capabilities, which its last answer ends with, are not looked at. */
export const beginEv2: BeginAuthentication = (key, challenge, rndA) => {
  const rndB = decipher(key, zeroIv, challenge);
  return {
    response: encipher(key, zeroIv, joinBytes(rndA, rotated(rndB))),
    finish(answer) {
      if (answer.length !== 2 * blockBytes) return null;
      const shown = decipher(key, zeroIv, answer);
      if (!timingSafeEqual(shown.subarray(4, 20), rotated(rndA))) return null;
      const context = joinBytes(
        rndA.subarray(0, 2),
        rndA.subarray(2, 8).map((byte, at) => byte ^ (rndB[at] ?? 0)),
        rndB.subarray(6),
        rndA.subarray(8),
      );
      const sessionKey = (first: number, second: number): KeyObject =>
        aesKey(cmac(key, joinBytes(Uint8Array.of(first, second, 0x00, 0x01, 0x00, 0x80), context)));
      return new Ev2Session({
        encryptionKey: sessionKey(0xa5, 0x5a),
        macKey: sessionKey(0x5a, 0xa5),
        transaction: shown.slice(0, 4),
      });
    },
  };
};

export type Ev2SessionParts = {
  readonly encryptionKey: KeyObject;
  readonly macKey: KeyObject;
  /** TI, 4 bytes. */
  readonly transaction: Uint8Array;
};

/** EV2 secure messaging: a counter of commands goes into every MAC and every IV (cards.md 2.4). */
export class Ev2Session implements SecureSession {
  readonly #parts: Ev2SessionParts;
  #commands = 0;

  constructor(parts: Ev2SessionParts) {
    this.#parts = parts;
  }

  protect(mode: ProtectionMode, ins: number, header: Uint8Array, data: Uint8Array): Uint8Array {
    if (mode === 'plain') return data;
    const sent = mode === 'full' && data.length > 0 ? this.#encipher(data) : data;
    const mac = this.#mac(Uint8Array.of(ins), joinBytes(header, sent));
    return joinBytes(sent, mac);
  }

  verify(mode: ProtectionMode, lengthBytes: number, answer: Uint8Array): Uint8Array | null {
    this.#commands += 1;
    if (mode === 'plain') return answer;
    const parts = splitMac(answer);
    if (parts === null) return null;
    const { payload, mac } = parts;
    if (!timingSafeEqual(mac, this.#mac(statusOk, payload))) return null;
    return mode === 'full' && payload.length > 0 ? this.#decipher(lengthBytes, payload) : payload;
  }

  #encipher(data: Uint8Array): Uint8Array {
    return encipher(this.#parts.encryptionKey, this.#iv(0xa5, 0x5a), padded(data));
  }

  #decipher(lengthBytes: number, payload: Uint8Array): Uint8Array | null {
    if (payload.length % blockBytes !== 0) return null;
    const plain = decipher(this.#parts.encryptionKey, this.#iv(0x5a, 0xa5), payload);
    const data = plain.subarray(0, lengthBytes);
    const expected = padded(data);
    return plain.length === expected.length && timingSafeEqual(plain, expected) ? data : null;
  }

  #mac(first: Uint8Array, rest: Uint8Array): Uint8Array {
    const { macKey, transaction } = this.#parts;
    return truncatedMac(macKey, joinBytes(first, this.#counter(), transaction, rest));
  }

  #iv(first: number, second: number): Uint8Array {
    const { encryptionKey, transaction } = this.#parts;
    const head = joinBytes(Uint8Array.of(first, second), transaction, this.#counter());
    const block = new Uint8Array(blockBytes);
    block.set(head);
    return encipher(encryptionKey, zeroIv, block);
  }

  #counter(): Uint8Array {
    return Uint8Array.of(this.#commands & 0xff, (this.#commands >> 8) & 0xff);
  }
}

/** 80 00… always: a whole block where the data fill theirs. */
function padded(data: Uint8Array): Uint8Array {
  const blocks = new Uint8Array(Math.floor(data.length / blockBytes + 1) * blockBytes);
  blocks.set(data);
  blocks[data.length] = 0x80;
  return blocks;
}
