import { describe, expect, it } from 'vitest';
import { type CommandAnswer, parseResponse } from '../../../../hardware/card/apdu.ts';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';
import {
  creditForLoad,
  parseCreditForLoad,
} from '../../../../hardware/card/pboc/credit-for-load.ts';
import {
  getBalance,
  getOverdraftLimit,
  parseBalance,
} from '../../../../hardware/card/pboc/get-balance.ts';
import {
  getTransactionProve,
  parseTransactionProve,
} from '../../../../hardware/card/pboc/get-transaction-prove.ts';
import {
  initializeForLoad,
  parseInitializeForLoad,
} from '../../../../hardware/card/pboc/initialize-for-load.ts';
import { parseLogRecord, readLogRecord } from '../../../../hardware/card/pboc/read-log-record.ts';
import {
  parseNumberFile,
  readNumberFile,
} from '../../../../hardware/card/pboc/read-number-file.ts';
import { parseVerifyPin, verifyPin } from '../../../../hardware/card/pboc/verify-pin.ts';
import { parseSelect, selectByName } from '../../../../hardware/card/select.ts';

const terminal = fromHex('000001000050');

function answered<T>(
  hex: string,
  parse: (response: { data: Uint8Array; statusWord: number }) => CommandAnswer<T>,
): CommandAnswer<T> {
  const response = parseResponse(fromHex(hex));
  if (response.kind === 'truncated') throw new Error(response.detail);
  return parse(response.response);
}

describe('a command goes out as the standard and real traces have it (cards.md 1)', () => {
  it.each([
    ['SELECT', selectByName(fromHex('A00000000386980701')), '00A4040009A0000000038698070100'],
    ['READ BINARY', readNumberFile(0x15, 30), '00B095001E'],
    ['GET BALANCE of the purse', getBalance('ep'), '805C000204'],
    ['GET BALANCE of the deposit', getBalance('ed'), '805C000104'],
    ['GET BALANCE of the overdraft limit', getOverdraftLimit('ep'), '805C010204'],
    ['READ RECORD of the log', readLogRecord(0x18, 1), '00B201C417'],
    ['READ RECORD of the load log', readLogRecord(0x1a, 10), '00B20AD417'],
    ['VERIFY with a packed PIN', verifyPin('123456', 'bcd'), '0020000003123456'],
    ['VERIFY with an ASCII PIN', verifyPin('123456', 'ascii'), '0020000006313233343536'],
    [
      'INITIALIZE FOR LOAD of the deposit',
      initializeForLoad('ed', 3, 0x1000, terminal),
      '805000010B030000100000000100005010',
    ],
    [
      'INITIALIZE FOR LOAD',
      initializeForLoad('ep', 1, 0x1c37, terminal),
      '805000020B0100001C3700000100005010',
    ],
    [
      'CREDIT FOR LOAD',
      creditForLoad(fromHex('20140825103100'), fromHex('0641DCD8')),
      '805200000B201408251031000641DCD804',
    ],
    ['GET TRANSACTION PROVE', getTransactionProve(2, 5), '805A000202000508'],
  ])('%s', (_name, command, hex) => {
    expect(toHex(command)).toBe(hex);
  });
});

describe('a response is taken in', () => {
  it('of INITIALIZE FOR LOAD, field by field', () => {
    const answer = answered('0000C350 0001 03 00 41424344 55397202 9000', parseInitializeForLoad);
    expect(answer).toEqual({
      kind: 'done',
      value: {
        bytes: fromHex('0000C3500001030041424344 55397202'),
        balance: 50_000,
        counter: 1,
        keyVersion: 3,
        algorithm: 0,
      },
    });
  });

  it('of the log, field by field', () => {
    const row = '0001 000000 00001C37 02 000001000050 20140825 103100';
    expect(answered(`${row} 9000`, parseLogRecord)).toEqual({
      kind: 'done',
      value: {
        counter: 1,
        overdraftLimit: 0,
        amount: 0x1c37,
        transactionType: 2,
        terminal: '000001000050',
        dateTime: '20140825103100',
      },
    });
  });

  it.each(['00', 'FF'])('of a log row that was never written (all %s): it is none', (byte) => {
    expect(answered(`${byte.repeat(23)}9000`, parseLogRecord)).toEqual({
      kind: 'done',
      value: null,
    });
  });

  it('of GET TRANSACTION PROVE: the TAC is behind the MAC', () => {
    const answer = answered('00000000 66C26083 9000', parseTransactionProve);
    expect(answer).toEqual({ kind: 'done', value: fromHex('66C26083') });
  });

  it('of SELECT: the name is found in the FCI of a real card', () => {
    const file = '073141000000000001010000410000009999943220150605203808080000';
    const fci = `6F3284 09 A00000000386980701 A525 9F080101 9F0C1E ${file}`;
    expect(answered(`${fci} 9000`, parseSelect)).toEqual({
      kind: 'done',
      value: { dfName: 'A00000000386980701' },
    });
    expect(answered('9000', parseSelect)).toEqual({ kind: 'done', value: { dfName: null } });
  });
});

describe('a response that is not whole is an error that says so', () => {
  it.each(['', '90'])('"%s" is no response at all', (hex) => {
    expect(parseResponse(fromHex(hex))).toEqual({
      kind: 'truncated',
      detail: `response truncated: ${hex.length / 2} bytes, a status word has 2`,
    });
  });

  it.each([
    ['GET BALANCE', parseBalance, 4],
    ['INITIALIZE FOR LOAD', parseInitializeForLoad, 16],
    ['CREDIT FOR LOAD', parseCreditForLoad, 4],
    ['GET TRANSACTION PROVE', parseTransactionProve, 8],
    ['READ RECORD of the log', parseLogRecord, 23],
  ] as const)('%s, at every length but its own', (name, parse, length) => {
    for (let bytes = 0; bytes <= length + 2; bytes += 1) {
      const answer = answered(
        `${'11'.repeat(bytes)}9000`,
        (r) => parse(r) as CommandAnswer<unknown>,
      );
      if (bytes === length) {
        expect(answer.kind).toBe('done');
      } else {
        const fault = bytes < length ? 'truncated' : 'too long';
        const detail = `${name} answered 9000 but ${fault}: ${bytes} bytes, ${length} expected`;
        expect(answer).toEqual({ kind: 'malformed', detail });
      }
    }
  });

  it('the number file, shorter than its profile says', () => {
    const answer = answered('0731410000009000', (response) => parseNumberFile(response, 30));
    expect(answer).toEqual({
      kind: 'malformed',
      detail: 'READ BINARY of the number file answered 9000 but truncated: 6 bytes, 30 expected',
    });
  });

  it('an FCI cut off anywhere', () => {
    const fci = '6F0D8409A00000000386980701A500';
    for (let digits = 2; digits < fci.length; digits += 2) {
      expect(answered(`${fci.slice(0, digits)}9000`, parseSelect).kind).toBe('malformed');
    }
  });
});

describe('a status word is put into words', () => {
  it.each([
    ['9302', parseCreditForLoad, 'CREDIT FOR LOAD answered 9302 (MAC2 invalid)'],
    ['6985', parseCreditForLoad, 'CREDIT FOR LOAD answered 6985 (no load was initialised)'],
    [
      '9406',
      parseTransactionProve,
      'GET TRANSACTION PROVE answered 9406 (no MAC or TAC for this transaction)',
    ],
    ['63C2', parseVerifyPin, 'VERIFY PIN answered 63C2 (PIN wrong, 2 tries left)'],
    ['6983', parseVerifyPin, 'VERIFY PIN answered 6983 (PIN blocked)'],
    ['6A81', parseSelect, 'SELECT answered 6A81 (application blocked)'],
    ['6D00', parseBalance, 'GET BALANCE answered 6D00 (instruction not known)'],
    ['6ABC', parseBalance, 'GET BALANCE answered 6ABC'],
  ] as const)('%s', (word, parse, detail) => {
    const answer = answered(word, (r) => parse(r) as CommandAnswer<unknown>);
    expect(answer).toEqual({ kind: 'refused', statusWord: Number.parseInt(word, 16), detail });
  });
});
