import { type KeyObject, timingSafeEqual } from 'node:crypto';
import { joinBytes } from '../bytes.ts';
import { aesKey, blockBytes, cmac, decipher, encipher, rotated, zeroIv } from './aes-cmac.ts';
import type { ProtectionMode } from './authority.ts';
import { crc32Bytes } from './crc32.ts';
import {
  type BeginAuthentication,
  macBytes,
  type SecureSession,
  splitMac,
} from './secure-session.ts';

const statusOk = Uint8Array.of(0x00);
const crcBytes = 4;

/** AuthenticateAES (AA; cards.md 2.3). */
export const beginEv1: BeginAuthentication = (key, challenge, rndA) => {
  const rndB = decipher(key, zeroIv, challenge);
  const response = encipher(key, challenge, joinBytes(rndA, rotated(rndB)));
  return {
    response,
    finish(answer) {
      if (answer.length !== blockBytes) return null;
      const shown = decipher(key, response.subarray(-blockBytes), answer);
      if (!timingSafeEqual(shown, rotated(rndA))) return null;
      const sessionKey = joinBytes(
        rndA.subarray(0, 4),
        rndB.subarray(0, 4),
        rndA.subarray(12),
        rndB.subarray(12),
      );
      return new Ev1Session(aesKey(sessionKey));
    },
  };
};

/** EV1 secure messaging with an AES key: one IV that runs through all commands and answers (cards.md 2.3). */
class Ev1Session implements SecureSession {
  readonly #key: KeyObject;
  #iv: Uint8Array = zeroIv;

  constructor(key: KeyObject) {
    this.#key = key;
  }

  protect(mode: ProtectionMode, ins: number, header: Uint8Array, data: Uint8Array): Uint8Array {
    const command = joinBytes(Uint8Array.of(ins), header, data);
    if (mode === 'full') {
      const plain = joinBytes(data, crc32Bytes(command));
      const padded = new Uint8Array(Math.ceil(plain.length / blockBytes) * blockBytes);
      padded.set(plain);
      return this.#chained(encipher(this.#key, this.#iv, padded));
    }
    this.#iv = cmac(this.#key, command, this.#iv);
    return mode === 'mac' ? joinBytes(data, this.#iv.subarray(0, macBytes)) : data;
  }

  verify(mode: ProtectionMode, lengthBytes: number, answer: Uint8Array): Uint8Array | null {
    return mode === 'full' ? this.#decipher(lengthBytes, answer) : this.#verifyMac(answer);
  }

  #verifyMac(answer: Uint8Array): Uint8Array | null {
    const parts = splitMac(answer);
    if (parts === null) return null;
    this.#iv = cmac(this.#key, joinBytes(parts.payload, statusOk), this.#iv);
    return timingSafeEqual(parts.mac, this.#iv.subarray(0, macBytes)) ? parts.payload : null;
  }

  #decipher(lengthBytes: number, answer: Uint8Array): Uint8Array | null {
    const padded = Math.ceil((lengthBytes + crcBytes) / blockBytes) * blockBytes;
    if (answer.length !== padded) return null;
    const plain = decipher(this.#key, this.#iv, answer);
    this.#chained(answer);
    const data = plain.subarray(0, lengthBytes);
    const checked = joinBytes(data, crc32Bytes(joinBytes(data, statusOk)));
    const expected = new Uint8Array(padded);
    expected.set(checked);
    return timingSafeEqual(plain, expected) ? data : null;
  }

  #chained(enciphered: Uint8Array): Uint8Array {
    this.#iv = enciphered.slice(-blockBytes);
    return enciphered;
  }
}
