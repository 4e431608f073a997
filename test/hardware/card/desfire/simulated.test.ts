import { describe, expect, it } from 'vitest';
import { aesKey } from '../../../../hardware/card/desfire/aes-cmac.ts';
import {
  simulatedCampusDesfireProgram as campus,
  simulatedTransitDesfireProgram as transit,
} from '../../../../hardware/card/desfire/simulated-program.ts';
import { transactionMac } from '../../../../hardware/card/desfire/transaction-mac.ts';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';
import {
  Conversation,
  cardNumber,
  issue,
  transactionMacKey,
  uid,
} from './simulated-conversation.ts';

const selectCampus = '905A00000310DE5F00';
const record = 'AA'.repeat(32);
const writeRecord = { comm: 'mac', data: record } as const;
const fiveThousand = { comm: 'full', data: '88130000' } as const;

function atCampusCard(keyNumber: number, card = issue()): Conversation {
  const terminal = new Conversation(card).select(campus.application);
  terminal.authenticate(keyNumber, 'ev1');
  return terminal;
}

function atTransitCard(keyNumber: number, card = issue(transit)): Conversation {
  const terminal = new Conversation(card).select(transit.application);
  terminal.authenticate(keyNumber, 'ev2');
  return terminal;
}

describe('the simulated card refuses, as a real one does', () => {
  it.each([
    ['what is too short for a command', ['9060'], '6700'],
    ['a length that does not fit', ['905A00000410DE5F00'], '6700'],
    ['a command whose end is missing', ['905A00000310DE5F'], '6700'],
    ['a class that it does not know', ['805C000204'], '6E00'],
    ['an ISO command that it does not know', ['00B0951E01'], '6D00'],
    ['another card’s application', ['00A4040009A0000000038698070100'], '6A82'],
    ['to select in ways that it does not know', ['00A40000023F00'], '6A86'],
    ['parameters where there are none', ['9060010000'], '6A86'],
    ['an application that it does not have', ['905A00000311111100'], '91A0'],
    ['a file before its application is selected', ['906C0000010200'], '919D'],
    ['an instruction that it does not know', [selectCampus, '90FC000000'], '911C'],
    ['a further frame of nothing', [selectCampus, '90AF000000'], '911C'],
    ['EV2 where it is EV1', [selectCampus, '9071000002010000'], '911C'],
    ['a key that it does not have', [selectCampus, '90AA0000010900'], '9140'],
    ['to authenticate outside an application', ['90AA0000010000'], '9140'],
    ['a file that it does not have', [selectCampus, '90F50000010900'], '91F0'],
    ['the value of what is no value file', [selectCampus, '906C0000010300'], '919D'],
    ['to read what is no data file', [selectCampus, '90BD0000070200000000000000'], '919D'],
    ['more of its file than there is', [selectCampus, '90BD0000070100000012000000'], '91BE'],
    ['a record that was not written', [selectCampus, '90BB0000070300000001000000'], '91BE'],
    ['a command of another length', [selectCampus, '906C000002020000'], '917E'],
    ['a credit by somebody without a key', [selectCampus, '900C000005028813000000'], '91AE'],
    ['its UID to somebody without a key', [selectCampus, '9051000000'], '91AE'],
    ['to commit nothing', [selectCampus, '90C7000000'], '910C'],
    ['to abort nothing', [selectCampus, '90A7000000'], '910C'],
    ['to go on with something else', ['9060000000', selectCampus], '91CA'],
  ])('%s', (_what, commands, answer) => {
    const card = issue();
    const before = card.memory;
    const terminal = new Conversation(card);
    expect(commands.map((command) => terminal.raw(command)).at(-1)).toBe(answer);
    expect(card.memory).toEqual(before);
  });

  it.each([
    ['a key that is not its own', 'AE', (t: Conversation) => t.authenticate(1, 'ev1', uid16)],
    ['a load with a gate’s key', 'AE', (t: Conversation) => credit(t, 2)],
    ['a load with a wrong MAC', '1E', (t: Conversation) => tampered(t)],
    ['a load in the clear', '7E', (t: Conversation) => inTheClear(t)],
    ['a load of less than nothing', '9E', (t: Conversation) => credit(t, 1, 'FFFFFFFF')],
    ['a load beyond its limit', 'BE', (t: Conversation) => credit(t, 1, '40420F00')],
    ['a debit of more than it holds', 'BE', (t: Conversation) => change(t, 0xdc, 2, 'D3040000')],
    ['to give back what nobody debited', '9D', (t: Conversation) => change(t, 0x1c, 2, '01000000')],
    ['a record beyond its length', 'BE', (t: Conversation) => longRecord(t)],
    ['a transaction MAC where it keeps none', '9E', (t: Conversation) => commitWithMac(t)],
  ])('%s, and is not authenticated any more', (_what, status, act) => {
    const card = issue();
    const terminal = new Conversation(card).select(campus.application);
    expect(act(terminal)).toBe(status);
    expect(terminal.raw('9051000000')).toBe('91AE');
    expect(terminal.raw('90C7000000')).toBe('910C');
    expect(card.books).toMatchObject({ balance: 1_234, records: 0 });
  });

  const uid16 = new Uint8Array(16);

  function change(terminal: Conversation, ins: number, keyNumber: number, data: string): string {
    terminal.authenticate(keyNumber, 'ev1');
    return terminal.secure(ins, '02', { comm: 'full', data, messaging: 'ev1' }).status;
  }

  function credit(terminal: Conversation, keyNumber: number, data = '88130000'): string {
    return change(terminal, 0x0c, keyNumber, data);
  }

  function tampered(terminal: Conversation): string {
    terminal.authenticate(1, 'ev1');
    return terminal.native(0x0c, fromHex(`02${'5A'.repeat(16)}`)).status;
  }

  function inTheClear(terminal: Conversation): string {
    terminal.authenticate(1, 'ev1');
    return terminal.native(0x0c, fromHex('0288130000')).status;
  }

  function longRecord(terminal: Conversation): string {
    terminal.authenticate(1, 'ev1');
    return terminal.native(0x3b, fromHex(`03010000200000${record}${'00'.repeat(8)}`)).status;
  }

  function commitWithMac(terminal: Conversation): string {
    terminal.authenticate(1, 'ev1');
    terminal.secure(0x0c, '02', { ...fiveThousand, messaging: 'ev1' });
    return terminal.secure(0xc7, '01', { messaging: 'ev1' }).status;
  }
});

it('an EV2 card takes no record that was tampered with', () => {
  const card = issue(transit);
  const terminal = atTransitCard(1, card);
  const tampered = `03000000200000${record}${'5A'.repeat(8)}`;
  expect(terminal.native(0x3b, fromHex(tampered)).status).toBe('1E');
  expect(terminal.raw('90C7000000')).toBe('910C');
  expect(card.books).toMatchObject({ records: 0, transactions: 0 });
});

it.each([
  ['that was tampered with', (t: Conversation) => t.native(0x0c, fromHex(`02${'5A'.repeat(24)}`))],
  ['of another length', (t: Conversation) => credited(t, { comm: 'full', data: '881300' })],
  ['under a MAC alone', (t: Conversation) => credited(t, { comm: 'mac', data: '88130000' })],
])('an EV2 card takes no credit %s', (_what, act) => {
  const card = issue(transit);
  const terminal = atTransitCard(1, card);
  expect(act(terminal).status).toMatch(/^(1E|7E)$/);
  expect(terminal.raw('90C7000000')).toBe('910C');
  expect(card.books).toMatchObject({ balance: 1_234, transactions: 0 });
});

function credited(terminal: Conversation, protection: { comm: 'mac' | 'full'; data: string }) {
  return terminal.secure(0x0c, '02', protection);
}

describe('a load', () => {
  /** What the card says of a command that needs a key, and of a commit, each without any protection. */
  const uidInTheClear = '9051000000';
  const commitInTheClear = '90C7000000';

  it.each([
    [
      'loses power',
      (t: Conversation) => {
        t.card.powerOff();
        t.card.powerOn();
        return t.raw(uidInTheClear);
      },
      '91AE',
    ],
    [
      'is told to select an application anew',
      (t: Conversation) => {
        t.select(transit.application);
        return t.raw(commitInTheClear);
      },
      '910C',
    ],
    [
      'is selected by its name',
      (t: Conversation) => {
        t.raw('00A4040007D276000085010000');
        return t.raw(uidInTheClear);
      },
      '91AE',
    ],
    [
      'is told to abort',
      (t: Conversation) => {
        t.secure(0xa7, '');
        return `91${t.secure(0xc7, '01').status}`;
      },
      '910C',
    ],
    [
      'refuses something',
      (t: Conversation) => {
        t.raw('90F50000010900');
        return t.raw(commitInTheClear);
      },
      '910C',
    ],
    [
      'is authenticated with anew',
      (t: Conversation) => {
        t.authenticate(1, 'ev2');
        return `91${t.secure(0xc7, '01').status}`;
      },
      '910C',
    ],
  ])('never was where the card %s before it is committed', (_what, interrupt, answer) => {
    const card = issue(transit);
    const terminal = atTransitCard(1, card);
    terminal.secure(0x3b, '03000000200000', writeRecord);
    terminal.secure(0x0c, '02', fiveThousand);
    expect(interrupt(terminal)).toBe(answer);
    const after = atTransitCard(1, card);
    expect(after.secure(0xc7, '01').status).toBe('0C');
    expect(card.books).toEqual({ balance: 1_234, counter: 0, records: 0, transactions: 0 });
  });

  it('shows nobody what is not committed, and then all of it at once', () => {
    const card = issue(transit);
    const written: unknown[] = [];
    card.watchMemory(() => written.push(card.memory));
    const terminal = atTransitCard(1, card);
    terminal.secure(0x3b, '03000000200000', writeRecord);
    terminal.secure(0x0c, '02', fiveThousand);
    const value = { comm: 'full', lengthBytes: 4 } as const;
    expect(terminal.secure(0x6c, '02', value).data).toBe('D2040000');
    expect(written).toEqual([]);
    const { data } = terminal.secure(0xc7, '01', { lengthBytes: 12 });
    expect(written).toEqual([
      {
        value: 6_234,
        limitedCredit: 0,
        records: [record.toLowerCase()],
        transaction: { counter: 1, mac: data.slice(8).toLowerCase() },
        blocked: false,
      },
    ]);
    expect(data.slice(0, 8)).toBe('01000000');
    expect(terminal.secure(0x6c, '02', value).data).toBe('5A180000');
    const macFile = terminal.secure(0xbd, '0F000000000000', { lengthBytes: 12 });
    expect(macFile.data).toBe(data);
  });

  it('is signed with all that was read and written since the authentication', () => {
    const card = issue(transit);
    card.loadElsewhere(100, '20260302120000');
    const [first = ''] = card.memory.records;
    const terminal = atTransitCard(1, card);
    terminal.secure(0xf5, '02', { lengthBytes: 17 });
    terminal.secure(0xbd, '01000000080000', { comm: 'plain', lengthBytes: 8 });
    terminal.secure(0x6c, '02', { comm: 'full', lengthBytes: 4 });
    terminal.secure(0xbb, '03000000000000', { lengthBytes: 32 });
    terminal.secure(0x3b, '03000000200000', writeRecord);
    terminal.secure(0x0c, '02', fiveThousand);
    const { data } = terminal.secure(0xc7, '01', { lengthBytes: 12 });
    const blocks = [
      ...['BD01000000080000', cardNumber],
      '6C0236050000',
      ...['BB03000000010000', first],
      ...['3B03000000200000', record],
      '0C0288130000',
    ];
    const input = blocks.map((each) => each.padEnd(Math.ceil(each.length / 32) * 32, '0')).join('');
    const key = aesKey(transactionMacKey);
    expect(data).toBe(`02000000${toHex(transactionMac(key, 2, uid, fromHex(input)))}`);
  });

  it('is committed by an EV1 card too', () => {
    const card = issue();
    const terminal = atCampusCard(1, card);
    terminal.secure(0x3b, '03000000200000', { ...writeRecord, messaging: 'ev1' });
    terminal.secure(0x0c, '02', { ...fiveThousand, messaging: 'ev1' });
    expect(terminal.secure(0xc7, '', { messaging: 'ev1' }).status).toBe('00');
    expect(card.books).toMatchObject({ balance: 6_234, records: 1 });
  });

  it('gives a gate back what it debited last, once', () => {
    const program = { ...transit, valueFile: { ...transit.valueFile, limitedCredit: true } };
    const card = issue(program);
    expect(card.spend(300, '20260302120000')).toBe(true);
    const giveBack = (amount: string) => {
      const terminal = atTransitCard(2, card);
      const { status } = terminal.secure(0x1c, '02', { comm: 'full', data: amount });
      if (status === '00') terminal.secure(0xc7, '');
      card.powerOff();
      return status;
    };
    expect(giveBack('2D010000')).toBe('BE');
    expect(giveBack('C8000000')).toBe('00');
    expect(card.books.balance).toBe(1_134);
    expect(giveBack('01000000')).toBe('BE');
  });
});

describe('the simulated card', () => {
  it('says what it is, and who only to whom it may', () => {
    const version = (card = issue()) => new Conversation(card).native(0x60, new Uint8Array()).data;
    expect(version()).toBe(
      `${'04010101001805'}${'04010101041805'}${toHex(uid)}${'BA541120301223'}`,
    );
    expect(version(issue(transit))).toContain('04010112001805');
    const hiding = issue(campus, { hidesUid: true });
    expect(version(hiding)).toContain('00000000000000BA54');
    const terminal = atCampusCard(1, hiding);
    const asked = { comm: 'full', lengthBytes: 7, messaging: 'ev1' } as const;
    expect(terminal.secure(0x51, '', asked).data).toBe(toHex(uid));
    expect(atTransitCard(1).secure(0x51, '', { comm: 'full', lengthBytes: 7 }).data).toBe(
      toHex(uid),
    );
  });

  it('lists its application and its files', () => {
    const terminal = new Conversation(issue(transit));
    expect(terminal.raw('906A000000')).toBe('20DE5F9100');
    terminal.select(transit.application);
    expect(terminal.raw('906F000000')).toBe('0102030F9100');
    expect(terminal.raw('90640000010100')).toBe('019100');
    expect(terminal.raw('90F50000010100')).toBe('000000EF' + '110000' + '9100');
    expect(terminal.raw('90F50000010200')).toBe(
      '02031022' + '00000000' + '40420F00' + '00000000' + '009100',
    );
    expect(terminal.raw('90F50000010300')).toBe('04011022' + '200000' + '0B0000' + '0000009100');
    expect(terminal.raw('90F50000010F00')).toBe('0501F01F' + '02019100');
  });

  it('tells anybody its number and dates, and whether its issuer blocked it', () => {
    const card = issue();
    const read = () =>
      new Conversation(card).select(campus.application).raw('90BD0000070100000000000000');
    expect(read()).toBe(`${cardNumber}01${'20200101'}${'20991231'}9100`);
    card.block();
    expect(read()).toBe(`${cardNumber}00${'20200101'}${'20991231'}9100`);
    expect(issue(campus, { memory: card.memory }).memory).toEqual(card.memory);
  });

  it('keeps as many records as it has room for, and reads them oldest first over as many frames as it takes', () => {
    const card = issue();
    for (let amount = 1; amount <= 12; amount += 1) card.spend(amount, '20260302120000');
    card.loadElsewhere(500, '20260302130000');
    expect(card.books).toEqual({ balance: 1_656, counter: 13, records: 10, transactions: null });
    const all = new Conversation(card)
      .select(campus.application)
      .native(0xbb, fromHex('03000000000000'));
    expect(all.data).toHaveLength(2 * 320);
    const rows = all.data.match(/.{64}/g) ?? [];
    expect(rows[0]).toBe(`0400000002${'04000000'}0000000000AA20260302120000${'00'.repeat(10)}`);
    expect(rows[9]).toBe(`0D00000001${'F4010000'}0000000000BB20260302130000${'00'.repeat(10)}`);
    const two = new Conversation(card)
      .select(campus.application)
      .native(0xbb, fromHex('03010000020000'));
    expect(two.data).toBe(rows.slice(7, 9).join(''));
  });

  it('takes a record in more frames than one', () => {
    const program = { ...transit, recordFile: { ...transit.recordFile, lengthBytes: 90 } };
    const card = issue(program);
    const terminal = atTransitCard(1, card);
    const long = 'C3'.repeat(90);
    expect(terminal.secure(0x3b, '030000005A0000', { comm: 'mac', data: long }).status).toBe('00');
    terminal.secure(0xc7, '');
    expect(card.memory.records).toEqual([long.toLowerCase()]);
  });

  it('is not spent from beyond what it holds, nor at a gate while it is in the reader', () => {
    const card = issue();
    expect(card.spend(1_235, '20260302120000')).toBe(false);
    expect(card.spend(34, '20260302120000', { withRecord: false })).toBe(true);
    expect(card.books).toEqual({ balance: 1_200, counter: 0, records: 0, transactions: null });
    card.powerOn();
    expect(() => card.spend(1, '20260302120000')).toThrow('not at a gate');
    expect(() => card.loadElsewhere(1, '20260302120000')).toThrow('not in another machine');
  });

  it('remembers what JSON remembers', () => {
    const card = issue(transit);
    card.loadElsewhere(500, '20260302130000');
    card.spend(200, '20260302140000');
    const memory = JSON.parse(JSON.stringify(card.memory));
    expect(memory).toEqual(card.memory);
    expect(issue(transit, { memory }).books).toEqual({
      balance: 1_534,
      counter: 2,
      records: 2,
      transactions: 2,
    });
  });
});
