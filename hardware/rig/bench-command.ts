import { z } from 'zod';
import type { BenchCommand } from '../../main/contract/bench.ts';

const id = z.string().min(1).max(64);

const schema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('insert-card'), card: id }),
  z.strictObject({ kind: z.literal('pull-card') }),
  z.strictObject({ kind: z.literal('fresh-cards') }),
  z.strictObject({ kind: z.literal('approve-payment'), terminal: id }),
  z.strictObject({ kind: z.literal('decline-payment'), terminal: id }),
  z.strictObject({ kind: z.literal('silence-terminal'), terminal: id, silent: z.boolean() }),
  z.strictObject({ kind: z.literal('set-paper'), out: z.boolean() }),
  z.strictObject({ kind: z.literal('set-cover'), open: z.boolean() }),
  z.strictObject({ kind: z.literal('tear-off') }),
  z.strictObject({
    kind: z.literal('set-cable'),
    cable: id,
    plugged: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('arm-trap'), trap: id, armed: z.boolean() }),
  z.strictObject({ kind: z.literal('kill-process') }),
]);

/** What the bench's page says, checked: it comes from outside. Null where it is no command. */
export function parseBenchCommand(message: unknown): BenchCommand | null {
  const parsed = schema.safeParse(message);
  return parsed.success ? parsed.data : null;
}
