import { SimulatedAesKey } from './simulated-aes.ts';
import {
  type Bytes,
  decipherBlocks,
  encipherBlocks,
  noChain,
  simulatedCmac,
} from './simulated-cipher.ts';
import { crc32 } from './simulated-crc.ts';
import {
  type SimulatedCommMode,
  type SimulatedNative,
  type SimulatedSession,
  sameNumbers,
} from './simulated-session.ts';

/**
 * EV1 secure messaging (cards.md 2.3). One chain runs through the whole session: each command and each answer goes into it,
 * protected or not, so neither can be left out, doubled or swapped.
 */
export class SimulatedEv1Session implements SimulatedSession {
  readonly keyNumber: number;
  readonly #key: SimulatedAesKey;
  #chain = noChain;

  constructor(keyNumber: number, rndA: Bytes, rndB: Bytes) {
    this.keyNumber = keyNumber;
    const ends = [rndA.slice(0, 4), rndB.slice(0, 4), rndA.slice(12), rndB.slice(12)];
    this.#key = new SimulatedAesKey(Uint8Array.from(ends.flat()));
  }

  restLength(dataLength: number, mode: SimulatedCommMode): number {
    if (dataLength === 0 || mode === 'plain') return dataLength;
    return mode === 'mac' ? dataLength + 8 : Math.ceil((dataLength + 4) / 16) * 16;
  }

  open(command: SimulatedNative, mode: SimulatedCommMode): Bytes | null {
    const { ins, header, dataLength, rest } = command;
    if (mode === 'full' && dataLength > 0) return this.#decipher(command);
    const data = rest.slice(0, dataLength);
    const mac = this.#mac([ins, ...header, ...data]);
    return rest.length === dataLength || sameNumbers(mac, rest.slice(dataLength)) ? data : null;
  }

  seal(data: Bytes, mode: SimulatedCommMode): Bytes {
    const answered = [...data, 0x00];
    if (mode !== 'full' || data.length === 0) return [...data, ...this.#mac(answered)];
    const clear = zeroPadded([...data, ...crc32(answered)]);
    const secret = encipherBlocks(this.#key, this.#chain, clear);
    this.#chain = secret.slice(-16);
    return secret;
  }

  #decipher({ ins, header, dataLength, rest }: SimulatedNative): Bytes | null {
    const clear = decipherBlocks(this.#key, this.#chain, rest);
    this.#chain = rest.slice(-16);
    const data = clear.slice(0, dataLength);
    const expected = zeroPadded([...data, ...crc32([ins, ...header, ...data])]);
    return sameNumbers(clear, expected) ? data : null;
  }

  #mac(message: Bytes): Bytes {
    this.#chain = simulatedCmac(this.#key, message, this.#chain);
    return this.#chain.slice(0, 8);
  }
}

function zeroPadded(message: Bytes): Bytes {
  return [...message, ...noChain.slice(0, (16 - (message.length % 16)) % 16)];
}
