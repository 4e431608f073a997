import { buildApdu } from '../apdu.ts';
import { passwordField } from './password.ts';

const statusEnquiry = 0x0501;

/** Status enquiry 05 01. */
export function buildStatusEnquiry(request: { readonly password: string }): Uint8Array {
  return buildApdu(statusEnquiry, passwordField(request.password));
}

/**
 * The terminal status in the completion's data: an optional software version (three digits of length, F0-F9 each, then
 * text), then the status byte, 00 when all is well. Null when there is none.
 */
export function parseTerminalStatus(data: Uint8Array): number | null {
  let length = 0;
  for (let at = 0; at < 3; at += 1) {
    const byte = data[at] ?? 0;
    if (byte >> 4 !== 0x0f || (byte & 0x0f) > 9) return data[0] ?? null;
    length = length * 10 + (byte & 0x0f);
  }
  return data[3 + length] ?? null;
}
