import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../../hardware/card/hex.ts';
import { authoriseLoad, type LoadRequest } from '../../../../hardware/card/pboc/authority.ts';
import { cityCard } from '../../../../hardware/card/pboc/profiles.ts';
import {
  SimulatedPbocCard,
  simulatedCityProgram,
} from '../../../../hardware/card/pboc/simulated.ts';
import {
  cardKeyFromMaster,
  cityKeyFromMaster,
} from '../../../../hardware/card/pboc/simulated-mac.ts';
import {
  type SoftwarePbocKeys,
  softwarePboc,
} from '../../../../hardware/card/pboc/software-authority.ts';
import { testMasterKeys } from '../../../../hardware/card/pboc/test-keys.ts';
import { ask } from '../../../../hardware/sam/deed.ts';
import { SoftwareSam } from '../../../../hardware/sam/software.ts';
import {
  cardStation,
  issueCard,
  loadOf,
  prepareLoad,
  seededRandom,
  terminalId,
} from '../card-station.ts';

const applicationName = fromHex('A00000000386980701');
const number = '4100000099999432';

/** Have a card answer INITIALIZE FOR LOAD, and make the question about it. */
function about(card: SimulatedPbocCard, rest: Partial<LoadRequest> = {}): LoadRequest {
  card.powerOn();
  card.exchange(Uint8Array.of(0x00, 0xa4, 0x04, 0x00, 9, ...applicationName));
  const amount = fromHex('00001388');
  const response = card.exchange(
    Uint8Array.of(0x80, 0x50, 0x00, 0x02, 11, 1, ...amount, ...fromHex(terminalId)),
  );
  card.powerOff();
  return {
    reference: 'A1/1',
    transactionType: 0x02,
    cardNumber: fromHex(number),
    amount: 5_000,
    terminalId: fromHex(terminalId),
    challenge: response.slice(0, 16),
    dateTime: fromHex('20260302160000'),
    ...rest,
  };
}

/** An authority that remembers what it was asked. */
function authority(keys: SoftwarePbocKeys = testMasterKeys) {
  const applet = softwarePboc(keys);
  return (request: LoadRequest) => ask({ ask: applet.answer }, authoriseLoad, request);
}

const notGenuine = { kind: 'done', answer: { mac2: null } };

describe('the software authority', () => {
  it('gives the same question the same MAC2, also after its asker has erased the first', async () => {
    const authorise = authority();
    const question = about(issueCard(simulatedCityProgram));
    const first = await authorise(question);
    if (first.kind === 'failed' || first.answer.mac2 === null) throw new Error('no MAC2');
    const mac2 = first.answer.mac2.slice();
    first.answer.mac2.fill(0);
    expect(await authorise(question)).toEqual({ kind: 'done', answer: { mac2 } });
  });

  it('gives another MAC2 to the same reference while the card vouches that it was not loaded', async () => {
    const authorise = authority();
    const card = issueCard(simulatedCityProgram);
    const first = await authorise(about(card));
    const second = await authorise(about(card));
    for (const each of [first, second]) {
      expect(each).toEqual({ kind: 'done', answer: { mac2: expect.any(Uint8Array) } });
    }
    expect(second).not.toEqual(first);
  });

  it('refuses a second MAC2 for a reference once the card’s counter has moved', async () => {
    const authorise = authority();
    const card = issueCard(simulatedCityProgram);
    await authorise(about(card));
    card.loadElsewhere(5_000, '20260302170000');
    expect(await authorise(about(card))).toEqual({
      kind: 'failed',
      detail: 'this reference was authorised before, and the card was loaded since',
    });
    // A new order, after the first has been resolved, has a reference of its own.
    const fresh = await authorise(about(card, { reference: 'A1/2' }));
    expect(fresh).toEqual({ kind: 'done', answer: { mac2: expect.any(Uint8Array) } });
  });

  it('refuses to use a reference at another time', async () => {
    const authorise = authority();
    const question = about(issueCard(simulatedCityProgram));
    await authorise(question);
    const later = { ...question, dateTime: fromHex('20260302160001') };
    expect(await authorise(later)).toEqual({
      kind: 'failed',
      detail: 'this reference was authorised before, for another load',
    });
  });

  it.each([
    { amount: 50_000 },
    { transactionType: 0x01 },
    { cardNumber: fromHex('4100000089999985') },
    { terminalId: fromHex('000001000051') },
  ])('makes no MAC2 where MAC1 was made for something else', async (difference) => {
    const question = about(issueCard(simulatedCityProgram), difference);
    expect(await authority()(question)).toEqual(notGenuine);
  });

  it('names the key version and the algorithm that it does not have', async () => {
    const { challenge, ...question } = about(issueCard(simulatedCityProgram));
    const otherVersion = challenge.with(6, 9);
    expect(await authority()({ ...question, challenge: otherVersion })).toEqual({
      kind: 'failed',
      detail: 'no load key of version 9',
    });
    const otherAlgorithm = challenge.with(7, 4);
    expect(await authority()({ ...question, challenge: otherAlgorithm })).toEqual({
      kind: 'failed',
      detail: 'algorithm 4 is not known',
    });
  });

  it('names the fields of a question that are wrong, and never what stands in them', async () => {
    const answer = await softwarePboc(testMasterKeys).answer('authorise-load', {
      reference: 'A1/1',
      transactionType: 2,
      cardNumber: '99',
      amount: -1,
      terminalId: '9988776655',
      challenge: '00'.repeat(15),
      dateTime: '2026030216000',
    });
    if (answer.kind === 'done') throw new Error('answered');
    const { detail } = answer;
    for (const field of ['cardNumber', 'amount', 'terminalId', 'challenge', 'dateTime']) {
      expect(detail).toContain(field);
    }
    expect(detail).not.toMatch(/99|20260302/);
  });

  it('verifies MAC1 with each card’s own key: master keys alone open no card', async () => {
    const undiversified = new SimulatedPbocCard({
      program: simulatedCityProgram,
      number,
      loadKey: testMasterKeys.load[0].key,
      tacKey: cardKeyFromMaster(testMasterKeys.tac, number),
      random: seededRandom(1),
    });
    expect(await authority()(about(undiversified))).toEqual(notGenuine);
  });

  it('takes of its load keys the one whose version the card names', async () => {
    const second = fromHex('FFEEDDCCBBAA99887766554433221100');
    const load = [...testMasterKeys.load, { version: 2, key: second }];
    const authorise = authority({ ...testMasterKeys, load });
    const mac2 = expect.any(Uint8Array);
    const withKey = (keyVersion: number, key: Uint8Array) =>
      issueCard(
        { ...simulatedCityProgram, keyVersion },
        { loadKey: cardKeyFromMaster(key, number) },
      );
    const asked = await authorise(about(withKey(2, second), { reference: 'A1/2' }));
    expect(asked).toEqual({ kind: 'done', answer: { mac2 } });
    // The card of the other key is not taken for genuine under this one.
    expect(await authorise(about(withKey(1, second)))).toEqual(notGenuine);
  });

  it('makes a card’s keys from the city’s, where the issuer does', async () => {
    const [{ key }] = testMasterKeys.load;
    const twoLevels = issueCard(simulatedCityProgram, {
      loadKey: cardKeyFromMaster(cityKeyFromMaster(key, number), number),
      tacKey: cardKeyFromMaster(cityKeyFromMaster(testMasterKeys.tac, number), number),
    });
    const diversification = ['city-code', 'card-number'] as const;
    const sam = new SoftwareSam({
      applets: { pboc: softwarePboc({ ...testMasterKeys, diversification }) },
      onWarning: () => {},
    });
    const station = cardStation([cityCard], { sam });
    station.reader.insert(twoLevels);
    await prepareLoad(station, loadOf(cityCard, 5_000));
    expect(await station.cards.credit()).toMatchObject({ kind: 'done', proof: { by: 'tac' } });
    // With one level, or with the levels the other way round, the card is not genuine.
    expect(await authority()(about(twoLevels))).toEqual(notGenuine);
    const turned = ['card-number', 'city-code'] as const;
    const authorise = authority({ ...testMasterKeys, diversification: turned });
    expect(await authorise(about(twoLevels))).toEqual(notGenuine);
  });

  it('takes only keys of 16 bytes', () => {
    const keys = { ...testMasterKeys, tac: new Uint8Array(8) };
    expect(() => softwarePboc(keys)).toThrow('16 bytes');
  });
});
