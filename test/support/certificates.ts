import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const keyKind = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** PEM texts. The private key lives as long as the test. */
export type Identity = { readonly certificate: string; readonly privateKey: string };

/** `from` and `to`: the days between which a certificate is valid; many years where they are left out. */
export type Validity = { readonly from?: string; readonly to?: string };

/** A certificate authority for one test, as an operator has one. */
export class TestAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly #issuer: X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  #serial = 1;

  private constructor(issuer: X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.#issuer = issuer;
    this.#keys = keys;
    this.certificate = issuer.toString('pem');
  }

  static async create(name = 'Operator CA'): Promise<TestAuthority> {
    const keys = await newKeys();
    const issuer = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      serialNumber: '01',
      keys,
      ...datesOf({}),
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return new TestAuthority(issuer, keys);
  }

  /** For a host that is reached under these names (addresses go as `ip`). */
  server(
    names: readonly { readonly type: 'dns' | 'ip'; readonly value: string }[] = [
      { type: 'ip', value: '127.0.0.1' },
    ],
    validity: Validity = {},
  ): Promise<Identity> {
    return this.#issue('SAM host', ExtendedKeyUsage.serverAuth, validity, [
      new SubjectAlternativeNameExtension([...names]),
    ]);
  }

  /** For a station, by its terminal id. */
  station(terminalId: string, validity: Validity = {}): Promise<Identity> {
    return this.#issue(terminalId, ExtendedKeyUsage.clientAuth, validity, []);
  }

  async #issue(
    commonName: string,
    usage: ExtendedKeyUsage,
    validity: Validity,
    extensions: readonly SubjectAlternativeNameExtension[],
  ): Promise<Identity> {
    const keys = await newKeys();
    this.#serial += 1;
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${commonName}`,
      issuer: this.#issuer.subject,
      serialNumber: this.#serial.toString(16).padStart(2, '0'),
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      ...datesOf(validity),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage]),
        await AuthorityKeyIdentifierExtension.create(this.#issuer),
        ...extensions,
      ],
    });
    const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    const base64 = Buffer.from(pkcs8).toString('base64');
    const lines = base64.match(/.{1,64}/g) ?? [];
    return {
      certificate: certificate.toString('pem'),
      privateKey: ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join(
        '\n',
      ),
    };
  }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(keyKind, true, ['sign', 'verify']);
}

/** By default as far as a UTCTime can say (RFC 5280, 4.1.2.5), so that no test depends on the day on which it runs. */
function datesOf({ from = '2000-01-01', to = '2049-12-31' }: Validity) {
  return { notBefore: new Date(from), notAfter: new Date(to) };
}
