/** The longest message, in bytes of JSON. The longest question or answer of any family has a few hundred. */
export const maxFrameBytes = 65_536;

const prefixBytes = 4;

/** A message as it goes over the wire: its length in 4 bytes, big-endian, then its JSON in UTF-8 (docs/sam-protocol.md). */
export function toFrame(message: object): Uint8Array {
  const json = Buffer.from(JSON.stringify(message));
  const frame = Buffer.alloc(prefixBytes + json.length);
  frame.writeUInt32BE(json.length);
  frame.set(json, prefixBytes);
  return frame;
}

/** Whether a message is short enough to be sent. */
export function fitsFrame(frame: Uint8Array): boolean {
  return frame.length <= prefixBytes + maxFrameBytes;
}

export type Frame =
  | { readonly kind: 'json'; readonly value: unknown }
  /** What follows can mean anything: the connection is of no more use. `detail`: what it is, never what stands in it. */
  | { readonly kind: 'wrong'; readonly detail: string };

/** Puts frames together from bytes that come in any fragments. */
export class FrameReader {
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true });
  #bytes = Buffer.alloc(0);

  /** The frames that these bytes complete, in order. Nothing comes after a wrong one. */
  push(bytes: Uint8Array): readonly Frame[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const frames: Frame[] = [];
    while (this.#bytes.length >= prefixBytes) {
      const length = this.#bytes.readUInt32BE();
      if (length > maxFrameBytes) {
        const detail = `a message of ${length} bytes, more than the ${maxFrameBytes} allowed`;
        return [...frames, { kind: 'wrong', detail }];
      }
      const end = prefixBytes + length;
      if (this.#bytes.length < end) break;
      const frame = this.#read(this.#bytes.subarray(prefixBytes, end));
      frames.push(frame);
      if (frame.kind === 'wrong') break;
      this.#bytes = this.#bytes.subarray(end);
    }
    return frames;
  }

  #read(json: Uint8Array): Frame {
    try {
      return { kind: 'json', value: JSON.parse(this.#utf8.decode(json)) };
    } catch {
      return { kind: 'wrong', detail: 'a message that is not JSON' };
    }
  }
}
