import { z } from 'zod';
import { cardProfileShape } from '../profile.ts';

const byte = z.int().min(0).max(0xff);
const offset = z.int().min(0).max(0xfe);
const sfi = z.int().min(1).max(30);
const hex = z.string().regex(/^([0-9a-fA-F]{2})+$/, 'must be pairs of hex digits');
const dfName = z.string().regex(/^([0-9a-fA-F]{2}){5,16}$/, 'must be 5 to 16 bytes in hex');

const logSchema = z.strictObject({
  sfi,
  order: z.enum(['newest-first', 'oldest-first']),
  records: z.int().min(1).max(50),
  /** What a row says of a load whose INITIALIZE answered n. */
  counter: z.enum(['n', 'n+1']),
});

const numberFileSchema = z
  .strictObject({
    sfi,
    lengthBytes: z.int().min(1).max(256),
    /** The application serial number: packed BCD, of which the first digits may be filling. */
    numberOffset: offset,
    numberBytes: z.int().min(8).max(10),
    skippedDigits: z.int().min(0).max(4),
    /** Where a byte 01 says that the card is enabled; null where the issuer has no such byte. */
    enabledOffset: offset.nullable(),
    /** 4 bytes BCD YYYYMMDD; null where the card holds none. */
    validFromOffset: offset.nullable(),
    validToOffset: offset.nullable(),
    /** Bytes that must stand in the file, for operators that share an AID (issuer or city code); null: any. */
    recognisedBy: z.strictObject({ offset, hex }).nullable(),
  })
  .refine(({ lengthBytes, ...at }) => {
    const ends = [at.numberOffset + at.numberBytes];
    if (at.enabledOffset !== null) ends.push(at.enabledOffset + 1);
    if (at.validFromOffset !== null) ends.push(at.validFromOffset + 4);
    if (at.validToOffset !== null) ends.push(at.validToOffset + 4);
    if (at.recognisedBy !== null)
      ends.push(at.recognisedBy.offset + at.recognisedBy.hex.length / 2);
    return ends.every((end) => end <= lengthBytes);
  }, 'a field lies beyond the end of the file (lengthBytes)');

/**
 * What differs from one operator's PBOC card to the next (cards.md 0, card profiles): data, never code. The shape of the
 * configuration file; amounts are minor units of the station's currency, everything else is as on the card.
 */
export const pbocProfileSchema = z.strictObject({
  ...cardProfileShape,
  /** Tried in this order. */
  aids: z.array(dfName).min(1),
  numberFile: numberFileSchema,
  /** The log of all transactions (SFI 18); null: it cannot be read. */
  log: logSchema.nullable(),
  /** A second log, of loads alone (SFI 1A on city cards), which purchases do not push loads out of; null: none. */
  loadLog: logSchema.nullable().default(null),
  /** The counters with which GET TRANSACTION PROVE is asked, in this order; empty: the card does not know it. */
  proofCounters: z.array(z.enum(['n', 'n+1'])).max(2),
  pin: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('fixed'),
      digits: z.string().regex(/^([0-9]{2}){2,6}$/, 'must be an even number of digits, 4 to 12'),
      format: z.enum(['bcd', 'ascii']),
    }),
  ]),
  /** Index of the load key, in INITIALIZE FOR LOAD. Of several the first that the card has. */
  keyIndex: z
    .union([byte, z.array(byte).min(1).max(8)], 'must be a byte, or a list of 1 to 8 of them')
    .transform((given): readonly number[] => (typeof given === 'number' ? [given] : given)),
  purse: z.enum(['ed', 'ep']),
  /** True: the balance has an overdraft limit counted in, which the card tells (T-Union). */
  overdraft: z.boolean().default(false),
});

export type PbocProfile = z.output<typeof pbocProfileSchema>;
export type PbocLog = z.output<typeof logSchema>;
export type CounterConvention = 'n' | 'n+1';

/** Check a profile from a configuration. Throws an Error whose message names each key that is unknown, missing or wrong. */
export function parsePbocProfile(value: unknown): PbocProfile {
  const parsed = pbocProfileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`card profile is not valid:\n${z.prettifyError(parsed.error)}`);
}
