import type { CardFault, ReaderFault } from './port.ts';

/**
 * What an error code of pcsc-mini says about the world. Its codes are those of PC/SC (winscard.h) by name. `ambiguous`:
 * the exchange failed, and only the reader's presence can tell whether the card has gone or fallen silent.
 */
export function pcscFault(error: unknown): ReaderFault | CardFault | { kind: 'ambiguous' } {
  switch (codeOf(error)) {
    case 'NoSmartCard':
    case 'RemovedCard':
    // Somebody pulled the card and put it, or another one, back: seen through pcscd.
    case 'ResetCard':
    case 'NoCardConnection':
      return { kind: 'card-gone' };
    case 'UnresponsiveCard':
    case 'UnpoweredCard':
      return { kind: 'card-mute' };
    case 'UnsupportedCard':
    case 'CardUnsupported':
    case 'ProtoMismatch':
    case 'InvalidAtr':
      return { kind: 'card-garbled' };
    case 'NotTransacted':
    case 'CommDataLost':
      return { kind: 'ambiguous' };
    case 'SharingViolation':
    case 'DeviceBusy':
    case 'ServerTooBusy':
      return { kind: 'reader-busy' };
    case 'UnknownReader':
    case 'ReaderUnavailable':
    case 'NoReadersAvailable':
    case 'ReaderUnsupported':
      return { kind: 'reader-gone' };
    // CommError is between the library and the daemon: what a killed pcscd leaves behind.
    case 'CommError':
    case 'NoService':
    case 'ServiceStopped':
    case 'Shutdown':
    case 'SystemCancelled':
    case 'InvalidHandle':
    // pcsc-mini has four places for connections, and never clears one that it could not close.
    case 'TooManyCardConnections':
    case 'TooManyConnectRequests':
      return { kind: 'service-down' };
    default:
      return { kind: 'reader-silent' };
  }
}

/** "NotTransacted", or what else can be said about the error. */
export function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}
