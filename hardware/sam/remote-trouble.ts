import type { TLSSocket } from 'node:tls';
import type { DeviceFault } from '../../main/contract/device.ts';
import { dayOf } from './remote-credentials.ts';

/** Why there is no SAM host to talk to. `detail` names the thing and the remedy, for the technician. */
export type Trouble = {
  readonly fault: Extract<DeviceFault, 'service-down' | 'silent' | 'garbled' | 'not-ready'>;
  readonly detail: string;
};

/** Whom a station wants to reach. */
export type HostAddress = {
  readonly host: string;
  readonly port: number;
  /** The name that the host's certificate must bear, where it is not `host`. */
  readonly serverName?: string | undefined;
};

/** The host as it is called in every line. */
export function hostName({ host, port }: HostAddress): string {
  return `the SAM host ${host}:${port}`;
}

/** Errors of the system below TLS (errno, getaddrinfo). */
const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: start the SAM host, or correct the port',
  ENOTFOUND: 'its name is not known: correct the name, or look at the name server',
  EAI_AGAIN: 'the name server does not answer: look at the network',
  EHOSTUNREACH: 'no way leads there: look at the network',
  ENETUNREACH: 'no way leads there: look at the network',
  ETIMEDOUT: 'nothing answers: look at the network and at the SAM host',
};

/** TLS alerts that are about the station's certificate (RFC 8446, section 6), as OpenSSL and BoringSSL name them. */
const certificateAlerts: Readonly<Record<string, string>> = {
  BAD_CERTIFICATE: 'it is damaged or not fit for this',
  UNSUPPORTED_CERTIFICATE: 'it is not of a kind that it takes',
  CERTIFICATE_REVOKED: 'it has been revoked',
  CERTIFICATE_EXPIRED: 'it has expired',
  CERTIFICATE_UNKNOWN: 'it does not say why',
  UNKNOWN_CA: 'it does not know the CA that issued it',
  ACCESS_DENIED: 'it may not come in with it',
  CERTIFICATE_REQUIRED: 'it received none',
};

/** What an error of the socket means, before a connection has been made or after. */
export function troubleOf(address: HostAddress, code: string): Trouble {
  const name = hostName(address);
  const alert = /ALERT_(\w+)$/.exec(code)?.[1] ?? '';
  const complaint = certificateAlerts[alert];
  if (complaint !== undefined) {
    const detail = `${name} refuses the station's certificate: ${complaint}`;
    return { fault: 'not-ready', detail };
  }
  if (/PROTOCOL_VERSION$|UNSUPPORTED_PROTOCOL$/.test(code)) {
    return { fault: 'not-ready', detail: `${name} does not offer TLS 1.3: set it up for that` };
  }
  if (/WRONG_VERSION_NUMBER$|PACKET_LENGTH_TOO_LONG$/.test(code)) {
    return {
      fault: 'garbled',
      detail: `what answers as ${name} does not speak TLS: correct the port`,
    };
  }
  if (code.startsWith('ERR_SSL_')) {
    return { fault: 'garbled', detail: `${name} and the station cannot agree on TLS (${code})` };
  }
  const why = unreachable[code] ?? 'look at the network and at the SAM host';
  return { fault: 'service-down', detail: `${name} cannot be reached (${code}): ${why}` };
}

/**
 * What is wrong with the certificate of the host at the other end, null where nothing is. `error`: the code of the socket's
 * authorizationError, which OpenSSL's X509_verify_cert or Node's comparison of names has set.
 */
export function certificateTrouble(
  socket: TLSSocket,
  address: HostAddress,
  caFile: string,
): Trouble | null {
  if (socket.authorized) return null;
  const name = hostName(address);
  const error = String(socket.authorizationError);
  const certificate = socket.getPeerX509Certificate();
  const from = Date.parse(certificate?.validFrom ?? '');
  const to = Date.parse(certificate?.validTo ?? '');
  return { fault: 'not-ready', detail: `${name} is not trusted: ${what()}` };

  function what(): string {
    switch (error) {
      case 'ERR_TLS_CERT_ALTNAME_INVALID':
        return `its certificate is for ${certificate?.subjectAltName ?? certificate?.subject ?? 'nobody'}, not for ${address.serverName ?? address.host}; correct the server name or the certificate`;
      case 'CERT_HAS_EXPIRED':
        return `its certificate, or one above it, has expired (its own on ${dayOf(to)}); renew it there`;
      case 'CERT_NOT_YET_VALID':
        return `its certificate is valid from ${dayOf(from)}; set the kiosk's clock, or renew it there`;
      default:
        return `its certificate was not issued for a server by the CA in ${caFile} (${error})`;
    }
  }
}
