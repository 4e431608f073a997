import { createCipheriv, createSecretKey } from 'node:crypto';

/**
 * The computations of a PBOC load authority (cards.md 1.6). Single DES, triple DES and DES-CBC MACs are all asked of
 * des-ede3-cbc: OpenSSL 3 has no single DES, and BoringSSL (Electron) has few other names.
 */
const zeroIv = new Uint8Array(8);

/** The first 4 bytes of the last block of DES-CBC with one 8-byte key, IV 0, padding 80 00… always. */
export function mac4(key: Uint8Array, data: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.floor(data.length / 8 + 1) * 8);
  padded.set(data);
  padded[data.length] = 0x80;
  const enciphered = desEde3Cbc([key, key, key], padded);
  return enciphered.slice(-8, -4);
}

/** Two-key triple DES of one 8-byte block with a 16-byte key. */
function tripleDes(key: Uint8Array, block: Uint8Array): Uint8Array {
  const left = key.subarray(0, 8);
  return desEde3Cbc([left, key.subarray(8, 16), left], block);
}

/** A card's own key from a master key and its 8-byte serial number. */
export function diversify(masterKey: Uint8Array, serial: Uint8Array): Uint8Array {
  const key = new Uint8Array(16);
  key.set(tripleDes(masterKey, serial));
  key.set(
    tripleDes(
      masterKey,
      serial.map((byte) => byte ^ 0xff),
    ),
    8,
  );
  return key;
}

/** SES: lives for one load. `key`: the card's load key. */
export function loadSessionKey(
  key: Uint8Array,
  random: Uint8Array,
  counter: Uint8Array,
): Uint8Array {
  const block = new Uint8Array(8);
  block.set(random);
  block.set(counter, 4);
  block[6] = 0x80;
  return tripleDes(key, block);
}

/** The single-DES key of TACs: the halves of the card's TAC key, exclusive-or. */
export function tacSessionKey(key: Uint8Array): Uint8Array {
  return key.subarray(0, 8).map((byte, at) => byte ^ (key[at + 8] ?? 0));
}

function desEde3Cbc(keys: readonly Uint8Array[], data: Uint8Array): Uint8Array {
  // As a key object: Node takes four times as long to find out what kind of key a bare array is.
  const key = createSecretKey(Buffer.concat(keys));
  const cipher = createCipheriv('des-ede3-cbc', key, zeroIv);
  // A copy that is no Buffer: slices of a Buffer would share its memory.
  return new Uint8Array(cipher.setAutoPadding(false).update(data));
}
