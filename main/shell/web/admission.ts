import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may look at a surface: the one browser that opened the newest address that was printed for it. */
export class Admission {
  readonly cookieName: string;
  /** Hashes, so that comparing takes the same time whatever was guessed. */
  #token: Buffer | null = null;
  #session: Buffer | null = null;

  constructor(cookieName: string) {
    this.cookieName = cookieName;
  }

  /** A new token, good for one browser. The one before it, if nobody has used it, is void. */
  issueToken(): string {
    const token = randomBytes(24).toString('base64url');
    this.#token = digest(token);
    return token;
  }

  /** Turn the token into the secret of a session, once. The browser that was admitted before is shut out. */
  redeem(token: string): string | null {
    if (this.#token === null || !timingSafeEqual(this.#token, digest(token))) return null;
    this.#token = null;
    const secret = randomBytes(32).toString('base64url');
    this.#session = digest(secret);
    return secret;
  }

  /** `cookies`: the request's whole Cookie header. */
  admits(cookies: string | undefined): boolean {
    const secret = this.secretIn(cookies);
    return (
      secret !== null && this.#session !== null && timingSafeEqual(this.#session, digest(secret))
    );
  }

  secretIn(cookies: string | undefined): string | null {
    for (const cookie of (cookies ?? '').split(';')) {
      const [name, value] = cookie.trim().split('=', 2);
      if (name === this.cookieName && value !== undefined) return value;
    }
    return null;
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
