import { z } from 'zod';
import { bytes, type Deed } from '../../sam/deed.ts';

/**
 * What a DESFire card asks of its load authority: the holder of the key that may write the value file. Secure messaging
 * is done there and nowhere else; the kiosk carries commands to and fro and never has a session key.
 */

const byte = z.int().min(0).max(0xff);
const session = z.string().min(1).max(64);
const mode = z.enum(['plain', 'mac', 'full']);

/** How a command or an answer is protected. `plain` of EV1 answers carries a MAC all the same. */
export type ProtectionMode = z.infer<typeof mode>;

/**
 * The authority's part of AuthenticateAES (AA) or AuthenticateEV2First (71): the answer to the card's challenge. An
 * unused session just expires.
 */
export const authenticate = {
  name: 'authenticate',
  repeatable: true,
  question: z.strictObject({
    secureMessaging: z.enum(['ev1', 'ev2']),
    /** As it is sent: least significant byte first. */
    application: bytes(3),
    keyNumber: z.int().min(0).max(13),
    keyVersion: byte,
    uid: bytes(7),
    /** E(RndB). */
    challenge: bytes(16),
  }),
  answer: z.strictObject({
    session,
    /** E(RndA || RndB rotated). */
    response: bytes(32),
  }),
} satisfies Deed<unknown, unknown>;

/** Whether the card knows the key too. Only then is there a session. */
export const authenticated = {
  name: 'authenticated',
  repeatable: false,
  question: z.strictObject({
    session,
    /** What the card answered at last: 16 bytes (EV1), 32 (EV2). */
    answer: bytes(),
  }),
  answer: z.strictObject({ genuine: z.boolean() }),
} satisfies Deed<unknown, unknown>;

/** Protect one command. Its answer must be put to `verify` before the next command: the two keep one account. */
export const protect = {
  name: 'protect',
  repeatable: false,
  question: z.strictObject({
    session,
    mode,
    ins: byte,
    /** What is never enciphered: file number, offset, length. */
    header: bytes(),
    data: bytes(),
  }),
  /** What follows the header in the command: the data, enciphered or not, and the MAC where one is sent. */
  answer: z.strictObject({ data: bytes() }),
} satisfies Deed<unknown, unknown>;

/** Verify what the card answered with status 00. Where it is not genuine the session has ended. */
export const verify = {
  name: 'verify',
  repeatable: false,
  question: z.strictObject({
    session,
    mode,
    /** Of the data in the answer, once they are freed of padding and MAC. */
    lengthBytes: z.int().min(0).max(4_096),
    /** All that was answered before the status, all frames together. */
    data: bytes(),
  }),
  /** `data`: empty where not genuine. */
  answer: z.strictObject({ genuine: z.boolean(), data: bytes() }),
} satisfies Deed<unknown, unknown>;

/** Whether this is the transaction MAC (TMV) that the card makes of this transaction. */
export const verifyTransactionMac = {
  name: 'verify-transaction-mac',
  repeatable: true,
  question: z.strictObject({
    application: bytes(3),
    uid: bytes(7),
    /** TMC after the transaction, as the card answers it with the MAC. */
    counter: z.int().min(0).max(0xffff_ffff),
    /** TMI: the commands of the transaction (see transaction-mac-input.ts). */
    input: bytes(),
    mac: bytes(8),
  }),
  answer: z.strictObject({ genuine: z.boolean() }),
} satisfies Deed<unknown, unknown>;
