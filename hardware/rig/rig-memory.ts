import { z } from 'zod';
import type { PbocCardMemory } from '../card/pboc/simulated-memory.ts';
import type { TerminalMemory } from '../terminal/zvt/simulated-books.ts';

/** What the simulated cards and bank terminals of a station remember without power. No keys are in it. */
export type RigMemory = {
  /** By the card's id in the drawer. */
  readonly cards: Readonly<Record<string, PbocCardMemory>>;
  /** By the terminal's id. */
  readonly terminals: Readonly<Record<string, TerminalMemory>>;
};

const count = z.int().nonnegative();
const counter = count.max(0xffff);
const hexBytes = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

const card = z.strictObject({
  balance: count.max(0xffff_ffff),
  onlineCounter: counter,
  offlineCounter: counter,
  blocked: z.boolean(),
  locked: z.boolean(),
  wrongMac2sLeft: count,
  pinTriesLeft: count,
  log: z.array(hexBytes(23)),
  proof: z.strictObject({ type: count.max(0xff), counter, tac: hexBytes(4) }).nullable(),
}) satisfies z.ZodType<PbocCardMemory>;

const receipt = z.int().min(1).max(9_999);
const trace = z.int().min(1).max(999_999);

const terminal = z.strictObject({
  entries: z.array(
    z.strictObject({
      receipt,
      trace,
      amountMinor: count,
      kind: z.enum(['reservation', 'payment']),
      status: z.enum(['authorised', 'captured', 'reversed', 'declined']),
      booked: z.strictObject({ receipt, trace }).nullable(),
    }),
  ),
  lastSlip: z
    .strictObject({
      receipt,
      trace,
      amountMinor: count,
      resultCode: count.max(0xff),
      originalTrace: trace.nullable(),
    })
    .nullable(),
  nextReceipt: receipt,
  nextTrace: trace,
}) satisfies z.ZodType<TerminalMemory>;

/** A rig's memory as it comes back from outside. Strict: what no rig of this version wrote is an error, not a guess. */
export const rigMemory = z.strictObject({
  cards: z.record(z.string(), card),
  terminals: z.record(z.string(), terminal),
}) satisfies z.ZodType<RigMemory>;
