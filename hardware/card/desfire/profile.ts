import { z } from 'zod';
import { cardProfileShape } from '../profile.ts';

const byte = z.int().min(0).max(0xff);
const offset = z.int().min(0).max(0xff);
const fileNumber = z.int().min(0).max(0x1f);
/** Communication mode of a file (cards.md 2.2): 00 plain, 01 MAC, 03 full (enciphered). */
const comm = z.enum(['plain', 'mac', 'full']);

const numberFileSchema = z
  .strictObject({
    file: fileNumber,
    lengthBytes: z.int().min(1).max(52),
    /** The card number: packed BCD, of which the first digits may be filling. */
    numberOffset: offset,
    numberBytes: z.int().min(4).max(10),
    skippedDigits: z.int().min(0).max(4),
    /** Where a byte 01 says that the card is enabled; null where the issuer has no such byte. */
    enabledOffset: offset.nullable(),
    /** 4 bytes BCD YYYYMMDD; null where the card holds none. */
    validFromOffset: offset.nullable(),
    validToOffset: offset.nullable(),
  })
  .refine(({ lengthBytes, ...at }) => {
    const ends = [at.numberOffset + at.numberBytes];
    if (at.enabledOffset !== null) ends.push(at.enabledOffset + 1);
    if (at.validFromOffset !== null) ends.push(at.validFromOffset + 4);
    if (at.validToOffset !== null) ends.push(at.validToOffset + 4);
    return ends.every((end) => end <= lengthBytes);
  }, 'a field lies beyond the end of the file (lengthBytes)');

/** One command with its protection must fit one frame of the card (cards.md 2.1): 55 bytes after the instruction. */
const frameBytes = 55;
const writeRecordHeaderBytes = 7;

const recordFileSchema = z
  .strictObject({
    file: fileNumber,
    comm,
    /** Of one record. */
    lengthBytes: z.int().min(24).max(48),
    /** Of the numbers in a record: the counter and the amount. */
    byteOrder: z.enum(['little', 'big']),
    /**
     * Each record's own number, one more than that of the record before it, whoever writes it: what shows that a record is
     * missing is not only out of sight. The first record of a card is 1.
     */
    counterOffset: offset,
    counterBytes: z.int().min(2).max(4),
    kindOffset: offset,
    loadKind: byte,
    purchaseKind: byte,
    /** 4 bytes, in the card's own unit. */
    amountOffset: offset,
    /** 6 bytes. */
    terminalOffset: offset,
    /** 7 bytes BCD YYYYMMDDhhmmss. */
    dateTimeOffset: offset,
    /** 8 bytes: the first of the SHA-256 of the order's reference. Null where the record has no room for it. */
    referenceOffset: offset.nullable(),
  })
  .refine(
    (file) => fieldsOf(file).every(([at, length]) => at + length <= file.lengthBytes),
    'a field lies beyond the end of the record (lengthBytes)',
  )
  .refine((file) => {
    const fields = fieldsOf(file).sort(([a], [b]) => a - b);
    return fields.every(
      ([at, length], nth) => at + length <= (fields[nth + 1]?.[0] ?? at + length),
    );
  }, 'two fields of the record overlap')
  .refine((file) => file.loadKind !== file.purchaseKind, 'loads and purchases look the same');

function fieldsOf(file: {
  readonly counterOffset: number;
  readonly counterBytes: number;
  readonly kindOffset: number;
  readonly amountOffset: number;
  readonly terminalOffset: number;
  readonly dateTimeOffset: number;
  readonly referenceOffset: number | null;
}): (readonly [at: number, lengthBytes: number])[] {
  const fields: (readonly [number, number])[] = [
    [file.counterOffset, file.counterBytes],
    [file.kindOffset, 1],
    [file.amountOffset, 4],
    [file.terminalOffset, 6],
    [file.dateTimeOffset, 7],
  ];
  if (file.referenceOffset !== null) fields.push([file.referenceOffset, 8]);
  return fields;
}

/**
 * What differs from one operator's DESFire card to the next: data, never code. The shape of the configuration file;
 * amounts are minor units of the station's currency, everything else is as on the card.
 */
export const desfireProfileSchema = z
  .strictObject({
    ...cardProfileShape,
    /** The application identifier as it is sent, least significant byte first: 6 hex digits. */
    application: z.string().regex(/^[0-9a-fA-F]{6}$/, 'must be 3 bytes in hex'),
    /** The key that may read and write the value file and the record file, by its number on the card. */
    keyNumber: z.int().min(0).max(13),
    /** Which of the issuer's keys stands there, in the words of the load authority. */
    keyVersion: byte,
    /** `ev1`: AuthenticateAES (AA); `ev2`: AuthenticateEV2First (71). */
    secureMessaging: z.enum(['ev1', 'ev2']),
    /** A standard data file that anybody may read. Null: the card number is the UID, and the card says no dates. */
    numberFile: numberFileSchema.nullable(),
    valueFile: z.strictObject({ file: fileNumber, comm }),
    /** A cyclic record file. Each load and each purchase that writes to it does so with its credit or debit, in one transaction. */
    recordFile: recordFileSchema,
    /** Whether anybody may read value and records. If not, reading a card takes the load authority too. */
    readableWithoutKey: z.boolean(),
    /** The transaction MAC file (EV2 and later); null where the application has none. */
    transactionMacFile: z.strictObject({ file: fileNumber, comm }).nullable(),
  })
  .refine(
    ({ secureMessaging, transactionMacFile }) =>
      transactionMacFile === null || secureMessaging === 'ev2',
    { error: 'a transaction MAC needs EV2', path: ['transactionMacFile'] },
  )
  .refine(
    // An EV1 card adds a MAC to what it says in plain; an EV2 card adds none, and anybody could have said it.
    ({ secureMessaging, valueFile, recordFile }) =>
      secureMessaging === 'ev1' || (valueFile.comm !== 'plain' && recordFile.comm !== 'plain'),
    { error: 'in plain, an EV2 card proves nothing: value and records need mac or full' },
  )
  .refine(
    ({ secureMessaging, recordFile }) =>
      writeRecordHeaderBytes +
        protectedBytes(secureMessaging, recordFile.comm, recordFile.lengthBytes) <=
      frameBytes,
    { error: 'a record does not fit one frame', path: ['recordFile', 'lengthBytes'] },
  );

/** What a command's data take up once they are protected (cards.md 2.3, 2.4). */
function protectedBytes(
  secureMessaging: 'ev1' | 'ev2',
  mode: CommMode,
  lengthBytes: number,
): number {
  const macBytes = 8;
  if (mode === 'plain') return lengthBytes;
  if (mode === 'mac') return lengthBytes + macBytes;
  if (secureMessaging === 'ev1') return Math.ceil((lengthBytes + 4) / 16) * 16;
  return Math.floor(lengthBytes / 16 + 1) * 16 + macBytes;
}

export type DesfireProfile = z.infer<typeof desfireProfileSchema>;
export type CommMode = z.infer<typeof comm>;
export type RecordFile = DesfireProfile['recordFile'];
