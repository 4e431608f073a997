import { z } from 'zod';

/** The version of the protocol in docs/sam-protocol.md. */
export const protocolVersion = 1;

const body = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** Others' words, on their way to a log and a technician's screen: one line of bearable length. */
const detail = z
  .string()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  .transform((text) => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, 300));

const readiness = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** The host runs, and cannot serve this family: keys missing, module locked. `detail` names it and the remedy. */
  z.object({ kind: z.literal('not-ready'), detail }),
]);

/** What a host says of one family. */
export type Readiness = z.infer<typeof readiness>;

const refusalReason = z.enum(['protocol', 'certificate', 'unknown-station']);

export type RefusalReason = z.infer<typeof refusalReason>;

const id = z.string().min(1).max(64);

/** Everything that a host says. Keys that are not named here are passed over: a later minor change may add some. */
export const hostMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.int(),
    families: z.record(z.string(), readiness),
  }),
  z.object({ type: z.literal('refusal'), reason: refusalReason, detail }),
  z.object({
    type: z.literal('answer'),
    id,
    answer: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('done'), body }),
      z.object({ kind: z.literal('failed'), detail }),
    ]),
  }),
  z.object({ type: z.literal('health'), family: z.string(), readiness }),
  z.object({ type: z.literal('pong') }),
]);

export type HostMessage = z.infer<typeof hostMessage>;

/** Everything that a station says. */
export const stationMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.int(),
    station: z.string(),
    families: z.array(z.string()),
  }),
  z.object({
    type: z.literal('question'),
    id,
    family: z.string(),
    deed: z.string(),
    body,
    repeatable: z.boolean(),
  }),
  z.object({ type: z.literal('ping') }),
]);

export type StationMessage = z.infer<typeof stationMessage>;
