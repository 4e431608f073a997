import { aesKey } from '../../../../hardware/card/desfire/aes-cmac.ts';
import { beginEv1 } from '../../../../hardware/card/desfire/ev1-session.ts';
import { beginEv2 } from '../../../../hardware/card/desfire/ev2-session.ts';
import type { SecureSession } from '../../../../hardware/card/desfire/secure-session.ts';
import {
  SimulatedDesfireCard,
  type SimulatedDesfireParts,
} from '../../../../hardware/card/desfire/simulated.ts';
import {
  type SimulatedDesfireProgram,
  simulatedCampusDesfireProgram,
} from '../../../../hardware/card/desfire/simulated-program.ts';
import type { SimulatedCommMode } from '../../../../hardware/card/desfire/simulated-session.ts';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';

export const uid = fromHex('04A1B2C3D4E5F6');
export const cardNumber = '2026030100004477';
/** The issuer's, the one that loads, a gate's. */
const cardKeys = [0xa0, 0xb0, 0xc0].map((byte) => new Uint8Array(16).fill(byte));
export const transactionMacKey = new Uint8Array(16).fill(0xd0);
const rndA = fromHex('000102030405060708090A0B0C0D0E0F');

export function issue(
  program: SimulatedDesfireProgram = simulatedCampusDesfireProgram,
  parts: Partial<SimulatedDesfireParts> = {},
): SimulatedDesfireCard {
  let made = 0;
  return new SimulatedDesfireCard({
    program,
    uid,
    number: cardNumber,
    keys: cardKeys,
    ...(program.transactionMacFile === null ? {} : { transactionMacKey }),
    random: (length) => Uint8Array.from({ length }, () => (made++ * 37) & 0xff),
    balance: 1_234,
    ...parts,
  });
}

/** An answer: what it says in hex, and the status byte after 91. */
export type Said = { readonly data: string; readonly status: string };

/**
 * A terminal at the card: it selects the application and authenticates with the key of that number, if any. Its own half
 * of all cryptography is the kiosk's code, not the card's.
 */
export class Conversation {
  readonly card: SimulatedDesfireCard;
  #session: SecureSession | null = null;

  constructor(card: SimulatedDesfireCard) {
    this.card = card;
    card.powerOn();
  }

  /** Any command as it is, answer in hex. */
  raw(command: string): string {
    return toHex(this.card.exchange(fromHex(command)));
  }

  /** A native command as it is, all its frames asked for. */
  native(ins: number, body: Uint8Array): Said {
    let data = '';
    let answer = this.raw(wrapped(ins, body));
    for (; answer.endsWith('91AF') && ins !== 0xaa && ins !== 0x71; ) {
      data += answer.slice(0, -4);
      answer = this.raw(wrapped(0xaf, new Uint8Array()));
    }
    return { data: data + answer.slice(0, -4), status: answer.slice(-2) };
  }

  select(application: string): this {
    this.#session = null;
    this.native(0x5a, fromHex(application));
    return this;
  }

  authenticate(keyNumber: number, messaging: 'ev1' | 'ev2', key = cardKeys[keyNumber]): string {
    if (key === undefined) throw new RangeError('the card has no such key');
    const [ins, body] = messaging === 'ev1' ? [0xaa, [keyNumber]] : [0x71, [keyNumber, 0]];
    const challenge = this.native(ins, Uint8Array.from(body));
    if (challenge.status !== 'AF') return challenge.status;
    const begin = messaging === 'ev1' ? beginEv1 : beginEv2;
    const begun = begin(aesKey(key), fromHex(challenge.data), rndA);
    const answer = this.native(0xaf, begun.response);
    if (answer.status === '00') this.#session = begun.finish(fromHex(answer.data));
    if (answer.status === '00' && this.#session === null)
      throw new Error('the card is not genuine');
    return answer.status;
  }

  /** A command under the protection of the session; throws where the answer's is wrong. */
  secure(ins: number, header: string, protection: Protection = {}): Said {
    const { comm = 'mac', data = '', lengthBytes = 0, messaging = 'ev2' } = protection;
    const session = this.#session;
    if (session === null) throw new Error('not authenticated');
    // EV1 protects the way that a file's data take; the other carries a MAC at most (cards.md 2.3).
    const toCard = messaging === 'ev1' && data === '' ? 'plain' : comm;
    const fromCard = messaging === 'ev1' && lengthBytes === 0 ? 'plain' : comm;
    const rest = session.protect(toCard, ins, fromHex(header), fromHex(data));
    const answer = this.#inFrames(ins, Uint8Array.from([...fromHex(header), ...rest]));
    if (answer.status !== '00') {
      this.#session = null;
      return answer;
    }
    const clear = session.verify(fromCard, lengthBytes, fromHex(answer.data));
    if (clear === null) throw new Error(`what ${ins.toString(16)} answers is not genuine`);
    return { data: toHex(clear), status: '00' };
  }

  /** A command that may be too long for one frame. */
  #inFrames(ins: number, body: Uint8Array): Said {
    if (body.length <= mostInFrame) return this.native(ins, body);
    const first = this.raw(wrapped(ins, body.subarray(0, mostInFrame)));
    if (first !== '91AF') return { data: '', status: first.slice(-2) };
    return this.#inFrames(0xaf, body.subarray(mostInFrame));
  }
}

type Protection = {
  /** What the file wants. */
  readonly comm?: SimulatedCommMode;
  /** What goes to the card, in hex. */
  readonly data?: string;
  /** Of what the card answers. */
  readonly lengthBytes?: number;
  readonly messaging?: 'ev1' | 'ev2';
};

const mostInFrame = 59;

function wrapped(ins: number, body: Uint8Array): string {
  const head = `90${ins.toString(16).padStart(2, '0')}0000`;
  return body.length === 0 ? `${head}00` : `${head}${toHex(Uint8Array.of(body.length, ...body))}00`;
}
