import type { KeyObject } from 'node:crypto';
import type { ProtectionMode } from './authority.ts';

/** Secure messaging with one card, from its authentication on. Each command is followed by its answer: they keep one account. */
export interface SecureSession {
  /** What follows the header in the command. */
  protect(mode: ProtectionMode, ins: number, header: Uint8Array, data: Uint8Array): Uint8Array;
  /** The data in an answer with status 00; null where it is not genuine. */
  verify(mode: ProtectionMode, lengthBytes: number, answer: Uint8Array): Uint8Array | null;
}

/** The authority's half of an authentication. */
export type BegunAuthentication = {
  /** E(RndA || RndB rotated), 32 bytes. */
  readonly response: Uint8Array;
  /** Null where the card's last answer does not show that it has the key. */
  finish(answer: Uint8Array): SecureSession | null;
};

/** `challenge`: E(RndB) as the card answered it. `rndA`: 16 bytes nobody can foresee. */
export type BeginAuthentication = (
  key: KeyObject,
  challenge: Uint8Array,
  rndA: Uint8Array,
) => BegunAuthentication;

export const macBytes = 8;

/** An answer as what it says and the MAC at its end; null where it is too short to have one. */
export function splitMac(
  answer: Uint8Array,
): { readonly payload: Uint8Array; readonly mac: Uint8Array } | null {
  if (answer.length < macBytes) return null;
  const at = answer.length - macBytes;
  return { payload: answer.subarray(0, at), mac: answer.subarray(at) };
}
