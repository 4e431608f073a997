import { type KeyObject, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { appletOf, handle } from '../../sam/deed.ts';
import type { SamApplet } from '../../sam/port.ts';
import { aesKey } from './aes-cmac.ts';
import { authenticate, authenticated, protect, verify, verifyTransactionMac } from './authority.ts';
import { diversifiedKey, isSystemIdentifier } from './diversify-key.ts';
import { beginEv1 } from './ev1-session.ts';
import { beginEv2 } from './ev2-session.ts';
import type { BegunAuthentication, SecureSession } from './secure-session.ts';
import { transactionMac } from './transaction-mac.ts';

/** AES-128 keys, 16 bytes each. */
export type SoftwareDesfireKeys = {
  /** Keys that may load, by number and version. */
  readonly load: readonly {
    readonly number: number;
    readonly version: number;
    readonly key: Uint8Array;
  }[];
  /** The key of transaction MACs; null where no card has one. */
  readonly transactionMac: Uint8Array | null;
  /**
   * AN10922 with this system identifier (6 to 20 bytes): these are master keys and each card has its own. `none`: these
   * are the cards' keys themselves.
   */
  readonly diversification: { readonly systemIdentifier: Uint8Array } | 'none';
};

export type SoftwareDesfireParts = {
  readonly keys: SoftwareDesfireKeys;
  /** So many bytes nobody can foresee. */
  readonly random?: (lengthBytes: number) => Uint8Array;
};

/** One card is served at a time; a few more sessions are remembered for answers that come late. */
const rememberedSessions = 4;
const noSession = {
  kind: 'failed',
  detail: 'the session with the card has ended',
} as const;

type Session =
  | { readonly kind: 'begun'; readonly authentication: BegunAuthentication }
  | { readonly kind: 'open'; readonly messaging: SecureSession };

/** The DESFire load authority with its keys in memory: for tests and the simulated station only. */
export function softwareDesfireAuthority({
  keys,
  random = randomBytes,
}: SoftwareDesfireParts): SamApplet {
  const loadKeys = keys.load.map(({ number, version, key }) => ({
    number,
    version,
    key: aesKey(key),
  }));
  const macKey = keys.transactionMac === null ? null : aesKey(keys.transactionMac);
  const { diversification } = keys;
  if (diversification !== 'none' && !isSystemIdentifier(diversification.systemIdentifier)) {
    throw new RangeError('a system identifier has 6 to 20 bytes');
  }
  const keyOfCard = (key: KeyObject, uid: Uint8Array, application: Uint8Array): KeyObject =>
    diversification === 'none'
      ? key
      : diversifiedKey(key, uid, application, diversification.systemIdentifier);

  const sessions = new Map<string, Session>();
  const remember = (name: string, session: Session): void => {
    sessions.set(name, session);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= rememberedSessions) break;
      sessions.delete(oldest);
    }
  };
  const messagingOf = (name: string): SecureSession | null => {
    const session = sessions.get(name);
    return session?.kind === 'open' ? session.messaging : null;
  };

  return appletOf([
    handle(
      authenticate,
      ({ secureMessaging, keyNumber, keyVersion, uid, application, challenge }) => {
        const found = loadKeys.find(
          ({ number, version }) => number === keyNumber && version === keyVersion,
        );
        if (found === undefined) {
          return {
            kind: 'failed',
            detail: `the SAM holds no key ${keyNumber} of version ${keyVersion}`,
          };
        }
        const begin = secureMessaging === 'ev1' ? beginEv1 : beginEv2;
        const cardKey = keyOfCard(found.key, uid, application);
        const authentication = begin(cardKey, challenge, Uint8Array.from(random(16)));
        const session = randomUUID();
        remember(session, { kind: 'begun', authentication });
        return { kind: 'done', answer: { session, response: authentication.response } };
      },
    ),
    handle(authenticated, ({ session, answer }) => {
      const begun = sessions.get(session);
      sessions.delete(session);
      if (begun?.kind !== 'begun') return noSession;
      const messaging = begun.authentication.finish(answer);
      if (messaging !== null) remember(session, { kind: 'open', messaging });
      return { kind: 'done', answer: { genuine: messaging !== null } };
    }),
    handle(protect, ({ session, mode, ins, header, data }) => {
      const messaging = messagingOf(session);
      if (messaging === null) return noSession;
      return { kind: 'done', answer: { data: messaging.protect(mode, ins, header, data) } };
    }),
    handle(verify, ({ session, mode, lengthBytes, data }) => {
      const messaging = messagingOf(session);
      if (messaging === null) return noSession;
      const genuine = messaging.verify(mode, lengthBytes, data);
      if (genuine === null) sessions.delete(session);
      const answer = { genuine: genuine !== null, data: genuine ?? new Uint8Array() };
      return { kind: 'done', answer };
    }),
    handle(verifyTransactionMac, ({ application, uid, counter, input, mac }) => {
      if (macKey === null) {
        return { kind: 'failed', detail: 'the SAM holds no key of transaction MACs' };
      }
      const expected = transactionMac(keyOfCard(macKey, uid, application), counter, uid, input);
      return { kind: 'done', answer: { genuine: timingSafeEqual(expected, mac) } };
    }),
  ]);
}
