import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';

/** What a key file holds; see `keyText`. */
type KeyMaterial = { readonly rows: KeyObject; readonly signatures: KeyObject };

/** Bytes; as long as the hash, RFC 2104, 3. */
const rowsKeyBytes = 32;

/**
 * What makes a journal evidence: a secret for the hashes of its rows, and an Ed25519 pair for what others must be able to
 * check without it. Nothing of either is ever in a message.
 */
export class JournalKey {
  /** 16 hex digits that tell this key from another and give nothing of it away. */
  readonly id: string;
  readonly #rows: KeyObject;
  readonly #signatures: KeyObject;

  constructor({ rows, signatures }: KeyMaterial) {
    this.#rows = rows;
    this.#signatures = signatures;
    this.id = this.mac(`id\n${this.publicPem}`).slice(0, 16);
  }

  /** HMAC-SHA-256, hex, of a text in UTF-8. Its first line tells what it is of: a row's is a hash, others are words. */
  mac(text: string): string {
    return createHmac('sha256', this.#rows).update(text).digest('hex');
  }

  /** Ed25519 (RFC 8032), base64, of a text in UTF-8, whose first line tells what it is. */
  sign(text: string): string {
    return sign(null, Buffer.from(text), this.#signatures).toString('base64');
  }

  hasSigned(text: string, signature: string): boolean {
    const publicKey = createPublicKey(this.#signatures);
    return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64'));
  }

  /** The public half of the pair, PEM (SPKI): anybody may have it. */
  get publicPem(): string {
    return createPublicKey(this.#signatures).export({ type: 'spki', format: 'pem' }).toString();
  }

  /** The text of its key file. */
  get text(): string {
    return keyText({ rows: this.#rows, signatures: this.#signatures });
  }
}

export function newKey(): JournalKey {
  return new JournalKey({
    rows: createSecretKey(randomBytes(rowsKeyBytes)),
    signatures: generateKeyPairSync('ed25519').privateKey,
  });
}

/** The key in the text of a key file; null where it is not one. */
export function keyFrom(text: string): JournalKey | null {
  try {
    const held: unknown = JSON.parse(text);
    if (typeof held !== 'object' || held === null) return null;
    if (!('rows' in held) || !('signatures' in held)) return null;
    const { rows, signatures } = held;
    if (typeof rows !== 'string' || typeof signatures !== 'string') return null;
    const secret = Buffer.from(rows, 'base64');
    const der = Buffer.from(signatures, 'base64');
    const pair = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
    if (secret.length !== rowsKeyBytes || pair.asymmetricKeyType !== 'ed25519') return null;
    return new JournalKey({ rows: createSecretKey(secret), signatures: pair });
  } catch {
    // The reason may quote the text.
    return null;
  }
}

function keyText({ rows, signatures }: KeyMaterial): string {
  const held = {
    is: "The key of an AddValue journal. Keep a copy apart from the journal's copies; who has both can forge it.",
    rows: rows.export().toString('base64'),
    signatures: signatures.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  };
  return `${JSON.stringify(held, null, 2)}\n`;
}
