/**
 * DES (FIPS 46-3) written out, for the simulated card only: the kiosk's side asks OpenSSL, so a mistake on one side cannot
 * hide on the other. Bits are numbered from 1 at the left, as in the standard.
 */
const initialPermutation = [
  58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64,
  56, 48, 40, 32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53,
  45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
];
const permutedChoice1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60,
  52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21,
  13, 5, 28, 20, 12, 4,
];
const permutedChoice2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52,
  31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
const keyShifts = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];
const roundPermutation = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13,
  30, 6, 22, 11, 4, 25,
];
/** S1 to S8: four rows of sixteen hex digits each. */
const substitutions = [
  'E4D12FB83A6C5907 0F74E2D1A6CB9538 41E8D62BFC973A50 FC8249175B3EA06D',
  'F18E6B34972DC05A 3D47F28EC01A69B5 0E7BA4D158C6932F D8A13F42B67C05E9',
  'A09E63F51DC7B428 D709346A285ECBF1 D6498F30B12C5AE7 1AD069874FE3B52C',
  '7DE3069A1285BC4F D8B56F03472C1AE9 A690CB7DF13E5284 3F06A1D8945BC72E',
  '2C417AB6853FD0E9 EB2C47D150FA3986 421BAD78F9C5630E B8C71E2D6F09A453',
  'C1AF92680D34E75B AF427C9561DE0B38 9EF528C3704A1DB6 432C95FABE17608D',
  '4B2EF08D3C975A61 D0B7491AE35C2F86 14BDC37EAF680592 6BD814A7950FE23C',
  'D2846FB1A93E50C7 1FD8A374C56B0E92 7B419CE206ADF358 21E74A8DFC90356B',
].map((box) => Array.from(box.replace(/ /g, ''), (digit) => Number.parseInt(digit, 16)));

/** What a round makes of each of the eight 6-bit inputs: its S-box, and P over the result. */
const roundTables = new Int32Array(8 * 64);
for (const [index, box] of substitutions.entries()) {
  for (let input = 0; input < 64; input += 1) {
    const row = ((input >> 4) & 2) | (input & 1);
    const output = (box[row * 16 + ((input >> 1) & 15)] ?? 0) << (28 - 4 * index);
    let permuted = 0;
    for (const from of roundPermutation)
      permuted = (permuted << 1) | ((output >>> (32 - from)) & 1);
    roundTables[index * 64 + input] = permuted;
  }
}

/** One 8-byte key, ready for use in either direction. */
export class SimulatedDesKey {
  /** Sixteen rounds of eight 6-bit pieces. */
  readonly #rounds = new Uint8Array(128);

  constructor(key: Uint8Array) {
    if (key.length !== 8) throw new RangeError('a DES key has 8 bytes');
    const bits = permutedChoice1.map(
      (from) => ((key[(from - 1) >> 3] ?? 0) >> (7 - ((from - 1) & 7))) & 1,
    );
    let shift = 0;
    for (const [round, by] of keyShifts.entries()) {
      shift += by;
      for (let at = 0; at < 48; at += 1) {
        const from = permutedChoice2[at] ?? 0;
        const half = from > 28 ? 28 : 0;
        const bit = bits[half + ((from - 1 - half + shift) % 28)] ?? 0;
        const piece = round * 8 + ((at / 6) | 0);
        this.#rounds[piece] = ((this.#rounds[piece] ?? 0) << 1) | bit;
      }
    }
  }

  encipher(block: Uint8Array): Uint8Array {
    return this.#run(block, 1);
  }

  decipher(block: Uint8Array): Uint8Array {
    return this.#run(block, -1);
  }

  #run(block: Uint8Array, direction: 1 | -1): Uint8Array {
    let left = 0;
    let right = 0;
    for (let at = 0; at < 64; at += 1) {
      const from = initialPermutation[at] ?? 0;
      const bit = ((block[(from - 1) >> 3] ?? 0) >> (7 - ((from - 1) & 7))) & 1;
      if (at < 32) left = (left << 1) | bit;
      else right = (right << 1) | bit;
    }
    for (let step = 0; step < 16; step += 1) {
      const round = direction === 1 ? step : 15 - step;
      const next = left ^ this.#round(right, round);
      left = right;
      right = next;
    }
    const out = new Uint8Array(8);
    for (let at = 0; at < 64; at += 1) {
      const to = initialPermutation[at] ?? 0;
      const half = at < 32 ? right : left;
      const bit = (half >>> (31 - (at & 31))) & 1;
      out[(to - 1) >> 3] = (out[(to - 1) >> 3] ?? 0) | (bit << (7 - ((to - 1) & 7)));
    }
    return out;
  }

  #round(right: number, round: number): number {
    // E makes of the 32 bits eight overlapping sixes, the first beginning with the last bit.
    const rolled = (right << 31) | (right >>> 1);
    let result = 0;
    for (let index = 0; index < 8; index += 1) {
      const start = 4 * index;
      const six = (start <= 26 ? rolled >>> (26 - start) : (rolled << 2) | (rolled >>> 30)) & 0x3f;
      const piece = this.#rounds[round * 8 + index] ?? 0;
      result |= roundTables[index * 64 + (six ^ piece)] ?? 0;
    }
    return result;
  }
}
