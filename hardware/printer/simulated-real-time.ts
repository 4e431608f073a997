/** What a printer does the moment it arrives, even in the middle of another command. */
export type RealTimeCommand =
  /** DLE EOT n. */
  | { readonly kind: 'ask'; readonly which: number }
  /** DLE ENQ n. */
  | { readonly kind: 'recover'; readonly how: number }
  /** DLE DC4 8 with its password. */
  | { readonly kind: 'clear' };

const clearRequest = '10140801031401060208';

/** Listens for real-time commands in everything that arrives, in any fragments. */
export class RealTimeListener {
  #heard: number[] = [];

  /** Whether these bytes can be passed over: they hold and continue no real-time command. */
  isDeafTo(bytes: Uint8Array): boolean {
    return this.#heard.length === 0 && !bytes.includes(0x10);
  }

  /** The command that this byte completes, if any. */
  take(byte: number): RealTimeCommand | null {
    if (this.#heard.length === 0 && byte !== 0x10) return null;
    this.#heard.push(byte);
    const [, second, third] = this.#heard;
    if (second === undefined) return null;
    if (second === 0x04 || second === 0x05) {
      if (third === undefined) return null;
      this.forget();
      return second === 0x04 ? { kind: 'ask', which: third } : { kind: 'recover', how: third };
    }
    const heard = Buffer.from(this.#heard).toString('hex');
    if (heard === clearRequest) {
      this.forget();
      return { kind: 'clear' };
    }
    if (!clearRequest.startsWith(heard)) this.#heard = byte === 0x10 ? [byte] : [];
    return null;
  }

  forget(): void {
    this.#heard = [];
  }
}
