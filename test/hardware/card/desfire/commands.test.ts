import { describe, expect, it } from 'vitest';
import { parseResponse } from '../../../../hardware/card/apdu.ts';
import { joinBytes } from '../../../../hardware/card/bytes.ts';
import { loadRecord, parseRecord } from '../../../../hardware/card/desfire/card-record.ts';
import {
  type DesfireCommand,
  nextFrame,
  parseFrame,
  wrapped,
} from '../../../../hardware/card/desfire/command.ts';
import {
  commitTransaction,
  commitWithTransactionMac,
} from '../../../../hardware/card/desfire/commit-transaction.ts';
import { credit } from '../../../../hardware/card/desfire/credit.ts';
import {
  getRecordFileSettings,
  getValueFileSettings,
} from '../../../../hardware/card/desfire/get-file-settings.ts';
import { getValue } from '../../../../hardware/card/desfire/get-value.ts';
import { getVersion } from '../../../../hardware/card/desfire/get-version.ts';
import { desfireProfileSchema } from '../../../../hardware/card/desfire/profile.ts';
import { campusDesfire, transitDesfire } from '../../../../hardware/card/desfire/profiles.ts';
import { readData } from '../../../../hardware/card/desfire/read-data.ts';
import { readRecords } from '../../../../hardware/card/desfire/read-records.ts';
import { selectApplication } from '../../../../hardware/card/desfire/select-application.ts';
import { readTransactionMac } from '../../../../hardware/card/desfire/transaction-mac-file.ts';
import { transactionMacInput } from '../../../../hardware/card/desfire/transaction-mac-input.ts';
import { writeRecord } from '../../../../hardware/card/desfire/write-record.ts';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';

const { recordFile } = campusDesfire;
const record = loadRecord(recordFile, {
  counter: 0x01020304,
  amount: 5_000,
  terminalId: fromHex('000001000050'),
  dateTime: fromHex('20260302160000'),
  reference: fromHex('A1A2A3A4A5A6A7A8'),
});
const recordHex =
  '04030201' + '01' + '88130000' + '000001000050' + '20260302160000' + 'A1A2A3A4A5A6A7A8' + '0000';

describe('a command goes out as cards.md 2 has it', () => {
  const commands: readonly (readonly [string, DesfireCommand<unknown>, string])[] = [
    ['SELECT APPLICATION', selectApplication(fromHex('10DE5F')), '905A00000310DE5F00'],
    ['GET VERSION', getVersion, '9060000000'],
    ['GET FILE SETTINGS', getValueFileSettings(2), '90F50000010200'],
    ['GET FILE SETTINGS of records', getRecordFileSettings(3), '90F50000010300'],
    ['GET VALUE', getValue(1), '906C0000010100'],
    ['READ DATA', readData('READ DATA', 1, 17), '90BD0000070100000011000000'],
    ['READ DATA of the transaction MAC', readTransactionMac(15), '90BD0000070F0000000C000000'],
    ['READ RECORDS', readRecords(recordFile, 10), '90BB000007030000000A000000'],
    ['WRITE RECORD', writeRecord(3, record), `903B00002703000000200000${recordHex}00`],
    ['CREDIT', credit(1, 5_000), '900C000005018813000000'],
    ['COMMIT TRANSACTION', commitTransaction, '90C7000000'],
    ['COMMIT TRANSACTION with its MAC', commitWithTransactionMac, '90C70000010100'],
  ];

  it.each(commands)('%s', (_, { ins, header, data }, hex) => {
    expect(toHex(wrapped(ins, joinBytes(header, data)))).toBe(hex);
  });

  it('and the next frame is asked for', () => {
    expect(toHex(nextFrame)).toBe('90AF000000');
  });

  it.each([0, -1, 0x8000_0000, 1.5, Number.NaN])('and no credit of %d is ever made', (amount) => {
    expect(() => credit(1, amount)).toThrow(RangeError);
  });
});

describe('an answer is read', () => {
  it.each<readonly [string, DesfireCommand<unknown>, string, unknown]>([
    ['a value', getValue(1), 'D2040000', 1_234],
    ['a value below zero', getValue(1), 'FEFFFFFF', -2],
    [
      'the settings of a value file',
      getValueFileSettings(2),
      '02 03 1000 00000000 40420F00 00000000 00',
      { comm: 'full', upperLimit: 1_000_000 },
    ],
    [
      'the settings of a value file with further access rights',
      getValueFileSettings(2),
      '02 81 1000 00000000 40420F00 00000000 00 01 1F2F',
      { comm: 'mac', upperLimit: 1_000_000 },
    ],
    [
      'the settings of a record file',
      getRecordFileSettings(3),
      '04 00 1000 200000 0B0000 0A0000',
      { comm: 'plain', recordBytes: 32, records: 10 },
    ],
    [
      'the UID in GET VERSION',
      getVersion,
      '04010101001805 04010101041805 04A1B2C3D4E5F6 BA54 4300 00 3212',
      fromHex('04A1B2C3D4E5F6'),
    ],
    [
      'a transaction MAC',
      commitWithTransactionMac,
      '01000000 59918E96D1E2312E',
      { counter: 1, mac: fromHex('59918E96D1E2312E') },
    ],
  ])('%s', (_, command, hex, value) => {
    expect(command.parse(fromHex(hex))).toEqual({ kind: 'done', value });
  });

  it('records, which the card gives oldest first, are newest first', () => {
    const older = loadRecord(recordFile, {
      counter: 1,
      amount: 1,
      terminalId: new Uint8Array(6),
      dateTime: fromHex('20260101000000'),
      reference: new Uint8Array(8),
    });
    const answer = readRecords(recordFile, 2).parse(joinBytes(older, record));
    expect(answer).toMatchObject({
      kind: 'done',
      value: [
        {
          counter: 0x01020304,
          kind: 'load',
          amount: 5_000,
          terminal: '000001000050',
          dateTime: '20260302160000',
          reference: 'A1A2A3A4A5A6A7A8',
        },
        { counter: 1, amount: 1 },
      ],
    });
  });

  it('records with the most significant byte first, and without a reference', () => {
    const layout = { ...recordFile, byteOrder: 'big', referenceOffset: null } as const;
    const load = {
      counter: 0x01020304,
      amount: 5_000,
      terminalId: fromHex('000001000050'),
      dateTime: fromHex('20260302160000'),
      reference: fromHex('A1A2A3A4A5A6A7A8'),
    };
    const bytes = loadRecord(layout, load);
    expect(toHex(bytes).slice(0, 18)).toBe('010203040100001388');
    expect(parseRecord(layout, bytes)).toMatchObject({
      ...{ counter: load.counter, amount: 5_000 },
      reference: null,
    });
  });
});

describe('an answer that is none is refused with the command’s name', () => {
  it.each<readonly [string, DesfireCommand<unknown>, string, string]>([
    [
      'a short value',
      getValue(1),
      'D204',
      'GET VALUE answered 9100 but truncated: 2 bytes, 4 expected',
    ],
    [
      'a long value',
      getValue(1),
      'D204000000',
      'GET VALUE answered 9100 but too long: 5 bytes, 4 expected',
    ],
    [
      'a commit that says something',
      commitTransaction,
      '00',
      'COMMIT TRANSACTION answered 9100 but too long: 1 bytes, 0 expected',
    ],
    [
      'a commit without its MAC',
      commitWithTransactionMac,
      '',
      'COMMIT TRANSACTION answered 9100 but truncated: 0 bytes, 12 expected',
    ],
    [
      'a short version',
      getVersion,
      '04',
      'GET VERSION answered 9100 but truncated: 1 bytes, 28 expected',
    ],
    [
      'settings of another file',
      getValueFileSettings(2),
      '0400100020000000000000000000',
      'GET FILE SETTINGS of the value file answered 9100 but it is a file of another kind',
    ],
    [
      'short settings',
      getValueFileSettings(2),
      '0203',
      'GET FILE SETTINGS of the value file answered 9100 but truncated: 2 bytes, 17 expected',
    ],
    [
      'a record too few',
      readRecords(recordFile, 2),
      recordHex,
      'READ RECORDS answered 9100 but truncated: 32 bytes, 64 expected',
    ],
  ])('%s', (_, command, hex, detail) => {
    expect(command.parse(fromHex(hex))).toEqual({ kind: 'malformed', detail });
  });

  it.each([
    ['91BE', 'CREDIT answered 91BE (beyond a limit)'],
    ['911E', 'CREDIT answered 911E (checksum, MAC or padding wrong)'],
    ['91AE', 'CREDIT answered 91AE (not authenticated)'],
    ['91CA', 'CREDIT answered 91CA (an earlier command was not finished)'],
    ['9177', 'CREDIT answered 9177'],
    ['6D00', 'CREDIT answered 6D00 (instruction not known)'],
  ])('a status word %s', (hex, detail) => {
    const response = parseResponse(fromHex(hex));
    if (response.kind === 'truncated') throw new Error(response.detail);
    const statusWord = Number.parseInt(hex, 16);
    expect(parseFrame('CREDIT', response.response)).toEqual({
      kind: 'refused',
      statusWord,
      detail,
    });
  });
});

it('a transaction MAC is made over whole blocks: a record’s header, the record, the credit', () => {
  const input = transactionMacInput([writeRecord(3, record), credit(2, 5_000)]);
  expect(toHex(input)).toBe(
    `3B03000000200000${'00'.repeat(8)}${recordHex}0C0288130000${'00'.repeat(10)}`,
  );
});

describe('a profile', () => {
  it.each([campusDesfire, transitDesfire])('that is ready is one: $name', (profile) => {
    expect(desfireProfileSchema.parse(profile)).toEqual(profile);
  });

  const { recordFile: records, valueFile } = transitDesfire;
  it.each<readonly [string, object, RegExp]>([
    [
      'a field beyond the record',
      { recordFile: { ...records, referenceOffset: 25 } },
      /beyond the end of the record/,
    ],
    ['two fields in one place', { recordFile: { ...records, amountOffset: 4 } }, /overlap/],
    [
      'loads that look like purchases',
      { recordFile: { ...records, purchaseKind: 1 } },
      /look the same/,
    ],
    [
      'a record longer than a frame',
      { recordFile: { ...records, lengthBytes: 41 } },
      /does not fit one frame/,
    ],
    ['a transaction MAC with EV1', { secureMessaging: 'ev1' }, /needs EV2/],
    ['an EV2 value in plain', { valueFile: { ...valueFile, comm: 'plain' } }, /proves nothing/],
    ['EV2 records in plain', { recordFile: { ...records, comm: 'plain' } }, /proves nothing/],
    ['an application of two bytes', { application: '10DE' }, /3 bytes in hex/],
    ['a key that no application has', { keyNumber: 14 }, /13/],
    ['a word that nobody knows', { aid: '10DE5F' }, /aid/],
    [
      'a number beyond its file',
      { numberFile: { ...campusDesfire.numberFile, numberOffset: 10 } },
      /beyond the end of the file/,
    ],
  ])('with %s is refused', (_, part, why) => {
    const parsed = desfireProfileSchema.safeParse({ ...transitDesfire, ...part });
    expect(parsed.success ? '' : parsed.error.message).toMatch(why);
  });

  it('says of each mode how long a record may be that fits one frame', () => {
    for (const [secureMessaging, comm, most] of [
      ['ev1', 'plain', 48],
      ['ev1', 'mac', 40],
      ['ev1', 'full', 44],
      ['ev2', 'mac', 40],
      ['ev2', 'full', 31],
    ] as const) {
      const fits = (lengthBytes: number) =>
        desfireProfileSchema.safeParse({
          ...campusDesfire,
          secureMessaging,
          recordFile: { ...recordFile, comm, lengthBytes },
        }).success;
      expect(fits(most)).toBe(true);
      expect(fits(most + 1)).toBe(false);
    }
  });
});
