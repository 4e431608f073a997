import { describe, expect, it } from 'vitest';
import {
  SimulatedDesfireCard,
  type SimulatedDesfireParts,
} from '../../../../hardware/card/desfire/simulated.ts';
import { SimulatedAesKey } from '../../../../hardware/card/desfire/simulated-aes.ts';
import { simulatedCardKey } from '../../../../hardware/card/desfire/simulated-cipher.ts';
import {
  ev2Secrets,
  SimulatedEv2Session,
} from '../../../../hardware/card/desfire/simulated-ev2-session.ts';
import {
  never,
  type SimulatedDesfireProgram,
  simulatedCampusDesfireProgram,
  simulatedTransitDesfireProgram,
} from '../../../../hardware/card/desfire/simulated-program.ts';
import {
  SimulatedTransaction,
  transactionKey,
} from '../../../../hardware/card/desfire/simulated-transaction.ts';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';

/* The vectors of cards.md 2.3 and 2.4, from the card's side. */

const key = fromHex('00112233445566778899AABBCCDDEEFF');

function withValueFile(
  program: SimulatedDesfireProgram,
  file: number,
  comm: 'mac' | 'full',
): SimulatedDesfireProgram {
  const access = { read: never, write: never, readWrite: 0, change: 0 };
  return {
    ...program,
    keyVersions: [1],
    numberFile: null,
    valueFile: { ...program.valueFile, file, comm, access },
  };
}

function issued(
  parts: Pick<SimulatedDesfireParts, 'program'> & Partial<SimulatedDesfireParts>,
): (command: string) => string {
  const card = new SimulatedDesfireCard({
    uid: fromHex('04A1B2C3D4E5F6'),
    number: '',
    keys: [key],
    random: () => fromHex('F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF'),
    balance: 1_234,
    ...parts,
  });
  card.powerOn();
  return (command) => toHex(card.exchange(fromHex(command)));
}

describe('the EV1 session of the vectors is the session of our simulated card', () => {
  const authentication = [
    ['905A000003 10DE5F 00', '9100'],
    ['90AA000001 00 00', 'E85541BB232F07099089753D86C0DDF091AF'],
    [
      '90AF000020 3B0E3F742A2CA41188FE9D6CBC39DD3407A81CE1FB799104783F0C66D2E550A6 00',
      'D4FC7BC6469BA2DCF2463E4C354357669100',
    ],
  ] as const;
  const enciphered = [
    ['906C000001 01 00', '8C009A875BD1AEA36805BD1C2615BBC79100'],
    ['900C000011 01 8F4A5F07D8D9EEDCD27770688E5F582C 00', '0F4132B7520489FF9100'],
    ['90C7000000', '638C62718301872B9100'],
  ] as const;
  const sealed = [
    ['906C000001 01 00', 'D204000034B48D1C6459375D9100'],
    ['900C00000D 01 88130000 924F23E3FD3F16A6 00', /^[0-9A-F]{16}9100$/],
  ] as const;

  it.each([
    ['enciphered', 'full', enciphered],
    ['under a MAC', 'mac', sealed],
  ] as const)('with the value %s', (_how, comm, exchanges) => {
    const say = issued({ program: withValueFile(simulatedCampusDesfireProgram, 0x01, comm) });
    for (const [command, answer] of [...authentication, ...exchanges]) {
      expect(say(command)).toMatch(answer);
    }
  });
});

describe('EV2', () => {
  const an12343 = {
    key: new Uint8Array(16),
    rndA: [...fromHex('B04D0787C93EE0CC8CACC8E86F16C6FE')],
    rndB: [...fromHex('FA659AD0DCA738DD65DC7DC38612AD81')],
  };

  it('authenticates as in AN12343 table 16', () => {
    const randoms = ['FA659AD0DCA738DD65DC7DC38612AD81', '8CF141F3'];
    const say = issued({
      program: withValueFile(simulatedTransitDesfireProgram, 0x03, 'full'),
      keys: [an12343.key],
      transactionMacKey: key,
      random: () => fromHex(randoms.shift() ?? ''),
    });
    say('905A000003 20DE5F 00');
    expect(say('9071000002 0000 00')).toBe('24677DDBD46349E623798FD729006E7991AF');
    const answer = '3B50445F21D21D77D500794DEB245E5A754F5F901844259F4C9B31A5C7335ACD';
    expect(say(`90AF000020 ${answer} 00`)).toBe(
      '04C6DBD67417ED0D31DDDE4D2E3FFAC2B4B074F638EEF7FFF9254963B65C77599100',
    );
  });

  it('derives the session keys of AN12343', () => {
    const { rndA, rndB } = an12343;
    const { enciphering, sealing } = ev2Secrets(new SimulatedAesKey(an12343.key), rndA, rndB);
    expectKey(enciphering, '63DC07286289A7A6C0334CA31C314A04');
    expectKey(sealing, '774F26743ECE6AF5033B6AE8522946F6');
  });

  it('knows the MACs of AN12343 tables 23 and 24', () => {
    const session = new SimulatedEv2Session(
      0,
      {
        enciphering: new SimulatedAesKey(fromHex('C4C9F2A734F32967FAC80A0F37C764F0')),
        sealing: new SimulatedAesKey(fromHex('9366FA195EB566F5BD2BAD4020B83002')),
      },
      [...fromHex('E2D3AF69')],
    );
    const data = new Array<number>(25).fill(0x22);
    const write = { ins: 0x8d, header: [...fromHex('00000000190000')], dataLength: 25 };
    const rest = [...data, ...fromHex('68F2C28C575A1628')];
    expect(session.open({ ...write, rest }, 'mac')).toEqual(data);
    expect(toHex(Uint8Array.from(session.seal([], 'mac')))).toBe('0820F68898C2A7F1');
    const read = { ins: 0xad, header: [...fromHex('00000000300000')], dataLength: 0 };
    expect(session.open({ ...read, rest: [...fromHex('0D9BE191D5960834')] }, 'mac')).toEqual([]);
    const content = [...data, ...new Array<number>(23).fill(0)];
    const answer = toHex(Uint8Array.from(session.seal(content, 'mac')));
    expect(answer.slice(-16)).toBe('A49A44222D926666');
  });

  it('credits as in the worked session, transaction MAC included', () => {
    const session = new SimulatedEv2Session(
      0,
      {
        enciphering: new SimulatedAesKey(fromHex('FFBCFE1F41840A09C9A88D0A4B10DF05')),
        sealing: new SimulatedAesKey(fromHex('37E7234B11BEBEFDE41A8F290090EF80')),
      },
      [...fromHex('CD73D8E5')],
    );
    const open = (ins: number, header: string, dataLength: number, rest: string) =>
      toHex(
        Uint8Array.from(
          session.open(
            { ins, header: [...fromHex(header)], dataLength, rest: [...fromHex(rest)] },
            'full',
          ) ?? fromHex('FF'),
        ),
      );
    const seal = (data: string) => toHex(Uint8Array.from(session.seal([...fromHex(data)], 'full')));

    expect(open(0x6c, '03', 0, '0ADD55BA23728B63')).toBe('');
    expect(seal('D2040000')).toBe('5A2E89D752A40C781F6C5D6B1CF323A5633D3691BD3C8727');
    const credit = 'AAD37FCC74FF76333C12BFAD22CEF04C2D364D89CDC24C58';
    expect(open(0x0c, '03', 4, credit)).toBe('88130000');
    expect(seal('')).toBe('9D78E8DAA2062614');
    expect(open(0xc7, '01', 0, '9DF72048C99D4682')).toBe('');
    const transaction = '01000000' + '59918E96D1E2312E';
    const answer = session.seal([...fromHex(transaction)], 'mac');
    expect(toHex(Uint8Array.from(answer))).toBe(`${transaction}8B44EDD0BAAA011C`);
  });

  it('makes the transaction MAC of the worked session', () => {
    const uid = [...fromHex('04A1B2C3D4E5F6')];
    const program = withValueFile(simulatedTransitDesfireProgram, 0x03, 'full');
    const transaction = new SimulatedTransaction(program, {
      value: 1_234,
      limitedCredit: 0,
      records: [],
      transaction: { counter: 0, mac: '0000000000000000' },
      blocked: false,
    });
    transaction.note([...fromHex('6C03D2040000')]);
    transaction.change('credit', 5_000);
    const mac = transaction.macOf(new SimulatedAesKey(key), uid, 1);
    expect(toHex(Uint8Array.from(mac))).toBe('59918E96D1E2312E');
    expectKey(transactionKey(new SimulatedAesKey(key), uid, 1), 'C0D3DCDF118AFA8CA2AA4574FA7932B9');
  });

  it('derives the transaction key that other code derives', () => {
    const master = new SimulatedAesKey(fromHex('66A8CB93269DC9BC2885B7A91B9C697B'));
    const derived = transactionKey(master, [...fromHex('04010203040506')], 9);
    expectKey(derived, '7C1AD2D9C5C08154A0A4914B401A6598');
  });
});

it('an issuer’s card key is that of AN10922', () => {
  const cardKey = simulatedCardKey(key, fromHex('04782E21801D80 3042F5 4E585020416275'));
  expect(toHex(cardKey)).toBe('A8DD63A3B89D54B37CA802473FDA9175');
});

/** Two keys are one where they encipher a block alike: no key gives itself away. */
function expectKey(actual: SimulatedAesKey, hex: string): void {
  const block = new Uint8Array(16);
  expect(actual.encipher(block)).toEqual(new SimulatedAesKey(fromHex(hex)).encipher(block));
}
