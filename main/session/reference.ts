/** Crockford's base 32 (crockford.com/base32): no I, L, O or U, so it can be read aloud and written down without mistakes. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A reference like "7K2M-94QX" from 40 random bits given as 10 hex digits. Throws on anything else. */
export function referenceFrom(chance: string): string {
  if (!/^[0-9a-f]{10}$/.test(chance)) throw new Error('chance must be 10 hex digits');
  let bits = BigInt(`0x${chance}`);
  let text = '';
  for (let place = 0; place < 8; place += 1) {
    text = (alphabet[Number(bits & 31n)] ?? '') + text;
    bits >>= 5n;
  }
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}
