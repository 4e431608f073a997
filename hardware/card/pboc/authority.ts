import { z } from 'zod';
import { bytes, type Deed } from '../../sam/deed.ts';

const uint32 = z.int().min(0).max(0xffff_ffff);
const uint16 = z.int().min(0).max(0xffff);
const uint8 = z.int().min(0).max(0xff);

/** One load as its load authority needs to know it (cards.md 1.6). All byte fields as on the card's wire. */
const loadRequest = z.object({
  reference: z.string(),
  transactionType: uint8,
  /** The last 8 bytes of the application serial number, from which the card's keys are diversified. */
  cardNumber: bytes(8),
  /** In the card's own unit. */
  amount: uint32,
  terminalId: bytes(6),
  /** The whole answer to INITIALIZE FOR LOAD without status word; it names the key version and the algorithm. */
  challenge: bytes(16),
  /** BCD, YYYYMMDDhhmmss. */
  dateTime: bytes(7),
});

/** Null: MAC1 does not fit, so the card is not genuine, and no MAC2 is made for it. */
const loadPermission = z.object({ mac2: bytes(4).nullable() });

/** What a transaction authentication code is computed over: known before the credit, so it can be checked weeks later. */
const tacClaim = z.object({
  transactionType: uint8,
  cardNumber: bytes(8),
  amount: uint32,
  terminalId: bytes(6),
  dateTime: bytes(7),
  balanceAfter: uint32,
  /** On-line counter before the increment. */
  counter: uint16,
  tac: bytes(4),
});

const tacJudgement = z.object({ genuine: z.boolean() });

export type LoadRequest = z.output<typeof loadRequest>;
export type LoadPermission = z.output<typeof loadPermission>;
export type TacClaim = z.output<typeof tacClaim>;
export type TacJudgement = z.output<typeof tacJudgement>;

/** Verify MAC1, then make MAC2. */
export const authoriseLoad: Deed<LoadRequest, LoadPermission> = {
  name: 'authorise-load',
  repeatable: true,
  question: loadRequest,
  answer: loadPermission,
};

export const verifyTac: Deed<TacClaim, TacJudgement> = {
  name: 'verify-tac',
  repeatable: true,
  question: tacClaim,
  answer: tacJudgement,
};
