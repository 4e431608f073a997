import { expect, test } from 'vitest';
import { ApduAssembler, buildApdu } from '../../../hardware/terminal/zvt/apdu.ts';
import { fromBcd, toBcd } from '../../../hardware/terminal/zvt/bcd.ts';
import { walkBitmaps } from '../../../hardware/terminal/zvt/bitmap.ts';
import { buildAbort } from '../../../hardware/terminal/zvt/command/abort.ts';
import { parseAcknowledgement } from '../../../hardware/terminal/zvt/command/acknowledge.ts';
import { buildAuthorisation } from '../../../hardware/terminal/zvt/command/authorisation.ts';
import { buildBookTotal } from '../../../hardware/terminal/zvt/command/book-total.ts';
import {
  buildOpenReservations,
  parseOpenReservations,
} from '../../../hardware/terminal/zvt/command/open-reservations.ts';
import { buildRegistration } from '../../../hardware/terminal/zvt/command/registration.ts';
import { buildRepeatReceipt } from '../../../hardware/terminal/zvt/command/repeat-receipt.ts';
import { buildReservation } from '../../../hardware/terminal/zvt/command/reservation.ts';
import { buildReservationReversal } from '../../../hardware/terminal/zvt/command/reservation-reversal.ts';
import { buildReversal } from '../../../hardware/terminal/zvt/command/reversal.ts';
import {
  buildStatusEnquiry,
  parseTerminalStatus,
} from '../../../hardware/terminal/zvt/command/status-enquiry.ts';
import { parseStatusInformation } from '../../../hardware/terminal/zvt/command/status-information.ts';
import {
  formatMark,
  formatReference,
  parseMark,
  parseReference,
} from '../../../hardware/terminal/zvt/reference.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array) =>
  Buffer.from(data)
    .toString('hex')
    .toUpperCase()
    .replace(/(..)(?=.)/g, '$1 ');

const password = '000000';
const euro = 978;

test('each command is the bytes that terminals are known to take', () => {
  const attribute = bytes('37 35 30 30 37 31 00 00');
  const money = { amountMinor: 1234, currency: euro };
  expect(hex(buildRegistration({ password, configByte: 0xba, currency: euro }))).toBe(
    '06 00 06 00 00 00 BA 09 78',
  );
  expect(hex(buildAuthorisation(money))).toBe('06 01 0A 04 00 00 00 00 12 34 49 09 78');
  expect(hex(buildReservation(money))).toBe('06 22 0C 04 00 00 00 00 12 34 49 09 78 19 40');
  expect(hex(buildBookTotal({ receipt: 231, trace: 975, attribute, ...money }))).toBe(
    '06 24 1A 87 02 31 04 00 00 00 00 12 34 49 09 78 0B 00 09 75 3B 37 35 30 30 37 31 00 00',
  );
  expect(hex(buildBookTotal({ receipt: 231, trace: 975, attribute: null, ...money }))).toBe(
    '06 24 11 87 02 31 04 00 00 00 00 12 34 49 09 78 0B 00 09 75',
  );
  expect(hex(buildReservationReversal({ receipt: 231 }))).toBe('06 25 03 87 02 31');
  expect(hex(buildReversal({ password, receipt: 231 }))).toBe('06 30 06 00 00 00 87 02 31');
  expect(hex(buildRepeatReceipt({ password }))).toBe('06 20 03 00 00 00');
  expect(hex(buildStatusEnquiry({ password }))).toBe('05 01 03 00 00 00');
  expect(hex(buildOpenReservations())).toBe('06 23 03 87 FF FF');
  expect(hex(buildAbort())).toBe('06 B0 00');
});

test('a password that is not six digits and an amount that does not fit are mistakes', () => {
  expect(() => buildRepeatReceipt({ password: '12345' })).toThrow(RangeError);
  expect(() => toBcd(1_000_000_000_000, 6)).toThrow(RangeError);
  expect(() => toBcd(1.5, 6)).toThrow(RangeError);
  expect(() => toBcd(-1, 6)).toThrow(RangeError);
  expect(fromBcd(bytes('EE EE'))).toBeNull();
});

/** Captured from a Feig cVEND (public `zvt` crate); the card number is masked by the terminal itself. */
const captured = bytes(
  '27 00 04 00 00 00 00 25 00 49 09 78 0C 22 55 58 0D 04 05 22 F0 F8 55 98 83 EE EE EE 80 74' +
    '87 02 31 3B 37 35 30 30 37 31 00 00 0B 00 09 75 19 60 29 52 52 35 35 0E 24 05 8A 06 8C 01' +
    '8B F1 F1 4D 61 73 74 65 72 43 61 72 64 00' +
    '2A 38 30 34 30 31 31 39 32 36 20 20 20 20 20 20',
);

test('a real approval is read: 25.00 EUR, receipt 0231, trace 000975', () => {
  expect(captured).toHaveLength(0x5a);
  expect(parseStatusInformation(captured)).toEqual({
    resultCode: 0,
    amountMinor: 2500,
    currency: 978,
    receipt: 231,
    trace: 975,
    originalTrace: null,
    attribute: bytes('37 35 30 30 37 31 00 00'),
  });
});

test('what is of the card is never visited: number, tracks, expiry, sequence, CVV', () => {
  const seen: number[] = [];
  const rest = walkBitmaps(
    bytes(
      '27 00 22 F0 F8 55 98 83 12 34 56 80 74 23 F0 F3 12 34 56 24 F0 F0 F2 41 42 2D F0 F2 41 42' +
        '0E 24 05 17 00 01 3A 01 23 87 02 31',
    ),
    (bmp) => seen.push(bmp),
  );
  expect(rest).toBeNull();
  expect(seen).toEqual([0x27, 0x87]);
});

test('an unknown field ends the reading: what came before is good, what comes after cannot be placed', () => {
  const block = bytes('27 00 87 02 31 FB 01 02 03');
  expect(walkBitmaps(block, () => {})).toEqual({ bmp: 0xfb, length: 4 });
  expect(parseStatusInformation(block)).toMatchObject({ resultCode: 0, receipt: 231, trace: null });
});

test('a field that is cut short ends the reading', () => {
  for (const cut of ['0B 00 09', '22 F0', '22 F0 A8 11', '06 82 01', '06 05 01', '22 F0 F8 55']) {
    const seen: number[] = [];
    const rest = walkBitmaps(bytes(`27 00 ${cut}`), (bmp) => seen.push(bmp));
    expect(rest?.bmp, cut).toBe(bytes(cut)[0]);
    expect(seen).toEqual([0x27]);
  }
});

test('a TLV container of any length is stepped over', () => {
  for (const [length, head] of [
    [0x7f, '7F'],
    [0x80, '81 80'],
    [0x1234, '82 12 34'],
  ] as const) {
    const block = bytes(`06 ${head} ${'00'.repeat(length)} 87 02 31`);
    expect(parseStatusInformation(block).receipt).toBe(231);
  }
});

test('the open reservations are listed in each of the ways that terminals use', () => {
  const read = (data: string) => {
    const open = parseOpenReservations(bytes(data));
    return open === null ? null : [...open];
  };
  expect(read('B8 87 FF FF')).toEqual([]);
  expect(read('B8 87 01 23')).toEqual([123]);
  expect(read('B8 06 0A 23 08 08 02 01 23 08 02 45 67')).toEqual([123, 4567]);
  expect(read('B8 87 01 23 06 0A 23 08 08 02 45 67 08 02 78 90')).toEqual([123, 4567, 7890]);
  expect(read('B8')).toBeNull();
  expect(read('B8 87 0A 23')).toBeNull();
  expect(read('B8 87 01')).toBeNull();
});

test('the terminal status is found with and without a software version before it', () => {
  expect(parseTerminalStatus(bytes('00'))).toBe(0);
  expect(parseTerminalStatus(bytes('A0 06 03 14 01 00'))).toBe(0xa0);
  expect(parseTerminalStatus(bytes('F0'))).toBe(0xf0);
  expect(parseTerminalStatus(bytes('F0 F0 F3 31 2E 30 C2'))).toBe(0xc2);
  expect(parseTerminalStatus(bytes(''))).toBeNull();
});

test('84 00 is a yes on some terminals, any other 84 is a no', () => {
  expect(parseAcknowledgement(0x8000)).toBeNull();
  expect(parseAcknowledgement(0x8400)).toBeNull();
  expect(parseAcknowledgement(0x8483)).toBe(0x83);
});

test('a message arrives whole however the line cuts it', () => {
  const short = buildApdu(0x060f, bytes('19 00'));
  const edge = buildApdu(0x040f, new Uint8Array(254).fill(7));
  const long = buildApdu(0x06d3, new Uint8Array(255).fill(8));
  const longer = buildApdu(0x06d3, new Uint8Array(0x461).fill(9));
  expect(hex(edge.slice(0, 3))).toBe('04 0F FE');
  expect(hex(long.slice(0, 5))).toBe('06 D3 FF FF 00');
  expect(hex(longer.slice(0, 5))).toBe('06 D3 FF 61 04');
  const stream = Buffer.concat([short, edge, long, longer, short]);
  const lengths = [2, 254, 255, 0x461, 2];
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const assembler = new ApduAssembler();
    const apdus = [
      ...assembler.push(stream.subarray(0, cut)).apdus,
      ...assembler.push(stream.subarray(cut)).apdus,
    ];
    expect(apdus.map((apdu) => apdu.data.length)).toEqual(lengths);
    expect(assembler.holdsPart).toBe(false);
  }
  const assembler = new ApduAssembler();
  const single = [...stream].flatMap((byte) => assembler.push(Uint8Array.of(byte)).apdus);
  expect(single.map((apdu) => apdu.data.length)).toEqual(lengths);
});

test('bytes that cannot begin a message are dropped, and the next fragment is read afresh', () => {
  const assembler = new ApduAssembler();
  expect(assembler.push(bytes('80 00 00 55 AA 06'))).toMatchObject({
    apdus: [{ control: 0x8000 }],
    garbled: true,
  });
  expect(assembler.push(bytes('06 0F 00'))).toMatchObject({
    apdus: [{ control: 0x060f }],
    garbled: false,
  });
});

test('what the journal keeps of a payment comes back as it was', () => {
  for (const text of ['0231/000975', '0231/000975/750071', '0231/000975/=0102030405060708']) {
    const name = parseReference(text);
    expect(name).not.toBeNull();
    if (name !== null) expect(formatReference(name)).toBe(text);
  }
  for (const text of ['', '231/975', 'pi_3Nabc', '0231/000975/']) {
    expect(parseReference(text)).toBeNull();
  }
  for (const text of [
    '0231/000975 open 0007,0231',
    '0231/000975 open ',
    'empty open ',
    'unreadable open ?',
  ]) {
    expect(formatMark(parseMark(text))).toBe(text);
  }
  expect(parseMark('something else')).toEqual({ last: 'unreadable', open: null });
});
