import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../hardware/card/hex.ts';
import {
  authoriseLoad,
  type LoadRequest,
  verifyTac,
} from '../../../hardware/card/pboc/authority.ts';
import type { PbocSamSettings } from '../../../hardware/card/pboc/sam-card.ts';
import { SimulatedPbocCard, simulatedCityProgram } from '../../../hardware/card/pboc/simulated.ts';
import { cardKeyFromMaster, cityKeyFromMaster } from '../../../hardware/card/pboc/simulated-mac.ts';
import { testMasterKeys } from '../../../hardware/card/pboc/test-keys.ts';
import { ask } from '../../../hardware/sam/deed.ts';
import type { Sam } from '../../../hardware/sam/port.ts';
import { issueSam, samSettings, samSlot } from './card-slot.ts';

const masterKey = testMasterKeys.load[0].key;

/** A SAM with one card's own keys in place of master keys (cards.md 1.10 gives those). */
const ownKeys: PbocSamSettings = {
  application: '1001',
  pin: null,
  load: [{ version: 1, p1: 0x09, p2: 0x01, factors: [] }],
  tac: { p1: 0x0c, p2: 0x01, factors: [] },
};

async function samWith(loadKey: string, tacKey = loadKey): Promise<Sam> {
  const keys = [
    { use: 0x09, version: 1, makes: 'session-key', key: fromHex(loadKey) },
    { use: 0x0c, version: 1, makes: 'tac-key', key: fromHex(tacKey) },
  ] as const;
  const { sam } = await samSlot({ card: issueSam({ keys }), settings: ownKeys });
  return sam;
}

function authority(sam: Sam) {
  return {
    ask: (deed: string, body: Parameters<Sam['ask']>[0]['body'], repeatable: boolean) =>
      sam.ask({ family: 'pboc', deed, body, repeatable }),
  };
}

async function mac2Of(sam: Sam, request: Partial<LoadRequest>): Promise<string | null> {
  const answered = await ask(authority(sam), authoriseLoad, {
    reference: 'vector',
    transactionType: 0x02,
    cardNumber: fromHex('4100000099999432'),
    amount: 0,
    terminalId: fromHex('000001000050'),
    challenge: new Uint8Array(16),
    dateTime: new Uint8Array(7),
    ...request,
  });
  if (answered.kind === 'failed') throw new Error(answered.detail);
  return answered.answer.mac2 === null ? null : toHex(answered.answer.mac2);
}

const v1 = {
  loadKey: '374598B5C0B0EAE1E1D06609AC5BB369',
  tacKey: 'CAA6025290114BFCC3C9043F70F7A07A',
  request: {
    amount: 0x1c37,
    challenge: fromHex('00000000 0000 01 00 CDEF4F20 06B1BEF5'),
    dateTime: fromHex('20140825103100'),
  },
  tac: { balanceAfter: 0x1c37, counter: 0, tac: fromHex('ED0F8755') },
  mac2: '0641DCD8',
};
const v2 = {
  loadKey: '11223344556677888877665544332211',
  request: {
    transactionType: 0x01,
    amount: 0x1000,
    terminalId: fromHex('001122334455'),
    challenge: fromHex('00000000 0000 01 00 11223344 2988AE5A'),
    dateTime: fromHex('20111221214822'),
  },
  mac2: '3A845BF0',
};
const v3 = {
  loadKey: '206A7AEADA34D7D396ED5166BE858608',
  tacKey: 'B52A9EFBE06CC2CA4ED531205BDF5AC9',
  request: {
    amount: 100,
    challenge: fromHex('0000C350 0001 01 00 41424344 55397202'),
    dateTime: fromHex('20240131120000'),
  },
  tac: { balanceAfter: 0xc350 + 100, counter: 1, tac: fromHex('66C26083') },
  mac2: '596599DF',
};
const v4 = {
  loadKey: '3F013E012C014D015B0167017C018901',
  tacKey: '404142434445464748494A4B4C4D4E4F',
  request: {
    amount: 100,
    challenge: fromHex('000003E8 0001 01 00 053C67E6 BE1A470C'),
    dateTime: fromHex('20240131120000'),
  },
  tac: { balanceAfter: 1_100, counter: 1, tac: fromHex('8DF71532') },
  mac2: 'FF37E765',
};

describe('the vectors of cards.md 1.10, asked of a SAM card', () => {
  it.each([
    ['V1', v1],
    ['V2', v2],
    ['V3', v3],
    ['V4', v4],
  ])('%s: MAC1 fits, and MAC2 is the published one', async (_name, { loadKey, request, mac2 }) => {
    expect(await mac2Of(await samWith(loadKey), request)).toBe(mac2);
  });

  it.each([
    ['V1', v1],
    ['V3', v3],
    ['V4', v4],
  ])(
    '%s: the TAC is genuine, and no other is',
    async (_name, { loadKey, tacKey, request, tac }) => {
      const sam = await samWith(loadKey, tacKey);
      const claim = {
        transactionType: 0x02,
        cardNumber: fromHex('4100000099999432'),
        terminalId: fromHex('000001000050'),
        amount: request.amount,
        dateTime: request.dateTime,
        ...tac,
      };
      const judge = (wrong: Partial<typeof claim>) =>
        ask(authority(sam), verifyTac, { ...claim, ...wrong });
      expect(await judge({})).toEqual({ kind: 'done', answer: { genuine: true } });
      const other = claim.tac.map((byte, at) => (at === 3 ? byte ^ 1 : byte));
      expect(await judge({ tac: other })).toEqual({ kind: 'done', answer: { genuine: false } });
    },
  );

  it('makes no MAC2 for a card whose MAC1 does not fit', async () => {
    const { sam, reader } = await samSlot({
      card: issueSam({
        keys: [
          { use: 0x09, version: 1, makes: 'session-key', key: fromHex(v1.loadKey) },
          { use: 0x0c, version: 1, makes: 'tac-key', key: fromHex(v1.tacKey) },
        ],
      }),
      settings: ownKeys,
    });
    const before = reader.apdus;
    const challenge = Uint8Array.from(v1.request.challenge);
    challenge[15] = 0;
    expect(await mac2Of(sam, { ...v1.request, challenge })).toBeNull();
    // INIT FOR DESCRYPT and DES CRYPT for MAC1, and nothing more.
    expect(reader.apdus - before).toBe(2);
  });

  it('takes V5’s key from the master key and the card number', async () => {
    const { sam } = await samSlot({ settings: samSettings });
    const challenge = challengeOf('0610AD547095D6E5F71AF6CE813AD844');
    const cardNumber = fromHex('4100000089999985');
    expect(await mac2Of(sam, { cardNumber, amount: 5_000, challenge })).not.toBeNull();
    const another = fromHex('4100000089999986');
    expect(await mac2Of(sam, { cardNumber: another, amount: 5_000, challenge })).toBeNull();
  });

  it.each([
    ['a constant', '4100FF0000000000', cardKeyFromMaster(masterKey, '4100FF0000000000')],
    ['the city code', 'city-code', cityKeyFromMaster(masterKey, '4100000089999985')],
  ])(
    'goes through two levels of diversification, the first with %s',
    async (_name, factor, cityKey) => {
      const twoLevels = { p2: 0x01, factors: [factor, 'card-number'] };
      const { sam } = await samSlot({
        settings: {
          ...samSettings,
          load: [{ ...twoLevels, p1: 0x49, version: 1 }],
          tac: { ...twoLevels, p1: 0x4c },
        },
      });
      const challenge = challengeOf(toHex(cardKeyFromMaster(cityKey, '4100000089999985')));
      const cardNumber = fromHex('4100000089999985');
      expect(await mac2Of(sam, { cardNumber, amount: 5_000, challenge })).not.toBeNull();
    },
  );
});

/** What a card with this load key answers to INITIALIZE FOR LOAD of 50.00. */
function challengeOf(loadKey: string): Uint8Array {
  const card = new SimulatedPbocCard({
    program: simulatedCityProgram,
    number: '4100000089999985',
    loadKey: fromHex(loadKey),
    tacKey: fromHex(loadKey),
    random: () => fromHex('41424344'),
  });
  card.powerOn();
  card.exchange(fromHex('00A4040009A00000000386980701'));
  return card.exchange(fromHex('805000020B0100001388000001000050')).slice(0, 16);
}
