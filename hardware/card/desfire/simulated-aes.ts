/**
 * AES-128 (FIPS 197) written out, for the simulated card only: the kiosk's side asks OpenSSL, so a mistake on one side cannot
 * hide on the other. A block is sixteen bytes, column by column, as in the standard.
 */
const substitution = new Uint8Array(256);
const inverseSubstitution = new Uint8Array(256);

/** Times x in GF(2^8), FIPS 197 4.2.1. */
function double(byte: number): number {
  return ((byte << 1) ^ (byte & 0x80 ? 0x11b : 0)) & 0xff;
}

/** Walks the field by its generator 3 one way and by its inverse the other: the two always multiply to 1 (5.1.1). */
function fillSubstitutions(): void {
  let power = 1;
  let inverse = 1;
  do {
    power ^= double(power);
    inverse ^= inverse << 1;
    inverse ^= inverse << 2;
    inverse ^= inverse << 4;
    inverse &= 0xff;
    if (inverse & 0x80) inverse ^= 0x09;
    let image = 0x63 ^ inverse;
    for (let turn = 1; turn <= 4; turn += 1) image ^= (inverse << turn) | (inverse >> (8 - turn));
    setSubstitution(power, image & 0xff);
  } while (power !== 1);
  setSubstitution(0x00, 0x63);
}

function setSubstitution(from: number, to: number): void {
  substitution[from] = to;
  inverseSubstitution[to] = from;
}

fillSubstitutions();

const rounds = 10;

/** One 16-byte key, ready for use in either direction. */
export class SimulatedAesKey {
  /** Eleven round keys, one after the other. */
  readonly #schedule = new Uint8Array(16 * (rounds + 1));

  constructor(key: Uint8Array) {
    if (key.length !== 16) throw new RangeError('an AES-128 key has 16 bytes');
    const schedule = this.#schedule;
    schedule.set(key);
    let constant = 1;
    for (let at = 16; at < schedule.length; at += 4) {
      let word = [...schedule.subarray(at - 4, at)];
      if (at % 16 === 0) {
        const [first = 0, ...others] = word.map((byte) => substitution[byte] ?? 0);
        word = [...others, first];
        word[0] = (word[0] ?? 0) ^ constant;
        constant = double(constant);
      }
      for (let index = 0; index < 4; index += 1) {
        schedule[at + index] = (schedule[at - 16 + index] ?? 0) ^ (word[index] ?? 0);
      }
    }
  }

  encipher(block: Uint8Array): Uint8Array {
    let state = this.#addRoundKey(block, 0);
    for (let round = 1; round <= rounds; round += 1) {
      const shifted = state.map((_, at) => substitution[state[(at * 5) % 16] ?? 0] ?? 0);
      state = this.#addRoundKey(round === rounds ? shifted : mixColumns(shifted), round);
    }
    return state;
  }

  decipher(block: Uint8Array): Uint8Array {
    let state: Uint8Array = block;
    for (let round = rounds; round >= 1; round -= 1) {
      const keyless = this.#addRoundKey(state, round);
      const shifted = round === rounds ? keyless : unmixColumns(keyless);
      state = shifted.map((_, at) => inverseSubstitution[shifted[(at * 13) % 16] ?? 0] ?? 0);
    }
    return this.#addRoundKey(state, 0);
  }

  #addRoundKey(state: Uint8Array, round: number): Uint8Array {
    return state.map((byte, at) => byte ^ (this.#schedule[16 * round + at] ?? 0));
  }
}

/** Each byte becomes 2·itself + 3·the next + the other two of its column (5.1.3). */
function mixColumns(state: Uint8Array): Uint8Array {
  return state.map((byte, at) => {
    const next = further(state, at, 1);
    return double(byte ^ next) ^ next ^ further(state, at, 2) ^ further(state, at, 3);
  });
}

/** The byte so many places further round its column. */
function further(state: Uint8Array, at: number, places: number): number {
  return state[(at & 0x0c) | ((at + places) & 0x03)] ?? 0;
}

/** Four times mixed is as if never: the inverse is mixing three times (the polynomial of 5.1.3 has order 4). */
function unmixColumns(state: Uint8Array): Uint8Array {
  return mixColumns(mixColumns(mixColumns(state)));
}
