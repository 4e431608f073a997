/** One ZVT message. `control`: class and instruction as one number, 0x060F. */
export type Apdu = { readonly control: number; readonly data: Uint8Array };

/**
 * Frame a message as over TCP: class, instruction, length, data. The length is one byte, or FF and two bytes, low byte
 * first (ZVT PA00P015 13.x, transport over TCP).
 */
export function buildApdu(control: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  if (data.length > 0xffff) throw new RangeError(`an APDU cannot carry ${data.length} bytes`);
  const long = data.length >= 0xff;
  const head = long ? 5 : 3;
  const bytes = new Uint8Array(head + data.length);
  bytes[0] = control >> 8;
  bytes[1] = control & 0xff;
  if (long) {
    bytes[2] = 0xff;
    bytes[3] = data.length & 0xff;
    bytes[4] = data.length >> 8;
  } else {
    bytes[2] = data.length;
  }
  bytes.set(data, head);
  return bytes;
}

/** Join the parts of a message's data block. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The classes that a terminal sends: 04 status, 05/06/08 commands, 0F service, 80 and 84 acknowledgements. */
const terminalClasses = new Set([0x04, 0x05, 0x06, 0x08, 0x0f, 0x80, 0x84]);

/**
 * Cuts a byte stream into messages. Bytes that cannot be the beginning of one mean that the framing is lost: all that is
 * held is dropped, and the stream is read afresh from the next fragment on.
 */
export class ApduAssembler {
  #held = new Uint8Array(0);

  /** Messages that are complete with this fragment, and whether bytes had to be dropped. */
  push(fragment: Uint8Array): { readonly apdus: readonly Apdu[]; readonly garbled: boolean } {
    const bytes = this.#held.length === 0 ? fragment : joinBytes(this.#held, fragment);
    const apdus: Apdu[] = [];
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      const first = bytes[at];
      if (first !== undefined && !terminalClasses.has(first)) {
        this.reset();
        return { apdus, garbled: true };
      }
      if (left < 3) break;
      const short = bytes[at + 2] ?? 0;
      const head = short === 0xff ? 5 : 3;
      if (left < head) break;
      const length = short === 0xff ? (bytes[at + 3] ?? 0) | ((bytes[at + 4] ?? 0) << 8) : short;
      if (left < head + length) break;
      apdus.push({
        control: ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0),
        data: bytes.slice(at + head, at + head + length),
      });
      at += head + length;
    }
    this.#held = bytes.slice(at);
    return { apdus, garbled: false };
  }

  get holdsPart(): boolean {
    return this.#held.length > 0;
  }

  /** Forget a part of a message: its rest will not come. */
  reset(): void {
    this.#held = new Uint8Array(0);
  }
}
