import type { Bytes } from './simulated-cipher.ts';

/** How a command and its answer are protected: not at all, by a MAC, or enciphered as well. */
export type SimulatedCommMode = 'plain' | 'mac' | 'full';

/** A command as it arrived: what follows the header is still under protection. */
export type SimulatedNative = {
  readonly ins: number;
  readonly header: Bytes;
  /** How long the data behind the protection is; 0 where the command has only a header. */
  readonly dataLength: number;
  readonly rest: Bytes;
};

/** What card and kiosk agreed on when one was convinced of the other. */
export interface SimulatedSession {
  readonly keyNumber: number;
  /** How many bytes follow the header of a command. */
  restLength(dataLength: number, mode: SimulatedCommMode): number;
  /** The data of a command; null where its MAC, its check sum or its padding is wrong. */
  open(command: SimulatedNative, mode: SimulatedCommMode): Bytes | null;
  /** The answer to a command that succeeded, protected. */
  seal(data: Bytes, mode: SimulatedCommMode): Bytes;
}

export function sameNumbers(left: Bytes, right: Bytes): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
