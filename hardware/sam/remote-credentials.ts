import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';

/** PEM files by which a station and its SAM host know each other. */
export type CredentialFiles = {
  /** The operator's own CA: the only one that may have issued the host's certificate. */
  readonly caFile: string;
  /** The station's certificate, the certificates between it and the CA behind it. */
  readonly certificateFile: string;
  readonly privateKeyFile: string;
};

export type CredentialAnswer =
  | { readonly kind: 'done'; readonly credentials: SecureContext }
  /** `detail` names the file and the remedy, and never what stands in it. */
  | { readonly kind: 'failed'; readonly detail: string };

class Unfit extends Error {}

/** Read and check the files anew: they are renewed in place. `wallMs`: now, for the certificate's dates. */
export function readCredentials(files: CredentialFiles, wallMs: number): CredentialAnswer {
  try {
    const ca = read(files.caFile);
    if (!certificateIn(ca, files.caFile).ca) {
      throw new Unfit(`the certificate in ${files.caFile} is not that of a CA`);
    }
    const certificate = read(files.certificateFile);
    const own = certificateIn(certificate, files.certificateFile);
    const privateKey = read(files.privateKeyFile, refuseOthersAccess);
    if (!own.checkPrivateKey(keyIn(privateKey, files.privateKeyFile))) {
      throw new Unfit(
        `the private key in ${files.privateKeyFile} does not belong to the certificate in ${files.certificateFile}`,
      );
    }
    checkDates(own, files.certificateFile, wallMs);
    return { kind: 'done', credentials: secureContext(ca, certificate, privateKey, files) };
  } catch (error) {
    if (error instanceof Unfit) return { kind: 'failed', detail: error.message };
    throw error;
  }
}

/** A day as people write it, in UTC, for others to compare with a certificate. */
export function dayOf(ms: number): string {
  return Number.isFinite(ms) ? new Date(ms).toISOString().slice(0, 10) : 'an unreadable date';
}

function read(file: string, check: (mode: number, file: string) => void = () => {}): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw new Unfit(
      `${file} cannot be read (${codeOf(error)}): put it there, readable to the kiosk`,
    );
  }
  try {
    // Of what was opened, not of what has the name by now.
    check(fstatSync(descriptor).mode, file);
    return readFileSync(descriptor, 'utf8');
  } catch (error) {
    if (error instanceof Unfit) throw error;
    throw new Unfit(`${file} cannot be read (${codeOf(error)})`);
  } finally {
    closeSync(descriptor);
  }
}

/** A group of its own may read the key, as where root owns it; nobody else may do anything with it. */
function refuseOthersAccess(mode: number, file: string): void {
  if (process.platform === 'win32' || (mode & 0o037) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  throw new Unfit(
    `others can get at the private key in ${file} (mode ${octal}): chmod 600 ${file}`,
  );
}

function certificateIn(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Unfit(`${file} holds no certificate in PEM`);
  }
}

function keyIn(pem: string, file: string): KeyObject {
  // In its label (PKCS #8) or its first header (RFC 1421): each library has its own error for it.
  if (pem.includes('ENCRYPTED')) {
    throw new Unfit(
      `the private key in ${file} is enciphered, and nobody is there to type its passphrase: store it without`,
    );
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Unfit(`${file} holds no private key in PEM`);
  }
}

function checkDates({ validFrom, validTo }: X509Certificate, file: string, wallMs: number): void {
  if (wallMs > Date.parse(validTo)) {
    throw new Unfit(
      `the station's certificate in ${file} expired on ${dayOf(Date.parse(validTo))}: renew it`,
    );
  }
  if (wallMs < Date.parse(validFrom)) {
    throw new Unfit(
      `the station's certificate in ${file} is valid from ${dayOf(Date.parse(validFrom))}, and the kiosk's clock says ${dayOf(wallMs)}`,
    );
  }
}

function secureContext(
  ca: string,
  cert: string,
  key: string,
  { certificateFile }: CredentialFiles,
): SecureContext {
  try {
    // `ca` stands in place of the system's. 1.3 has no renegotiation and no compression; early data needs a session of
    // before, and none is ever kept.
    return createSecureContext({ ca, cert, key, minVersion: 'TLSv1.3' });
  } catch (error) {
    throw new Unfit(`TLS does not take the certificate in ${certificateFile} (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
