import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../hardware/card/hex.ts';
import { SimulatedPbocCard, simulatedCityProgram } from '../../../hardware/card/pboc/simulated.ts';
import { cardKeyFromMaster } from '../../../hardware/card/pboc/simulated-mac.ts';
import type { LoadRequest } from '../../../hardware/sam/port.ts';
import { SoftwareSam } from '../../../hardware/sam/software.ts';
import { testMasterKeys } from '../../../hardware/sam/test-keys.ts';
import { issueCard, otherNumber, seededRandom, terminalId, testSam } from '../card/card-station.ts';

const applicationName = fromHex('A00000000386980701');
const number = '4100000099999432';

/** Have a card answer INITIALIZE FOR LOAD, and ask the SAM's question about it. */
function ask(card: SimulatedPbocCard, rest: Partial<LoadRequest> = {}): LoadRequest {
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
    amountMinor: 5_000,
    terminalId: fromHex(terminalId),
    challenge: response.slice(0, 16),
    dateTime: fromHex('20260302160000'),
    ...rest,
  };
}

describe('the software SAM', () => {
  it('says once, loudly, that it is none for real money', () => {
    const warnings: string[] = [];
    new SoftwareSam({ keys: testMasterKeys, onWarning: (warning) => warnings.push(warning) });
    expect(warnings).toEqual([
      'software SAM: test keys only, held in memory, never for real money',
    ]);
  });

  it('gives the same question the same MAC2, also after its asker has erased the first', async () => {
    const sam = testSam();
    const question = ask(issueCard(simulatedCityProgram));
    const first = await sam.authoriseLoad(question);
    if (first.kind !== 'done') throw new Error(first.kind);
    const mac2 = Uint8Array.from(first.mac2);
    for (let answer = first, again = 0; again < 2; again += 1) {
      answer.mac2.fill(0);
      const next = await sam.authoriseLoad(question);
      expect(next).toEqual({ kind: 'done', mac2 });
      if (next.kind === 'done') answer = next;
    }
  });

  it('gives another MAC2 to the same reference while the card vouches that it was not loaded', async () => {
    const sam = testSam();
    const card = issueCard(simulatedCityProgram);
    const first = await sam.authoriseLoad(ask(card));
    const second = await sam.authoriseLoad(ask(card));
    expect(second.kind).toBe('done');
    expect(second).not.toEqual(first);
  });

  it('refuses a second MAC2 for a reference once the card’s counter has moved', async () => {
    const sam = testSam();
    const card = issueCard(simulatedCityProgram);
    await sam.authoriseLoad(ask(card));
    card.loadElsewhere(5_000, '20260302170000');
    const refusal = {
      kind: 'failed',
      detail: 'this reference was authorised before, and the card was loaded since',
    };
    expect(await sam.authoriseLoad(ask(card))).toEqual(refusal);
    // A new order, after the first has been resolved, has a reference of its own.
    const fresh = await sam.authoriseLoad(ask(card, { reference: 'A1/2' }));
    expect(fresh.kind).toBe('done');
  });

  it.each([{ amountMinor: 5_001 }, { dateTime: fromHex('20260302160001') }])(
    'refuses to use a reference for another load',
    async (difference) => {
      const sam = testSam();
      const question = ask(issueCard(simulatedCityProgram));
      await sam.authoriseLoad(question);
      const answer = await sam.authoriseLoad({ ...question, ...difference });
      expect(answer.kind).not.toBe('done');
    },
  );

  it.each([
    { amountMinor: 50_000 },
    { transactionType: 0x01 },
    { cardNumber: fromHex(otherNumber) },
    { terminalId: fromHex('000001000051') },
  ])('makes no MAC2 where MAC1 was made for something else', async (difference) => {
    const question = ask(issueCard(simulatedCityProgram), difference);
    expect(await testSam().authoriseLoad(question)).toEqual({ kind: 'mac1-invalid' });
  });

  it('names what it cannot work with', async () => {
    const question = ask(issueCard(simulatedCityProgram));
    const otherVersion = Uint8Array.from(question.challenge);
    otherVersion[6] = 9;
    const otherAlgorithm = Uint8Array.from(question.challenge);
    otherAlgorithm[7] = 4;
    const details = [];
    for (const wrong of [
      { challenge: question.challenge.slice(0, 15) },
      { challenge: otherVersion },
      { challenge: otherAlgorithm },
      { cardNumber: fromHex('99') },
      { terminalId: fromHex('99') },
      { dateTime: fromHex('99') },
    ]) {
      const answer = await testSam().authoriseLoad({ ...question, ...wrong });
      details.push(answer.kind === 'failed' ? answer.detail : answer.kind);
    }
    expect(details).toEqual([
      'challenge of 15 bytes, not 16',
      'no load key of version 9',
      'algorithm 4 is not known',
      'card number of 1 bytes, not 8',
      'terminal id of 1 bytes, not 6',
      'date and time of 1 bytes, not 7',
    ]);
  });

  it('verifies MAC1 with each card’s own key: master keys alone open no card', async () => {
    const undiversified = new SimulatedPbocCard({
      program: simulatedCityProgram,
      number,
      loadKey: testMasterKeys.load[0].key,
      tacKey: cardKeyFromMaster(testMasterKeys.tac, number),
      random: seededRandom(1),
    });
    expect((await testSam().authoriseLoad(ask(undiversified))).kind).toBe('mac1-invalid');
  });

  it('takes only keys of 16 bytes', () => {
    const keys = { ...testMasterKeys, tac: new Uint8Array(8) };
    expect(() => new SoftwareSam({ keys, onWarning: () => {} })).toThrow('16 bytes');
  });
});
