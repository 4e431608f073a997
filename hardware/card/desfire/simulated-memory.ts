import { z } from 'zod';

/** All that a card remembers without power: plain data, fit for JSON. Its number and its keys are not in it. */
export type DesfireCardMemory = {
  readonly value: number;
  /** What may still be given back of the last debit without the load key. */
  readonly limitedCredit: number;
  /** Newest first, in hex. */
  readonly records: readonly string[];
  /** Of the last transaction: its number (TMC) and the MAC over it (TMV), 8 bytes in hex. Null where the card keeps none. */
  readonly transaction: { readonly counter: number; readonly mac: string } | null;
  /** By its issuer: the number file says so. */
  readonly blocked: boolean;
};

const hexBytes = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));

/** A memory as it comes back from outside. Strict: what no card of this version wrote is an error, not a guess. */
export const desfireCardMemory = z.strictObject({
  value: z.int(),
  limitedCredit: z.int().nonnegative(),
  records: z.array(z.string().regex(/^([0-9a-f]{2})+$/)),
  transaction: z.strictObject({ counter: z.int().nonnegative(), mac: hexBytes(8) }).nullable(),
  blocked: z.boolean(),
}) satisfies z.ZodType<DesfireCardMemory>;
