import type { SimulatedCard } from '../simulated.ts';
import { type SimulatedCommand as Command, parseCommand } from './simulated-command.ts';
import { SimulatedDesKey } from './simulated-des.ts';
import { foldedKey, SimulatedTripleDesKey } from './simulated-mac.ts';

/** A key in the SAM, 16 bytes. `use`: the lower five bits of P1, by which, with its version, it is named. */
export type SimulatedSamKey = {
  readonly use: number;
  readonly version: number;
  /** What INIT FOR DESCRYPT makes of it: a session key from 8 bytes more, or the folded key of TACs. */
  readonly makes: 'session-key' | 'tac-key';
  readonly key: Uint8Array;
};

export type SimulatedPbocSamParts = {
  readonly keys: readonly SimulatedSamKey[];
  /** DF name or file identifier in hex; null: the keys are there without selecting. */
  readonly application?: string | null;
  /** `tries`: so many wrong ones in a row lock it. */
  readonly pin?: { readonly bytes: Uint8Array; readonly tries: number } | null;
};

const done = [0x90, 0x00];

/**
 * A load SAM (ISAM) for PBOC cards, by the bytes. It computes with the simulated card's own DES, refuses what it does not
 * know, forgets the temporary key when a MAC was made with it, and everything that is volatile at power-off.
 */
export class SimulatedPbocSam implements SimulatedCard {
  readonly label = 'load SAM';
  readonly #keys: readonly SimulatedSamKey[];
  readonly #application: Buffer | null;
  readonly #pin: SimulatedPbocSamParts['pin'];
  #pinTriesLeft: number;

  #powered = false;
  #selected = false;
  #pinVerified = false;
  #temporaryKey: SimulatedDesKey | null = null;

  constructor({ keys, application = null, pin = null }: SimulatedPbocSamParts) {
    for (const { key } of keys) {
      if (key.length !== 16) throw new RangeError('a SAM key has 16 bytes');
    }
    this.#keys = keys;
    this.#application = application === null ? null : Buffer.from(application, 'hex');
    this.#pin = pin;
    this.#pinTriesLeft = pin?.tries ?? 0;
  }

  get pinTriesLeft(): number {
    return this.#pinTriesLeft;
  }

  powerOn(): Uint8Array {
    this.powerOff();
    this.#powered = true;
    this.#selected = this.#application === null;
    this.#pinVerified = this.#pin === null;
    // T=1 without historical bytes.
    return Uint8Array.of(0x3b, 0x80, 0x01, 0x81);
  }

  powerOff(): void {
    this.#powered = false;
    this.#temporaryKey = null;
  }

  exchange(bytes: Uint8Array): Uint8Array {
    if (!this.#powered) throw new Error('the SAM has no power');
    const command = parseCommand(bytes);
    return Uint8Array.from(command === null ? [0x67, 0x00] : this.#answer(command));
  }

  #answer(command: Command): readonly number[] {
    switch ((command.cla << 8) | command.ins) {
      case 0x00a4:
        return this.#select(command);
      case 0x0020:
        return this.#verify(command);
      case 0x801a:
        return this.#usable() ?? this.#initForDescrypt(command);
      case 0x80fa:
        return this.#usable() ?? this.#desCrypt(command);
      default:
        return command.cla === 0x00 || command.cla === 0x80 ? [0x6d, 0x00] : [0x6e, 0x00];
    }
  }

  #usable(): readonly number[] | null {
    if (!this.#selected) return [0x69, 0x85];
    return this.#pinVerified ? null : [0x69, 0x82];
  }

  #select({ p1, p2, data }: Command): readonly number[] {
    this.#selected = this.#application === null;
    this.#pinVerified = this.#pin === null;
    this.#temporaryKey = null;
    if (p2 !== 0x00 || (p1 === 0x00 ? data.length !== 2 : p1 !== 0x04)) return [0x6a, 0x86];
    if (this.#application === null || !data.equals(this.#application)) return [0x6a, 0x82];
    this.#selected = true;
    return p1 === 0x00 ? done : [0x6f, data.length + 2, 0x84, data.length, ...data, ...done];
  }

  #verify({ p1, p2, data, le }: Command): readonly number[] {
    if (p1 !== 0x00 || p2 !== 0x00) return [0x6a, 0x86];
    if (!this.#selected) return [0x69, 0x85];
    if (this.#pin === null || this.#pin === undefined) return [0x94, 0x03];
    if (le !== null || data.length === 0) return [0x67, 0x00];
    if (this.#pinTriesLeft === 0) return [0x69, 0x83];
    this.#pinVerified = data.equals(this.#pin.bytes);
    this.#pinTriesLeft = this.#pinVerified ? this.#pin.tries : this.#pinTriesLeft - 1;
    return this.#pinVerified ? done : [0x63, 0xc0 | this.#pinTriesLeft];
  }

  #initForDescrypt({ p1, p2, data, le }: Command): readonly number[] {
    this.#temporaryKey = null;
    const found = this.#keys.find(({ use, version }) => use === (p1 & 0x1f) && version === p2);
    if (found === undefined) return [0x6a, 0x88];
    const levelBytes = (p1 >> 5) * 8;
    const ownBytes = found.makes === 'session-key' ? 8 : 0;
    if (le !== null || data.length !== levelBytes + ownBytes) return [0x67, 0x00];
    let key = found.key;
    for (let at = 0; at < levelBytes; at += 8) {
      const level = new SimulatedTripleDesKey(key);
      const factor = data.subarray(at, at + 8);
      const inverted = factor.map((byte) => 255 - byte);
      key = Uint8Array.of(...level.encipher(factor), ...level.encipher(inverted));
    }
    const last = data.subarray(levelBytes);
    this.#temporaryKey =
      found.makes === 'tac-key'
        ? foldedKey(key)
        : new SimulatedDesKey(new SimulatedTripleDesKey(key).encipher(last));
    return done;
  }

  #desCrypt({ p1, p2, data, le }: Command): readonly number[] {
    if (p1 !== 0x05 || p2 !== 0x00) return [0x6a, 0x86];
    if (data.length < 16 || data.length % 8 !== 0) return [0x67, 0x00];
    if (le !== null && le !== 0 && le !== 4) return [0x67, 0x00];
    const key = this.#temporaryKey;
    if (key === null) return [0x69, 0x85];
    let chain: Uint8Array = data.subarray(0, 8);
    for (let at = 8; at < data.length; at += 8) {
      chain = key.encipher(chain.map((byte, index) => byte ^ (data[at + index] ?? 0)));
    }
    this.#temporaryKey = null;
    return [...chain.subarray(0, 4), ...done];
  }
}
