import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../../hardware/card/hex.ts';
import { cityCard } from '../../../../hardware/card/pboc/profiles.ts';
import { simulatedCityProgram } from '../../../../hardware/card/pboc/simulated.ts';
import { cardStation, issueCard, loadOf, prepareLoad } from '../card-station.ts';

const order = loadOf(cityCard, 5_000);

describe('the keys of a load are those that the card names', () => {
  it('by index, the first of the profile’s that it has', async () => {
    const station = cardStation([{ ...cityCard, keyIndex: [1, 2, 3] }]);
    const card = issueCard({ ...simulatedCityProgram, keyIndex: 3 }, { onlineCounter: 4 });
    station.reader.insert(card);
    await prepareLoad(station, order);
    expect((await station.cards.credit()).kind).toBe('done');
    expect(card.books).toMatchObject({ balance: 6_000, onlineCounter: 5 });
  });

  it('and another answer than "no such key" ends the trying', async () => {
    const station = cardStation([{ ...cityCard, keyIndex: [1, 2] }]);
    station.reader.insert(issueCard({ ...simulatedCityProgram, keyIndex: 2 }));
    station.reader.injectFault(3, { kind: 'answered-with', response: fromHex('6985') });
    expect(await station.cards.prepare(order)).toMatchObject({
      refusal: { kind: 'card-refused', detail: expect.stringContaining('6985') },
    });
  });

  it('and a card that has none of them says so, unchanged', async () => {
    const station = cardStation([{ ...cityCard, keyIndex: [1, 2] }]);
    const card = issueCard({ ...simulatedCityProgram, keyIndex: 9 });
    station.reader.insert(card);
    const before = card.books;
    expect(await station.cards.prepare(order)).toEqual({
      kind: 'refused',
      refusal: {
        kind: 'card-refused',
        detail: 'INITIALIZE FOR LOAD answered 9403 (no such key index)',
      },
    });
    expect(card.books).toEqual(before);
  });

  it('a load that may have happened is asked after with the key index that the card has', async () => {
    const profile = { ...cityCard, keyIndex: [1, 3], log: null, loadLog: null, proofCounters: [] };
    const station = cardStation([profile]);
    const card = issueCard({ ...simulatedCityProgram, keyIndex: 3 }, { onlineCounter: 4 });
    station.reader.insert(card);
    const mark = await prepareLoad(station, order);
    expect(await station.cards.check(order, mark)).toEqual({ kind: 'not-loaded' });
  });

  it.each([
    ['key version', { keyVersion: 7 }, 'no load key of version 7'],
    ['algorithm', { algorithm: 1 }, 'algorithm 1 is not known'],
  ])(
    'a %s that the SAM does not have is named, and nothing is written',
    async (_, difference, detail) => {
      const station = cardStation([cityCard]);
      const card = issueCard({ ...simulatedCityProgram, ...difference });
      station.reader.insert(card);
      const before = card.books;
      expect(await station.cards.prepare(order)).toEqual({
        kind: 'refused',
        refusal: { kind: 'sam-fault', detail },
      });
      expect(card.books).toEqual(before);
    },
  );
});
