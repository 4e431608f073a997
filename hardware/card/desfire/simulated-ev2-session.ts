import { SimulatedAesKey } from './simulated-aes.ts';
import {
  type Bytes,
  decipherBlocks,
  encipherBlocks,
  noChain,
  padded,
  simulatedCmac,
} from './simulated-cipher.ts';
import {
  type SimulatedCommMode,
  type SimulatedNative,
  type SimulatedSession,
  sameNumbers,
} from './simulated-session.ts';

export type SimulatedEv2Secrets = {
  readonly enciphering: SimulatedAesKey;
  readonly sealing: SimulatedAesKey;
};

/** The two keys of a session, from the key that both sides hold and what each threw in (AN12343, cards.md 2.4). */
export function ev2Secrets(key: SimulatedAesKey, rndA: Bytes, rndB: Bytes): SimulatedEv2Secrets {
  const mixed = rndA.slice(2, 8).map((byte, at) => byte ^ (rndB[at] ?? 0));
  const context = [...rndA.slice(0, 2), ...mixed, ...rndB.slice(6), ...rndA.slice(8)];
  const derive = (label: Bytes) =>
    new SimulatedAesKey(
      Uint8Array.from(simulatedCmac(key, [...label, 0x00, 0x01, 0x00, 0x80, ...context])),
    );
  return { enciphering: derive([0xa5, 0x5a]), sealing: derive([0x5a, 0xa5]) };
}

/** Eight bytes of a CMAC: every second, from the second on. */
export function everySecond(mac: Bytes): Bytes {
  return mac.filter((_, at) => at % 2 === 1);
}

/**
 * EV2 secure messaging (cards.md 2.4). Commands are counted, protected or not, and each MAC is over its command's number: none
 * can be left out, doubled or swapped.
 */
export class SimulatedEv2Session implements SimulatedSession {
  readonly keyNumber: number;
  readonly #secrets: SimulatedEv2Secrets;
  readonly #transaction: Bytes;
  #commands = 0;

  /** `transaction`: the four bytes that the card made up for this session (TI). */
  constructor(keyNumber: number, secrets: SimulatedEv2Secrets, transaction: Bytes) {
    this.keyNumber = keyNumber;
    this.#secrets = secrets;
    this.#transaction = transaction;
  }

  restLength(dataLength: number, mode: SimulatedCommMode): number {
    if (mode === 'plain') return dataLength;
    const enciphered = mode === 'full' && dataLength > 0;
    return (enciphered ? (Math.floor(dataLength / 16) + 1) * 16 : dataLength) + 8;
  }

  open({ ins, header, dataLength, rest }: SimulatedNative, mode: SimulatedCommMode): Bytes | null {
    if (mode === 'plain') return rest;
    const body = rest.slice(0, -8);
    const mac = this.#mac(ins, [...header, ...body]);
    if (!sameNumbers(mac, rest.slice(-8))) return null;
    if (mode === 'mac' || dataLength === 0) return body;
    const clear = decipherBlocks(this.#secrets.enciphering, this.#chain([0xa5, 0x5a]), body);
    const data = clear.slice(0, dataLength);
    return sameNumbers(clear, padded(data)) ? data : null;
  }

  seal(data: Bytes, mode: SimulatedCommMode): Bytes {
    this.#commands += 1;
    if (mode === 'plain') return data;
    const enciphered = mode === 'full' && data.length > 0;
    const body = enciphered
      ? encipherBlocks(this.#secrets.enciphering, this.#chain([0x5a, 0xa5]), padded(data))
      : data;
    return [...body, ...this.#mac(0x00, body)];
  }

  #mac(insOrStatus: number, message: Bytes): Bytes {
    const counted = [insOrStatus, ...this.#counter, ...this.#transaction, ...message];
    return everySecond(simulatedCmac(this.#secrets.sealing, counted));
  }

  #chain(label: Bytes): Bytes {
    const block = [...label, ...this.#transaction, ...this.#counter, ...noChain.slice(0, 8)];
    return encipherBlocks(this.#secrets.enciphering, noChain, block);
  }

  get #counter(): Bytes {
    return [this.#commands & 0xff, this.#commands >> 8];
  }
}
