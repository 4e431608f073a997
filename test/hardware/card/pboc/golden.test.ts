import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../hardware/card/hex.ts';
import {
  authoriseLoad,
  type LoadRequest,
  verifyTac,
} from '../../../../hardware/card/pboc/authority.ts';
import {
  diversify,
  loadSessionKey,
  tacSessionKey,
} from '../../../../hardware/card/pboc/load-mac.ts';
import { cityCard } from '../../../../hardware/card/pboc/profiles.ts';
import {
  SimulatedPbocCard,
  simulatedCampusProgram,
  simulatedCityProgram,
} from '../../../../hardware/card/pboc/simulated.ts';
import { SimulatedDesKey } from '../../../../hardware/card/pboc/simulated-des.ts';
import {
  cardKeyFromMaster,
  foldedKey,
  SimulatedTripleDesKey,
} from '../../../../hardware/card/pboc/simulated-mac.ts';
import { softwarePboc } from '../../../../hardware/card/pboc/software-authority.ts';
import { createStoredValueCards } from '../../../../hardware/card/registry.ts';
import { ask } from '../../../../hardware/sam/deed.ts';
import type { Sam } from '../../../../hardware/sam/port.ts';
import { SoftwareSam } from '../../../../hardware/sam/software.ts';
import { minorUnits } from '../../../../main/contract/money.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';
import { ScriptedReader } from './scripted-reader.ts';

/** Vectors V1 to V5: cards.md 1.10. */
const v1 = {
  loadKey: '374598B5C0B0EAE1E1D06609AC5BB369',
  tacKey: 'CAA6025290114BFCC3C9043F70F7A07A',
};
/** No TAC key is published with V2. */
const v2 = { loadKey: '11223344556677888877665544332211', tacKey: v1.tacKey };
const v3 = {
  loadKey: '206A7AEADA34D7D396ED5166BE858608',
  tacKey: 'B52A9EFBE06CC2CA4ED531205BDF5AC9',
};
const v4 = {
  loadKey: '3F013E012C014D015B0167017C018901',
  tacKey: '404142434445464748494A4B4C4D4E4F',
};

type Keys = { readonly loadKey: string; readonly tacKey: string };

function appletWith(keys: Keys) {
  return softwarePboc({
    load: [{ version: 1, key: fromHex(keys.loadKey) }],
    tac: fromHex(keys.tacKey),
    diversification: [],
  });
}

function samWith(keys: Keys): Sam {
  return new SoftwareSam({ applets: { pboc: appletWith(keys) }, onWarning: () => {} });
}

/** The load authority that has these cards' own keys. */
function authorityWith(keys: Keys) {
  const applet = appletWith(keys);
  return { ask: applet.answer };
}

function request(fields: {
  type: number;
  amount: number;
  terminal: string;
  challenge: string;
  at: string;
}): LoadRequest {
  return {
    reference: 'vector',
    transactionType: fields.type,
    cardNumber: fromHex('4100000099999432'),
    amount: fields.amount,
    terminalId: fromHex(fields.terminal),
    challenge: fromHex(fields.challenge),
    dateTime: fromHex(fields.at),
  };
}

describe('V1, the trace of a real Huada card', () => {
  const profile = { ...cityCard, proofCounters: [], log: null, loadLog: null };
  const order = {
    reference: 'V1',
    cardNumber: '4100000099999432',
    profile: profile.name,
    amountMinor: minorUnits(0x1c37),
    terminalId: '000001000050',
    dateTime: '20140825103100',
  };
  const numberFile = '073141000000000001010000' + '4100000099999432' + '2015060520380808' + '0000';
  const toChallenge = [
    [
      '00A40400 09 A00000000386980701 00',
      `6F32 84 09 A00000000386980701 A5 25 9F080101 9F0C1E ${numberFile} 9000`,
    ],
    ['00B095001E', `${numberFile} 9000`],
    ['805C000204', '00000000 9000'],
    ['805000020B 01 00001C37 000001000050 10', '00000000 0000 01 00 CDEF4F20 06B1BEF5 9000'],
  ] as const;
  const credit = '805200000B 20140825 103100 0641DCD8 04';
  const cardsOn = (reader: ScriptedReader) =>
    createStoredValueCards({
      reader,
      sams: [samWith(v1)],
      profiles: { pboc: [profile] },
      clock: new VirtualClock(),
    });

  it('is replayed byte for byte: the card’s MAC1 is believed, our MAC2 is its MAC2, its TAC is proof', async () => {
    const reader = new ScriptedReader([
      ...toChallenge,
      [credit, 'ED0F8755 9000'],
      ['805C000204', '00001C37 9000'],
    ]);
    const cards = cardsOn(reader);
    expect(await cards.prepare(order)).toEqual({
      kind: 'done',
      mark: { beforeMinor: 0, counter: 0 },
    });
    expect(await cards.credit()).toEqual({
      kind: 'done',
      proof: { balanceMinor: 0x1c37, counter: 0, tac: 'ED0F8755', by: 'tac' },
    });
    expect(reader.rest).toEqual([]);
  });

  it('with one bit of MAC1 changed is refused before any MAC2 exists', async () => {
    const [select, file, balance] = toChallenge;
    const forged = [toChallenge[3][0], '00000000 0000 01 00 CDEF4F20 06B1BEF4 9000'] as const;
    const reader = new ScriptedReader([select, file, balance, forged]);
    const cards = cardsOn(reader);
    expect(await cards.prepare(order)).toEqual({
      kind: 'refused',
      refusal: { kind: 'not-genuine' },
    });
    expect(reader.rest).toEqual([]);
  });

  it('with a genuine TAC, but books that deny the credit, is unknown and never "not written"', async () => {
    const [select, file, balance, initialize] = toChallenge;
    const reader = new ScriptedReader([
      ...toChallenge,
      [credit, 'ED0F8755 9000'],
      ...[balance, select, file, balance, initialize],
    ]);
    const cards = cardsOn(reader);
    await cards.prepare(order);
    expect(await cards.credit()).toEqual({
      kind: 'unknown',
      fault: {
        kind: 'undecided',
        detail: 'the TAC is genuine, but the card knows nothing of the credit',
      },
    });
    expect(reader.rest).toEqual([]);
  });

  it('is the trace of our simulated card too', () => {
    const card = new SimulatedPbocCard({
      program: simulatedCityProgram,
      number: '4100000099999432',
      loadKey: fromHex(v1.loadKey),
      tacKey: fromHex(v1.tacKey),
      random: () => fromHex('CDEF4F20'),
    });
    card.powerOn();
    const send = (hex: string) => toHex(card.exchange(fromHex(hex)));
    send(toChallenge[0][0]);
    expect(send(toChallenge[3][0])).toBe(
      '000000000000' + '0100' + 'CDEF4F20' + '06B1BEF5' + '9000',
    );
    expect(send(credit)).toBe('ED0F87559000');
    expect(send('805C000204')).toBe('00001C379000');
    const row = '0001' + '000000' + '00001C37' + '02' + '000001000050' + '20140825103100';
    expect(send('00B201C417')).toBe(`${row}9000`);
  });
});

describe('the load authority against published vectors', () => {
  it('V2: makes the MAC2 of a deposit load', async () => {
    const answer = await ask(
      authorityWith(v2),
      authoriseLoad,
      request({
        type: 1,
        amount: 0x1000,
        terminal: '001122334455',
        challenge: '00000000 0000 01 00 11223344 2988AE5A',
        at: '20111221214822',
      }),
    );
    expect(answer).toEqual({ kind: 'done', answer: { mac2: fromHex('3A845BF0') } });
  });

  it('V2: is what our simulated card computes by itself', () => {
    const card = new SimulatedPbocCard({
      program: { ...simulatedCityProgram, purse: 'ed' },
      number: '4100000099999432',
      loadKey: fromHex(v2.loadKey),
      tacKey: fromHex(v2.tacKey),
      random: () => fromHex('11223344'),
    });
    card.powerOn();
    const send = (hex: string) => toHex(card.exchange(fromHex(hex)));
    send('00A4040009 A00000000386980701 00');
    const challenge = send('805000010B 01 00001000 001122334455 10');
    expect(challenge).toBe('000000000000' + '0100' + '11223344' + '2988AE5A' + '9000');
    expect(send('805200000B 20111221214822 3A845BF0 04')).toMatch(/^.{8}9000$/);
    expect(send('805C000104')).toBe('000010009000');
    expect(send('00B201C417')).toMatch(/^00010000000000100001001122334455/);
  });

  it.each([
    ['V1', v1, 'CDEF4F20', '0000', '3C05F429713D0188'],
    ['V2', v2, '11223344', '0000', '9B1D924E05595603'],
    ['V3', v3, '41424344', '0001', '479FA1D587ACD934'],
    ['V4', v4, '053C67E6', '0001', '09B1A02D687707A4'],
  ])(
    '%s: both sides make the same session key, each by its own code',
    (_, keys, random, counter, ses) => {
      const key = fromHex(keys.loadKey);
      expect(toHex(loadSessionKey(key, fromHex(random), fromHex(counter)))).toBe(ses);
      const factor = fromHex(`${random}${counter}8000`);
      expect(toHex(new SimulatedTripleDesKey(key).encipher(factor))).toBe(ses);
    },
  );

  it.each([
    ['V1', v1, '096F066DE0E6EB86'],
    ['V4', v4, '0808080808080808'],
  ])('%s: both sides fold the TAC key alike', (_, keys, folded) => {
    const key = fromHex(keys.tacKey);
    expect(toHex(tacSessionKey(key))).toBe(folded);
    const block = fromHex('0001020304050607');
    const published = new SimulatedDesKey(fromHex(folded));
    expect(foldedKey(key).encipher(block)).toEqual(published.encipher(block));
  });

  it('V1: verifies MAC1, makes MAC2 and knows the TAC', async () => {
    const asked = request({
      type: 2,
      amount: 0x1c37,
      terminal: '000001000050',
      challenge: '00000000 0000 01 00 CDEF4F20 06B1BEF5',
      at: '20140825103100',
    });
    const permitted = await ask(authorityWith(v1), authoriseLoad, asked);
    expect(permitted).toEqual({ kind: 'done', answer: { mac2: fromHex('0641DCD8') } });
    const claim = { ...asked, balanceAfter: 0x1c37, counter: 0, tac: fromHex('ED0F8755') };
    const judged = await ask(authorityWith(v1), verifyTac, claim);
    expect(judged).toEqual({ kind: 'done', answer: { genuine: true } });
  });

  for (const { name, keys, challenge, mac2, tac, balanceAfter } of [
    {
      name: 'V3',
      keys: v3,
      challenge: '0000C350 0001 01 00 41424344 55397202',
      mac2: '596599DF',
      tac: '66C26083',
      balanceAfter: 0xc350 + 0x64,
    },
    {
      name: 'V4',
      keys: v4,
      challenge: '000003E8 0001 01 00 053C67E6 BE1A470C',
      mac2: 'FF37E765',
      tac: '8DF71532',
      balanceAfter: 0x3e8 + 0x64,
    },
  ]) {
    const asked = request({
      type: 2,
      amount: 0x64,
      terminal: '000001000050',
      challenge,
      at: '20240131120000',
    });

    it(`${name}: verifies MAC1, makes MAC2 and knows the TAC`, async () => {
      const authority = authorityWith(keys);
      const permitted = await ask(authority, authoriseLoad, asked);
      expect(permitted).toEqual({ kind: 'done', answer: { mac2: fromHex(mac2) } });
      const claim = { ...asked, balanceAfter, counter: 1, tac: fromHex(tac) };
      const judged = (genuine: boolean) => ({ kind: 'done', answer: { genuine } });
      expect(await ask(authority, verifyTac, claim)).toEqual(judged(true));
      const otherCounter = { ...claim, counter: 2 };
      expect(await ask(authority, verifyTac, otherCounter)).toEqual(judged(false));
    });

    it(`${name}: is what our simulated card computes by itself`, () => {
      const card = new SimulatedPbocCard({
        program: { ...simulatedCampusProgram, pin: null },
        number: '4100000099999432',
        loadKey: fromHex(keys.loadKey),
        tacKey: fromHex(keys.tacKey),
        random: () => asked.challenge.slice(8, 12),
        balance: balanceAfter - 0x64,
        onlineCounter: 1,
      });
      card.powerOn();
      const send = (hex: string) => toHex(card.exchange(fromHex(hex)));
      send('00A4040010 D15600000145442F4550000000000000 00');
      expect(send('805000020B 01 00000064 000001000050 10')).toBe(`${toHex(asked.challenge)}9000`);
      expect(send(`805200000B 20240131120000 ${mac2} 04`)).toBe(`${tac}9000`);
      expect(send('805A000202 0001 08')).toBe(`00000000${tac}9000`);
      expect(send('805A000202 0001 08')).toBe('6985');
    });
  }

  it('V5: the kiosk’s side and the card’s side diversify alike, each by its own code', () => {
    const master = fromHex('00112233445566778899AABBCCDDEEFF');
    const published = '0610AD547095D6E5F71AF6CE813AD844';
    expect(toHex(diversify(master, fromHex('4100000089999985')))).toBe(published);
    expect(toHex(cardKeyFromMaster(master, '4100000089999985'))).toBe(published);
  });
});
