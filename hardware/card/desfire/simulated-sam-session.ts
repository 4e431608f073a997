import { SimulatedAesKey } from './simulated-aes.ts';
import {
  type Bytes,
  decipherBlocks,
  encipherBlocks,
  noChain,
  padded,
  simulatedCmac,
} from './simulated-cipher.ts';
import { crc32 } from './simulated-crc.ts';
import { everySecond, type SimulatedEv2Secrets } from './simulated-ev2-session.ts';
import { sameNumbers } from './simulated-session.ts';

/** The terminal's end of secure messaging, as a SAM keeps it. */
export interface SimulatedSamSession {
  /** One command to the SAM, all its frames together. `not-mine`: it is none of this kind of session. */
  process(ins: number, p2: number, data: Bytes): Bytes | 'not-mine' | 'not-genuine';
}

/** EV1 (cards.md 2.3): Generate_MAC, Verify_MAC, Encipher_Data and Decipher_Data on one running chain. */
export class SimulatedSamEv1 implements SimulatedSamSession {
  readonly #key: SimulatedAesKey;
  #chain = noChain;

  constructor(rndA: Bytes, rndB: Bytes) {
    const ends = [rndA.slice(0, 4), rndB.slice(0, 4), rndA.slice(12), rndB.slice(12)];
    this.#key = new SimulatedAesKey(Uint8Array.from(ends.flat()));
  }

  process(ins: number, p2: number, data: Bytes): Bytes | 'not-mine' | 'not-genuine' {
    if (ins === 0xed) return this.#encipher(p2, data);
    if (p2 !== 0x00) return 'not-mine';
    if (ins === 0x7c) return this.#mac(data);
    if (ins === 0x5c) {
      return sameNumbers(this.#mac(data.slice(0, -8)), data.slice(-8)) ? [] : 'not-genuine';
    }
    return ins === 0xdd ? this.#decipher(data) : 'not-mine';
  }

  #mac(message: Bytes): Bytes {
    this.#chain = simulatedCmac(this.#key, message, this.#chain);
    return this.#chain.slice(0, 8);
  }

  #encipher(offset: number, command: Bytes): Bytes {
    const clear = filled([...command.slice(offset), ...crc32(command)]);
    const secret = encipherBlocks(this.#key, this.#chain, clear);
    this.#chain = secret.slice(-16);
    return secret;
  }

  /** Length in 3 bytes, cryptogram, status. */
  #decipher(data: Bytes): Bytes | 'not-genuine' {
    const [low = 0, middle = 0, high = 0] = data;
    const length = low + (middle << 8) + (high << 16);
    const secret = data.slice(3, -1);
    if (secret.length === 0 || secret.length % 16 !== 0) return 'not-genuine';
    const clear = decipherBlocks(this.#key, this.#chain, secret);
    this.#chain = secret.slice(-16);
    const said = clear.slice(0, length);
    const expected = filled([...said, ...crc32([...said, ...data.slice(-1)])]);
    return sameNumbers(clear, expected) ? said : 'not-genuine';
  }
}

/** EV2 (cards.md 2.4): Apply_SM and Remove_SM, with the count of commands. */
export class SimulatedSamEv2 implements SimulatedSamSession {
  readonly #secrets: SimulatedEv2Secrets;
  readonly #transaction: Bytes;
  #commands = 0;

  constructor(secrets: SimulatedEv2Secrets, transaction: Bytes) {
    this.#secrets = secrets;
    this.#transaction = transaction;
  }

  process(ins: number, p2: number, data: Bytes): Bytes | 'not-mine' | 'not-genuine' {
    if (ins === 0xae) return this.#apply(p2, data);
    return ins === 0xad ? this.#remove(p2, data) : 'not-mine';
  }

  #apply(mode: number, data: Bytes): Bytes | 'not-mine' {
    const [first = 0, ...command] = data;
    switch (mode) {
      case 0x00:
        this.#commands += first;
        return command.length === 0 ? [] : 'not-mine';
      case 0x10:
        return this.#mac(first, command);
      case 0x30: {
        const [ins = 0, ...rest] = command;
        const header = rest.slice(0, first - 1);
        const clear = padded(rest.slice(first - 1));
        const secret = encipherBlocks(this.#secrets.enciphering, this.#start([0xa5, 0x5a]), clear);
        return [...secret, ...this.#mac(ins, [...header, ...secret])];
      }
      default:
        return 'not-mine';
    }
  }

  #remove(mode: number, data: Bytes): Bytes | 'not-mine' | 'not-genuine' {
    if (mode !== 0x10 && mode !== 0x30) return 'not-mine';
    const [status = 0, ...rest] = data;
    const body = rest.slice(0, -8);
    this.#commands += 1;
    if (!sameNumbers(this.#mac(status, body), rest.slice(-8))) return 'not-genuine';
    if (mode === 0x10) return [];
    if (body.length === 0 || body.length % 16 !== 0) return 'not-genuine';
    const clear = decipherBlocks(this.#secrets.enciphering, this.#start([0x5a, 0xa5]), body);
    const said = clear.slice(0, clear.lastIndexOf(0x80));
    return sameNumbers(clear, padded(said)) ? said : 'not-genuine';
  }

  #mac(first: number, message: Bytes): Bytes {
    const counted = [first, ...this.#counter, ...this.#transaction, ...message];
    return everySecond(simulatedCmac(this.#secrets.sealing, counted));
  }

  #start(label: Bytes): Bytes {
    const block = [...label, ...this.#transaction, ...this.#counter, ...noChain.slice(0, 8)];
    return encipherBlocks(this.#secrets.enciphering, noChain, block);
  }

  get #counter(): Bytes {
    return [this.#commands & 0xff, this.#commands >> 8];
  }
}

function filled(message: Bytes): Bytes {
  return [...message, ...noChain.slice(0, (16 - (message.length % 16)) % 16)];
}
