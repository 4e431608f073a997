import { SimulatedDesKey } from './simulated-des.ts';

/** What a PBOC card computes, written for the simulated card alone (cards.md 1.6). */
export class SimulatedTripleDesKey {
  readonly #left: SimulatedDesKey;
  readonly #right: SimulatedDesKey;

  /** 16 bytes. */
  constructor(key: Uint8Array) {
    this.#left = new SimulatedDesKey(key.subarray(0, 8));
    this.#right = new SimulatedDesKey(key.subarray(8));
  }

  encipher(block: Uint8Array): Uint8Array {
    return this.#left.encipher(this.#right.decipher(this.#left.encipher(block)));
  }
}

/** Block by block: exclusive-or in, encipher; four bytes of what is left at the end. */
export function simulatedMac(key: SimulatedDesKey, message: readonly number[]): number[] {
  const padded = [...message, 0x80];
  while (padded.length % 8 !== 0) padded.push(0x00);
  let chain: Uint8Array = new Uint8Array(8);
  for (let at = 0; at < padded.length; at += 8) {
    chain = key.encipher(chain.map((byte, index) => byte ^ (padded[at + index] ?? 0)));
  }
  return [...chain.subarray(0, 4)];
}

/** The key that an issuer writes into the card with this number (its last 16 digits): left half, right half. */
export function cardKeyFromMaster(masterKey: Uint8Array, number: string): Uint8Array {
  const factor = Buffer.from(number.slice(-16), 'hex');
  const inverted = factor.map((byte) => 255 - byte);
  const master = new SimulatedTripleDesKey(masterKey);
  return new Uint8Array([...master.encipher(factor), ...master.encipher(inverted)]);
}

/** The same for a city, named by the first four of those digits: its cards' keys are then made from this one. */
export function cityKeyFromMaster(masterKey: Uint8Array, number: string): Uint8Array {
  const city = number.slice(-16, -12);
  return cardKeyFromMaster(masterKey, `${city}${city}${city}${city}`);
}

/** The two halves of a 16-byte key, exclusive-or: the single-DES key of TACs. */
export function foldedKey(key: Uint8Array): SimulatedDesKey {
  const folded = new Uint8Array(8);
  for (let at = 0; at < 8; at += 1) folded[at] = (key[at] ?? 0) ^ (key[at + 8] ?? 0);
  return new SimulatedDesKey(folded);
}
