import type { SimulatedCard } from '../simulated.ts';
import { SimulatedAesKey } from './simulated-aes.ts';
import {
  type Bytes,
  decipherBlocks,
  encipherBlocks,
  noChain,
  simulatedCardKey,
} from './simulated-cipher.ts';
import { ev2Secrets } from './simulated-ev2-session.ts';
import {
  SimulatedSamEv1,
  SimulatedSamEv2,
  type SimulatedSamSession,
} from './simulated-sam-session.ts';
import { sameNumbers } from './simulated-session.ts';

export type SimulatedDesfireSamParts = {
  /** AES-128 keys, 16 bytes each, by entry and version. */
  readonly keys: readonly {
    readonly entry: number;
    readonly version: number;
    readonly key: Uint8Array;
  }[];
  /** RndA: 16 bytes for each authentication. */
  readonly random: () => Uint8Array;
  /** Its owner has locked it: it does nothing for cards. */
  readonly locked?: boolean;
};

type Command = {
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Bytes;
  readonly hasLe: boolean;
};

/** What an authentication that the card has not finished yet will make. */
type Begun = {
  readonly answerBytes: number;
  /** Null where the card does not hold the key. */
  finish(answer: Bytes): { readonly said: Bytes; readonly session: SimulatedSamSession } | null;
};

const done = [0x90, 0x00];
const more = [0x90, 0xaf];
const notGenuine = [0x90, 0x1e];
const wrongLength = [0x67, 0x00];
const wrongParameters = [0x6a, 0x86];
const notNow = [0x69, 0x85];

/**
 * An NXP SAM AV3 in S-mode as far as a DESFire load needs one, by the bytes. It computes with the simulated card's own
 * AES, holds one session, refuses what it does not know, and forgets the session at power-off and at whatever is wrong.
 */
export class SimulatedDesfireSam implements SimulatedCard {
  readonly label = 'NXP SAM';
  readonly #parts: SimulatedDesfireSamParts;
  #powered = false;
  #begun: Begun | null = null;
  #session: SimulatedSamSession | null = null;
  /** Frames of a command whose last has not come. */
  #chained: { readonly ins: number; readonly data: Bytes } | null = null;

  constructor(parts: SimulatedDesfireSamParts) {
    this.#parts = parts;
  }

  powerOn(): Uint8Array {
    this.powerOff();
    this.#powered = true;
    return Uint8Array.of(0x3b, 0x80, 0x01, 0x81);
  }

  powerOff(): void {
    this.#powered = false;
    this.#forget();
  }

  exchange(bytes: Uint8Array): Uint8Array {
    if (!this.#powered) throw new Error('the SAM has no power');
    if (bytes[0] !== 0x80) return Uint8Array.of(0x6e, 0x00);
    const command = takenApart(bytes);
    return Uint8Array.from(command === null ? wrongLength : this.#answer(command));
  }

  #answer(command: Command): Bytes {
    const begun = this.#begun;
    this.#begun = null;
    if (begun !== null) {
      // Whatever else comes in between ends the authentication, and is itself not carried out.
      return command.ins === 0x0a ? this.#finish(begun, command) : [0x68, 0x83];
    }
    switch (command.ins) {
      case 0x60:
        return [...new Array<number>(30).fill(0x04), 0xa3, ...done];
      case 0xca:
        return this.#kill(command);
      case 0x0a:
        return this.#parts.locked === true ? notNow : this.#begin(command);
      case 0xae:
      case 0xad:
      case 0x7c:
      case 0x5c:
      case 0xed:
      case 0xdd:
        return this.#secureMessaging(command);
      default:
        return [0x6d, 0x00];
    }
  }

  #forget(): void {
    this.#begun = null;
    this.#session = null;
    this.#chained = null;
  }

  #kill({ p1, p2, data }: Command): Bytes {
    if (p1 > 0x01 || p2 !== 0x00) return wrongParameters;
    if (data.length > 0) return wrongLength;
    this.#forget();
    return done;
  }

  #begin({ p1, p2, data, hasLe }: Command): Bytes {
    this.#forget();
    if (p2 !== 0x00 || ![0x00, 0x11, 0x80, 0x91].includes(p1)) return wrongParameters;
    const ev2 = p1 >= 0x80;
    const head = ev2 ? 3 : 2;
    const input = data.slice(head + 16);
    const mostInput = p1 & 0x01 ? 31 : 0;
    if (!hasLe || data.length < head + 16 || input.length > mostInput) return wrongLength;
    if ((p1 & 0x01) === 0x01 && input.length === 0) return wrongLength;
    if (ev2 && data[2] !== 0x00) return [0x6a, 0x80];
    const entries = this.#parts.keys.filter(({ entry }) => entry === data[0]);
    if (entries.length === 0) return [0x65, 0x02];
    const found = entries.find(({ version }) => version === data[1]);
    if (found === undefined) return [0x6a, 0x82];
    const own = p1 & 0x01 ? simulatedCardKey(found.key, Uint8Array.from(input)) : found.key;
    const key = new SimulatedAesKey(own);
    const challenge = data.slice(head, head + 16);
    const rndB = decipherBlocks(key, noChain, challenge);
    const rndA = [...this.#parts.random()];
    const response = encipherBlocks(key, ev2 ? noChain : challenge, [...rndA, ...turned(rndB)]);
    this.#begun = ev2 ? begunEv2(key, rndA, rndB) : begunEv1(key, rndA, rndB, response.slice(-16));
    return [...response, ...more];
  }

  #finish({ answerBytes, finish }: Begun, { p1, p2, data, hasLe }: Command): Bytes {
    if (p1 !== 0x00 || p2 !== 0x00) return wrongParameters;
    if (data.length !== answerBytes || hasLe !== (answerBytes === 32)) return wrongLength;
    const finished = finish(data);
    if (finished === null) return notGenuine;
    this.#session = finished.session;
    return [...finished.said, ...done];
  }

  #secureMessaging({ ins, p1, p2, data, hasLe }: Command): Bytes {
    const session = this.#session;
    const earlier = this.#chained;
    this.#chained = null;
    if (session === null) return notNow;
    if (p1 !== 0x00 && p1 !== 0xaf) return wrongParameters;
    if (data.length === 0 || hasLe !== (ins !== 0x5c)) return wrongLength;
    if (earlier !== null && earlier.ins !== ins) return [0x68, 0x83];
    const all = [...(earlier?.data ?? []), ...data];
    if (p1 === 0xaf) {
      this.#chained = { ins, data: all };
      return more;
    }
    const outcome = session.process(ins, p2, all);
    if (outcome === 'not-mine') return notNow;
    if (outcome === 'not-genuine') {
      this.#forget();
      return notGenuine;
    }
    return [...outcome, ...done];
  }
}

function begunEv1(key: SimulatedAesKey, rndA: Bytes, rndB: Bytes, chain: Bytes): Begun {
  return {
    answerBytes: 16,
    finish: (answer) =>
      sameNumbers(decipherBlocks(key, chain, answer), turned(rndA))
        ? { said: [], session: new SimulatedSamEv1(rndA, rndB) }
        : null,
  };
}

function begunEv2(key: SimulatedAesKey, rndA: Bytes, rndB: Bytes): Begun {
  return {
    answerBytes: 32,
    finish: (answer) => {
      const clear = decipherBlocks(key, noChain, answer);
      if (!sameNumbers(clear.slice(4, 20), turned(rndA))) return null;
      const session = new SimulatedSamEv2(ev2Secrets(key, rndA, rndB), clear.slice(0, 4));
      return { said: clear.slice(20), session };
    },
  };
}

function turned([first = 0, ...others]: Bytes): Bytes {
  return [...others, first];
}

/** ISO 7816-3 12.1.3, short; null where the length fits none of the four cases. */
function takenApart(bytes: Uint8Array): Command | null {
  const [, ins, p1, p2, p3] = bytes;
  if (ins === undefined || p1 === undefined || p2 === undefined) return null;
  const header = { ins, p1, p2 };
  if (p3 === undefined) return { ...header, data: [], hasLe: false };
  if (bytes.length === 5) return { ...header, data: [], hasLe: true };
  const data = [...bytes.subarray(5, 5 + p3)];
  if (p3 === 0 || data.length !== p3 || bytes.length > 6 + p3) return null;
  return { ...header, data, hasLe: bytes.length === 6 + p3 };
}
