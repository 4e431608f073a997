import { z } from 'zod';

/** All that a card remembers without power: plain data, fit for JSON. Its number and its keys are not in it. */
export type PbocCardMemory = {
  /** With the overdraft limit counted in. */
  readonly balance: number;
  readonly onlineCounter: number;
  readonly offlineCounter: number;
  /** By its issuer. */
  readonly blocked: boolean;
  /** By itself, after too many wrong MAC2s. */
  readonly locked: boolean;
  readonly wrongMac2sLeft: number;
  readonly pinTriesLeft: number;
  /** Newest first, 23 bytes each in hex. */
  readonly log: readonly string[];
  /** The same of loads alone. */
  readonly loadLog: readonly string[];
  /** The TAC of the last transaction, 4 bytes in hex; null where it was given away or never made. */
  readonly proof: { readonly type: number; readonly counter: number; readonly tac: string } | null;
};

/** A row of the log: counter, overdraft limit, amount, type, terminal, date and time (cards.md 1.4). */
export function logRow(
  counter: number,
  overdraftLimit: number,
  amount: Uint8Array,
  type: number,
  terminal: Uint8Array,
  when: Uint8Array,
): string {
  const limit = [overdraftLimit >> 16, (overdraftLimit >> 8) & 0xff, overdraftLimit & 0xff];
  const head = [counter >> 8, counter & 0xff, ...limit];
  return Buffer.from([...head, ...amount, type, ...terminal, ...when]).toString('hex');
}

/** Byte 9 of a log row is its transaction type: 01 and 02 are loads. */
export function isLoadRow(row: string): boolean {
  return Number.parseInt(row.slice(18, 20), 16) <= 0x02;
}

const count = z.int().nonnegative();
const counter = count.max(0xffff);
const hexBytes = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

/** A memory as it comes back from outside. Strict: what no card of this version wrote is an error, not a guess. */
export const pbocCardMemory = z.strictObject({
  balance: count.max(0xffff_ffff),
  onlineCounter: counter,
  offlineCounter: counter,
  blocked: z.boolean(),
  locked: z.boolean(),
  wrongMac2sLeft: count,
  pinTriesLeft: count,
  log: z.array(hexBytes(23)),
  loadLog: z.array(hexBytes(23)),
  proof: z.strictObject({ type: count.max(0xff), counter, tac: hexBytes(4) }).nullable(),
}) satisfies z.ZodType<PbocCardMemory>;
