/** Every way in which a key, or half of one, could be written down. */
function spellings(key: Uint8Array): readonly string[] {
  const hex = Buffer.from(key).toString('hex');
  return [
    hex,
    hex.toUpperCase(),
    hex.replace(/..(?!$)/g, '$& '),
    Buffer.from(key).toString('base64').replace(/=+$/, '').slice(0, -1),
    Buffer.from(key).toString('base64url').slice(0, -1),
    [...key].join(','),
    JSON.stringify(key).slice(1, -1),
    Buffer.from(key).toString('latin1'),
  ];
}

/** Keys that nobody may ever see outside a SAM or a card, and a nose for them: whole or by halves, as bytes or in letters. */
export class Canary {
  readonly #spelt: Set<string>;
  readonly #halves: readonly Buffer[];

  /** 8 bytes each, or more. */
  constructor(keys: readonly Uint8Array[]) {
    const halves = keys.flatMap((key) =>
      key.length >= 16 ? [key, key.slice(0, 8), key.slice(-8)] : [key],
    );
    this.#spelt = new Set(halves.flatMap(spellings));
    this.#halves = halves.map((half) => Buffer.from(half));
  }

  /** How a key is written in this, or null where none is. */
  findIn(what: string | Uint8Array): string | null {
    if (typeof what === 'string') {
      const text = what.replace(/\s+/g, ' ').replaceAll(', ', ',');
      for (const spelt of this.#spelt)
        if (text.includes(spelt) || what.includes(spelt)) return spelt;
      return null;
    }
    const bytes = Buffer.from(what);
    const raw = this.#halves.find((half) => bytes.includes(half));
    return raw === undefined ? this.findIn(bytes.toString('latin1')) : raw.toString('hex');
  }
}
