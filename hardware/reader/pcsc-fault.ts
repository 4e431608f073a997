import type { CardFault, ReaderFault } from './port.ts';

/** PC/SC's error codes (pcsclite.h, winscard.h), counted from 0x80100000, by the names that pcsc-mini gives them. */
const names: Readonly<Record<number, string>> = {
  2: 'Cancelled',
  3: 'InvalidHandle',
  4: 'InvalidParameter',
  6: 'NoMemory',
  8: 'InsufficientBuffer',
  9: 'UnknownReader',
  10: 'Timeout',
  11: 'SharingViolation',
  12: 'NoSmartCard',
  15: 'ProtoMismatch',
  16: 'NotReady',
  17: 'InvalidValue',
  18: 'SystemCancelled',
  19: 'CommError',
  21: 'InvalidAtr',
  22: 'NotTransacted',
  23: 'ReaderUnavailable',
  24: 'Shutdown',
  26: 'ReaderUnsupported',
  28: 'CardUnsupported',
  29: 'NoService',
  30: 'ServiceStopped',
  46: 'NoReadersAvailable',
  47: 'CommDataLost',
  49: 'ServerTooBusy',
  101: 'UnsupportedCard',
  102: 'UnresponsiveCard',
  103: 'UnpoweredCard',
  104: 'ResetCard',
  105: 'RemovedCard',
  106: 'SecurityViolation',
};

/** "NoService" for 0x8010001D; a number that has no name here stays one. */
export function codeName(value: number): string {
  return names[value - 0x8010_0000] ?? `0x${value.toString(16)}`;
}

/**
 * What an error code of PC/SC, by name, says about the world. `ambiguous`:
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
