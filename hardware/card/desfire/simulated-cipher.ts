import { SimulatedAesKey } from './simulated-aes.ts';

/** What a DESFire card computes with an AES key, written for the simulated card alone. */
export type Bytes = readonly number[];

export const noChain: Bytes = new Array<number>(16).fill(0);

/** CBC (SP 800-38A 6.2) over whole blocks. */
export function encipherBlocks(key: SimulatedAesKey, chain: Bytes, clear: Bytes): number[] {
  const out: number[] = [];
  let last = chain;
  for (const block of blocksOf(clear)) {
    last = [...key.encipher(Uint8Array.from(exclusiveOr(block, last)))];
    out.push(...last);
  }
  return out;
}

/** CBC backwards. */
export function decipherBlocks(key: SimulatedAesKey, chain: Bytes, secret: Bytes): number[] {
  const out: number[] = [];
  let last = chain;
  for (const block of blocksOf(secret)) {
    out.push(...exclusiveOr([...key.decipher(Uint8Array.from(block))], last));
    last = block;
  }
  return out;
}

/** CMAC (SP 800-38B 6.2); a DESFire EV1 session begins it with its running chain in place of zeros. */
export function simulatedCmac(key: SimulatedAesKey, message: Bytes, chain = noChain): number[] {
  const whole = message.length > 0 && message.length % 16 === 0;
  return macOf(key, whole ? message : padded(message), whole ? 1 : 2, chain);
}

/**
 * The key that an issuer writes into one card (AN10922, AES-128): CMAC over 01 and what tells the card from others, 1 to 31
 * bytes; always over two blocks, unlike a CMAC.
 */
export function simulatedCardKey(masterKey: Uint8Array, input: Uint8Array): Uint8Array {
  const message = [0x01, ...input];
  const whole = message.length === 32;
  const twoBlocks = whole ? message : [...message, 0x80];
  while (twoBlocks.length < 32) twoBlocks.push(0x00);
  return Uint8Array.from(macOf(new SimulatedAesKey(masterKey), twoBlocks, whole ? 1 : 2, noChain));
}

/** 80 and zeros up to whole blocks: at least the 80. */
export function padded(message: Bytes): number[] {
  const out = [...message, 0x80];
  while (out.length % 16 !== 0) out.push(0x00);
  return out;
}

function macOf(key: SimulatedAesKey, blocks: Bytes, subkey: 1 | 2, chain: Bytes): number[] {
  let last = [...key.encipher(new Uint8Array(16))];
  for (let nth = 0; nth < subkey; nth += 1) last = doubled(last);
  const end = blocks.length - 16;
  const closing = exclusiveOr(blocks.slice(end), last);
  return encipherBlocks(key, chain, [...blocks.slice(0, end), ...closing]).slice(-16);
}

/** Times x in GF(2^128), the first byte being the highest. */
function doubled(block: Bytes): number[] {
  const carry = (block[0] ?? 0) >> 7;
  return block.map((byte, at) => {
    const next = at === 15 ? carry * 0x87 : (block[at + 1] ?? 0) >> 7;
    return ((byte << 1) & 0xff) ^ next;
  });
}

function exclusiveOr(left: Bytes, right: Bytes): number[] {
  return left.map((byte, at) => byte ^ (right[at] ?? 0));
}

function blocksOf(bytes: Bytes): number[][] {
  if (bytes.length % 16 !== 0) throw new RangeError('not whole blocks of 16 bytes');
  return Array.from({ length: bytes.length / 16 }, (_, nth) =>
    bytes.slice(16 * nth, 16 * nth + 16),
  );
}
