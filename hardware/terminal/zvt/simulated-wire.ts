/**
 * The simulated terminal's own reading and writing of ZVT, apart from the driver's on purpose: a mistake there must not be
 * repeated here. It reads only what a cash register sends, and refuses the rest.
 */

/** A message of the cash register: class and instruction in hex ("0622"), and its data. */
export type Received = { readonly code: string; readonly data: Uint8Array };

/** Splits what arrives into messages. */
export class TerminalInbox {
  #pending: number[] = [];

  push(bytes: Uint8Array): readonly Received[] {
    for (const byte of bytes) this.#pending.push(byte);
    const whole: Received[] = [];
    let message = this.#shift();
    while (message !== null) {
      whole.push(message);
      message = this.#shift();
    }
    return whole;
  }

  clear(): void {
    this.#pending = [];
  }

  #shift(): Received | null {
    const [kind, instruction, short, low, high] = this.#pending;
    if (kind === undefined || instruction === undefined || short === undefined) return null;
    let start = 3;
    let count = short;
    if (short === 255) {
      if (low === undefined || high === undefined) return null;
      start = 5;
      count = high * 256 + low;
    }
    if (this.#pending.length < start + count) return null;
    const taken = this.#pending.splice(0, start + count);
    return { code: `${hex2(kind)}${hex2(instruction)}`, data: Uint8Array.from(taken.slice(start)) };
  }
}

/** A byte in hex. */
export function hex2(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** A message of the terminal from hex digits: `message('040f', '2700')`. */
export function message(code: string, data = ''): Uint8Array {
  const count = data.length / 2;
  const length =
    count < 255 ? hex2(count) : `ff${hex2(count % 256)}${hex2(Math.floor(count / 256))}`;
  return Uint8Array.from(Buffer.from(code + length + data, 'hex'));
}

/** A number as decimal digits, as many as the field holds. */
export function decimal(value: number, digits: number): string {
  return value.toString().padStart(digits, '0').slice(-digits);
}

/** A text of ASCII in hex. */
export function ascii(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

/** A length in front of a field: LL (2) or LLL (3) digits, each a byte Fx. */
export function counted(hexValue: string, digits: 2 | 3): string {
  const length = decimal(hexValue.length / 2, digits);
  return [...length].map((digit) => `f${digit}`).join('') + hexValue;
}

/** The data objects of a TLV container whose values stay under 128 bytes. */
export function tlv(tag: string, hexValue: string): string {
  return `${tag}${hex2(hexValue.length / 2)}${hexValue}`;
}

/** The fields of a request, in hex digits. Null: not a request that this terminal can read (84 9A). */
export type RequestFields = {
  readonly amount: string | null;
  readonly currency: string | null;
  readonly receipt: string | null;
  readonly trace: string | null;
};

/** Bytes behind each tag that a request may carry: amount, currency, type, trace, attribute, card type, receipt, pump. */
const requestFields: Readonly<Record<string, number>> = {
  '04': 6,
  '05': 1,
  '0b': 3,
  '19': 1,
  '3b': 8,
  '49': 2,
  '87': 2,
  '8a': 1,
};

export function readRequest(data: Uint8Array): RequestFields | null {
  const text = Buffer.from(data).toString('hex');
  const found: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const tag = rest.slice(0, 2);
    const length = requestFields[tag];
    if (length === undefined || rest.length < 2 + 2 * length) return null;
    found[tag] = rest.slice(2, 2 + 2 * length);
    rest = rest.slice(2 + 2 * length);
  }
  return {
    amount: found['04'] ?? null,
    currency: found['49'] ?? null,
    receipt: found['87'] ?? null,
    trace: found['0b'] ?? null,
  };
}

/** Hex digits that are decimal as a number; null when one is not. */
export function fromDecimal(digits: string | null): number | null {
  return digits !== null && /^\d+$/.test(digits) ? Number(digits) : null;
}

/** The abort 06 1E that ends a command with a result code. */
export function aborted(code: number): Uint8Array {
  return message('061e', hex2(code));
}
