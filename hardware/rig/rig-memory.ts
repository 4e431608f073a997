import { z } from 'zod';
import type { TerminalMemory } from '../terminal/zvt/simulated-books.ts';
import { simulatedFamilies } from './simulated-families.ts';
import type { CardMemory } from './simulated-family.ts';

/** What the simulated cards and bank terminals of a station remember without power. No keys are in it. */
export type RigMemory = {
  /** By the card's id in the drawer. */
  readonly cards: Readonly<Record<string, CardMemory>>;
  /** By the terminal's id. */
  readonly terminals: Readonly<Record<string, TerminalMemory>>;
};

const count = z.int().nonnegative();
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
  cards: z.record(z.string(), z.union(simulatedFamilies.map(({ memory }) => memory))),
  terminals: z.record(z.string(), terminal),
}) satisfies z.ZodType<RigMemory>;
