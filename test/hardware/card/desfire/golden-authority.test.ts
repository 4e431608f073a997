import { describe, expect, it } from 'vitest';
import { aesKey } from '../../../../hardware/card/desfire/aes-cmac.ts';
import {
  authenticate,
  authenticated,
  type ProtectionMode,
  protect,
  verify,
  verifyTransactionMac,
} from '../../../../hardware/card/desfire/authority.ts';
import { diversifiedKey } from '../../../../hardware/card/desfire/diversify-key.ts';
import { beginEv2, Ev2Session } from '../../../../hardware/card/desfire/ev2-session.ts';
import type { SecureSession } from '../../../../hardware/card/desfire/secure-session.ts';
import { softwareDesfireAuthority } from '../../../../hardware/card/desfire/software-authority.ts';
import {
  transactionMac,
  transactionMacKey,
} from '../../../../hardware/card/desfire/transaction-mac.ts';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';
import { ask, type LoadAuthority } from '../../../../hardware/sam/deed.ts';

const key = '00112233445566778899AABBCCDDEEFF';
const nobody = { application: new Uint8Array(3), uid: new Uint8Array(7) };
const none = new Uint8Array();

/** An authority with the vector's key, whose random numbers are the vector's. */
function authorityOf(rndA: string, masterKey = key): LoadAuthority {
  const applet = softwareDesfireAuthority({
    keys: {
      load: [{ number: 0, version: 0, key: fromHex(masterKey) }],
      transactionMac: fromHex(key),
      diversification: 'none',
    },
    random: () => fromHex(rndA),
  });
  return { ask: (deed, body) => applet.answer(deed, body) };
}

async function begin(authority: LoadAuthority, secureMessaging: 'ev1' | 'ev2', challenge: string) {
  const question = { ...nobody, secureMessaging, keyNumber: 0, keyVersion: 0 };
  const begun = await ask(authority, authenticate, { ...question, challenge: fromHex(challenge) });
  if (begun.kind === 'failed') throw new Error(begun.detail);
  return begun.answer;
}

describe('cards.md 2.3, EV1 with an AES key', () => {
  const challenge = 'E85541BB232F07099089753D86C0DDF0';
  const frame2 = '3B0E3F742A2CA41188FE9D6CBC39DD3407A81CE1FB799104783F0C66D2E550A6';
  const card = 'D4FC7BC6469BA2DCF2463E4C35435766';

  async function session() {
    const authority = authorityOf('000102030405060708090A0B0C0D0E0F');
    const begun = await begin(authority, 'ev1', challenge);
    expect(toHex(begun.response)).toBe(frame2);
    const finished = await ask(authority, authenticated, {
      session: begun.session,
      answer: fromHex(card),
    });
    expect(finished).toEqual({ kind: 'done', answer: { genuine: true } });
    const protectIt = async (mode: ProtectionMode, ins: number, header: string, data: string) => {
      const question = { session: begun.session, mode, ins };
      const answer = await ask(authority, protect, {
        ...question,
        header: fromHex(header),
        data: fromHex(data),
      });
      return answer.kind === 'done' ? toHex(answer.answer.data) : answer.detail;
    };
    const verifyIt = async (mode: ProtectionMode, lengthBytes: number, data: string) => {
      const question = { session: begun.session, mode, lengthBytes, data: fromHex(data) };
      const answer = await ask(authority, verify, question);
      if (answer.kind === 'failed') return answer.detail;
      return answer.answer.genuine ? toHex(answer.answer.data) : 'not genuine';
    };
    return { protectIt, verifyIt };
  }

  it('authenticates, reads, credits and commits in full mode', async () => {
    const { protectIt, verifyIt } = await session();
    expect(await protectIt('plain', 0x6c, '01', '')).toBe('');
    expect(await verifyIt('full', 4, '8C009A875BD1AEA36805BD1C2615BBC7')).toBe('D2040000');
    expect(await protectIt('full', 0x0c, '01', '88130000')).toBe(
      '8F4A5F07D8D9EEDCD27770688E5F582C',
    );
    expect(await verifyIt('plain', 0, '0F4132B7520489FF')).toBe('');
    expect(await protectIt('plain', 0xc7, '', '')).toBe('');
    expect(await verifyIt('plain', 0, '638C62718301872B')).toBe('');
  });

  it('reads and credits in MAC mode', async () => {
    const { protectIt, verifyIt } = await session();
    expect(await protectIt('plain', 0x6c, '01', '')).toBe('');
    expect(await verifyIt('mac', 4, 'D2040000 34B48D1C6459375D')).toBe('D2040000');
    expect(await protectIt('mac', 0x0c, '01', '88130000')).toBe('88130000924F23E3FD3F16A6');
  });

  it.each([
    ['one bit of the MAC is another', '0F4132B7520489FE'],
    ['the MAC is short', '0F4132B7520489'],
    ['there is none', ''],
  ])('ends the session where %s', async (_, answer) => {
    const { protectIt, verifyIt } = await session();
    await protectIt('plain', 0x6c, '01', '');
    await verifyIt('full', 4, '8C009A875BD1AEA36805BD1C2615BBC7');
    await protectIt('full', 0x0c, '01', '88130000');
    expect(await verifyIt('plain', 0, answer)).toBe('not genuine');
    expect(await protectIt('plain', 0xc7, '', '')).toBe('the session with the card has ended');
  });

  it('does not believe an enciphered answer with one bit changed, or of another length', async () => {
    for (const [length, answer] of [
      [4, '8C009A875BD1AEA36805BD1C2615BBC6'],
      [4, '8C009A875BD1AEA36805BD1C2615BB'],
      [8, '8C009A875BD1AEA36805BD1C2615BBC7'],
      [20, '8C009A875BD1AEA36805BD1C2615BBC7'],
    ] as const) {
      const { protectIt, verifyIt } = await session();
      await protectIt('plain', 0x6c, '01', '');
      expect(await verifyIt('full', length, answer)).toBe('not genuine');
    }
  });

  it('does not believe a card that answers another random number, or too little', async () => {
    for (const answer of ['D4FC7BC6469BA2DCF2463E4C35435767', 'D4FC7BC6469BA2DC', '']) {
      const authority = authorityOf('000102030405060708090A0B0C0D0E0F');
      const { session: name } = await begin(authority, 'ev1', challenge);
      const question = { session: name, answer: fromHex(answer) };
      expect(await ask(authority, authenticated, question)).toEqual({
        kind: 'done',
        answer: { genuine: false },
      });
      const again = await ask(authority, authenticated, { session: name, answer: fromHex(card) });
      expect(again.kind).toBe('failed');
    }
  });
});

/** A session that is already open: its keys, its TI, and its command counter at 0. */
function openSession(encryptionKey: string, macKey: string, transaction: string): SecureSession {
  return new Ev2Session({
    encryptionKey: aesKey(fromHex(encryptionKey)),
    macKey: aesKey(fromHex(macKey)),
    transaction: fromHex(transaction),
  });
}

describe('AN12343, EV2', () => {
  const rndA = 'B04D0787C93EE0CC8CACC8E86F16C6FE';
  const challenge = '24677DDBD46349E623798FD729006E79';
  const frame3 = '3B50445F21D21D77D500794DEB245E5A754F5F901844259F4C9B31A5C7335ACD';
  const card = '04C6DBD67417ED0D31DDDE4D2E3FFAC2B4B074F638EEF7FFF9254963B65C7759';
  const zeroKey = '00'.repeat(16);
  const reading = [0xad, fromHex('00000000300000'), none] as const;

  it('authenticates, and makes the session keys of the published ones', async () => {
    const authority = authorityOf(rndA, zeroKey);
    const { session, response } = await begin(authority, 'ev2', challenge);
    expect(toHex(response)).toBe(frame3);
    expect(await ask(authority, authenticated, { session, answer: fromHex(card) })).toEqual({
      kind: 'done',
      answer: { genuine: true },
    });
    // The keys stay inside: that they are the published ones shows in what is made with them.
    const published = openSession(
      '63DC07286289A7A6C0334CA31C314A04',
      '774F26743ECE6AF5033B6AE8522946F6',
      '8CF141F3',
    );
    const ours = beginEv2(aesKey(fromHex(zeroKey)), fromHex(challenge), fromHex(rndA)).finish(
      fromHex(card),
    );
    if (ours === null) throw new Error('not genuine');
    expect(ours.protect('mac', ...reading)).toEqual(published.protect('mac', ...reading));
    const writing = [0x8d, fromHex('00000000190000'), new Uint8Array(25)] as const;
    expect(ours.protect('full', ...writing)).toEqual(published.protect('full', ...writing));
  });

  it('does not believe a card that answers another random number, or too little', async () => {
    const other = card.replace(/^04C6/, '04C7');
    for (const answer of [other, card.slice(0, 32), '']) {
      const authority = authorityOf(rndA, zeroKey);
      const { session } = await begin(authority, 'ev2', challenge);
      expect(await ask(authority, authenticated, { session, answer: fromHex(answer) })).toEqual({
        kind: 'done',
        answer: { genuine: false },
      });
    }
  });

  it('tables 23 and 24: writes and reads in MAC mode', () => {
    const session = openSession(
      'C4C9F2A734F32967FAC80A0F37C764F0',
      '9366FA195EB566F5BD2BAD4020B83002',
      'E2D3AF69',
    );
    const written = new Uint8Array(25).fill(0x22);
    const sent = session.protect('mac', 0x8d, fromHex('00000000190000'), written);
    expect(toHex(sent)).toBe(`${'22'.repeat(25)}68F2C28C575A1628`);
    expect(session.verify('mac', 0, fromHex('0820F68898C2A7F1'))).toEqual(none);
    expect(toHex(session.protect('mac', ...reading))).toBe('0D9BE191D5960834');
    const file = '22'.repeat(25) + '00'.repeat(23);
    expect(session.verify('mac', 48, fromHex(`${file}A49A44222D926666`))).toEqual(fromHex(file));
  });

  it('tables 25 and 26: writes in full mode, and sends a reading without data as a MAC alone', () => {
    const session = openSession(
      'FFBCFE1F41840A09C9A88D0A4B10DF05',
      '37E7234B11BEBEFDE41A8F290090EF80',
      'CD73D8E5',
    );
    const written = new Uint8Array(25).fill(0x22);
    const sent = session.protect('full', 0x8d, fromHex('00000000190000'), written);
    expect(toHex(sent)).toBe(
      'D7446FBC912580C0A65E738D28B609E43ADBB8FB2B4CA68744D1BBEBB37EBD32' + '700ADF7BB9F62A6C',
    );
    expect(session.verify('full', 0, fromHex('B9A534A7A73EE0DD'))).toEqual(none);
    expect(toHex(session.protect('full', ...reading))).toBe('7CF94F122B3DB05F');
  });
});

describe('cards.md 2.4, a worked EV2 credit', () => {
  const answers = [
    '5A2E89D752A40C781F6C5D6B1CF323A5 633D3691BD3C8727',
    '9D78E8DAA2062614',
    '01000000 59918E96D1E2312E 8B44EDD0BAAA011C',
  ] as const;
  const uid = fromHex('04A1B2C3D4E5F6');

  function session(): SecureSession {
    return openSession(
      'FFBCFE1F41840A09C9A88D0A4B10DF05',
      '37E7234B11BEBEFDE41A8F290090EF80',
      'CD73D8E5',
    );
  }

  function credited(ev2: SecureSession): (string | null)[] {
    const hex = (bytes: Uint8Array | null) => bytes && toHex(bytes);
    return [
      hex(ev2.protect('full', 0x6c, fromHex('03'), none)),
      hex(ev2.verify('full', 4, fromHex(answers[0]))),
      hex(ev2.protect('full', 0x0c, fromHex('03'), fromHex('88130000'))),
      hex(ev2.verify('full', 0, fromHex(answers[1]))),
      hex(ev2.protect('mac', 0xc7, fromHex('01'), none)),
      hex(ev2.verify('mac', 12, fromHex(answers[2]))),
    ];
  }

  it('reads, credits and commits with the transaction MAC', () => {
    expect(credited(session())).toEqual([
      '0ADD55BA23728B63',
      'D2040000',
      'AAD37FCC74FF76333C12BFAD22CEF04C2D364D89CDC24C58',
      '',
      '9DF72048C99D4682',
      '0100000059918E96D1E2312E',
    ]);
  });

  it('finds no answer genuine after a command that was left out, or of another length', () => {
    const early = session();
    early.protect('full', 0x0c, fromHex('03'), fromHex('88130000'));
    expect(early.verify('full', 0, fromHex(answers[1]))).toBeNull();
    for (const [length, answer] of [
      [8, answers[0]],
      [0, answers[0]],
      [20, answers[0]],
      [4, answers[0].replace(/A5 /, 'A4 ')],
      [4, answers[0].slice(-16)],
      [4, '5A2E89D752A40C'],
    ] as const) {
      const ev2 = session();
      ev2.protect('full', 0x6c, fromHex('03'), none);
      expect(ev2.verify('full', length, fromHex(answer))?.length ?? null).not.toBe(4);
    }
  });

  it('makes the transaction MAC key, and finds the transaction MAC genuine for one input', async () => {
    const appKey = aesKey(fromHex(key));
    expect(toHex(transactionMacKey(appKey, 1, uid))).toBe('C0D3DCDF118AFA8CA2AA4574FA7932B9');
    const inputs = {
      'value read and credit': `6C03D2040000${'00'.repeat(10)}0C0388130000${'00'.repeat(10)}`,
      'value read without its answer': `6C03${'00'.repeat(14)}0C0388130000${'00'.repeat(10)}`,
      'credit alone': `0C0388130000${'00'.repeat(10)}`,
    };
    const fitting = Object.entries(inputs)
      .filter(
        ([, input]) => toHex(transactionMac(appKey, 1, uid, fromHex(input))) === '59918E96D1E2312E',
      )
      .map(([name]) => name);
    expect(fitting).toEqual(['value read and credit']);

    const authority = authorityOf('00'.repeat(16));
    const question = {
      application: nobody.application,
      uid,
      counter: 1,
      mac: fromHex('59918E96D1E2312E'),
    };
    for (const [name, input] of Object.entries(inputs)) {
      const judged = await ask(authority, verifyTransactionMac, {
        ...question,
        input: fromHex(input),
      });
      const genuine = name === 'value read and credit';
      expect(judged).toEqual({ kind: 'done', answer: { genuine } });
    }
  });
});

it('proxmark3: the transaction MAC key after transaction 8 is that of transaction 9', () => {
  const vectorKey = aesKey(fromHex('66A8CB93269DC9BC2885B7A91B9C697B'));
  expect(toHex(transactionMacKey(vectorKey, 9, fromHex('04010203040506')))).toBe(
    '7C1AD2D9C5C08154A0A4914B401A6598',
  );
});

it('AN10922 2.2: diversifies a key', () => {
  const own = diversifiedKey(
    aesKey(fromHex(key)),
    fromHex('04782E21801D80'),
    fromHex('3042F5'),
    fromHex('4E585020416275'),
  );
  expect(own.export().toString('hex').toUpperCase()).toBe('A8DD63A3B89D54B37CA802473FDA9175');
});
