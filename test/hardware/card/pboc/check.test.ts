import { describe, expect, it } from 'vitest';
import { campusCard, cityCard, tUnionCard } from '../../../../hardware/card/pboc/profiles.ts';
import {
  type SimulatedPbocCard,
  simulatedCampusProgram,
  simulatedCityProgram,
  simulatedTUnionProgram,
} from '../../../../hardware/card/pboc/simulated.ts';
import { SimulatedBankCard } from '../../../../hardware/card/simulated.ts';
import type { LoadMark } from '../../../../main/contract/card.ts';
import {
  type CardStation,
  cardStation,
  conventions,
  issueCard,
  loadOf,
  otherNumber,
  prepareLoad,
  stationCards,
} from '../card-station.ts';

const amount = 5_000;

type Torn = { station: CardStation; card: SimulatedPbocCard; mark: LoadMark };

/** A card pulled while CREDIT was under way: before it had it, or after it had done it. It is out of the reader. */
async function tornAtCredit(
  convention: Pick<(typeof conventions)[number], 'program' | 'profile'>,
  when: 'before' | 'after',
): Promise<Torn> {
  const station = cardStation([convention.profile]);
  const card = issueCard(convention.program, { onlineCounter: 4, offlineCounter: 4 });
  station.reader.insert(card);
  const mark = await prepareLoad(station, loadOf(convention.profile, amount));
  station.reader.injectFault(0, { kind: `tear-${when}` });
  expect((await station.cards.credit()).kind).toBe('unknown');
  return { station, card, mark };
}

const withLog = conventions.filter(({ profile }) => profile.log !== null);

describe.each(withLog)('a load that is checked later ($name)', ({ program, profile }) => {
  const order = loadOf(profile, amount);

  it('is found although somebody has spent at gates since', async () => {
    const { station, card, mark } = await tornAtCredit({ program, profile }, 'after');
    card.purchase(300, '20260302170000');
    card.purchase(5_700, '20260302173000');
    station.reader.insert(card);
    expect(await station.cards.check(order, mark)).toMatchObject({
      kind: 'loaded',
      proof: { balanceMinor: 0, by: 'card-log' },
    });
  });

  it('is found although another machine has loaded the same amount since', async () => {
    const { station, card, mark } = await tornAtCredit({ program, profile }, 'after');
    card.loadElsewhere(amount, '20260302170000');
    station.reader.insert(card);
    expect(await station.cards.check(order, mark)).toMatchObject({
      kind: 'loaded',
      proof: { balanceMinor: 11_000 },
    });
  });

  it('is not taken for another machine’s load of the same amount', async () => {
    const { station, card, mark } = await tornAtCredit({ program, profile }, 'before');
    card.loadElsewhere(amount, '20260302170000');
    station.reader.insert(card);
    expect(await station.cards.check(order, mark)).toEqual({ kind: 'not-loaded' });
  });

  it('is not taken for an earlier load of the same amount by this machine', async () => {
    const station = cardStation([profile]);
    const card = issueCard(program, { onlineCounter: 3, balance: 0 });
    card.loadElsewhere(amount, '20260301120000', '000001000050');
    station.reader.insert(card);
    const mark = await prepareLoad(station, order);
    station.reader.pull();
    station.reader.insert(card);
    expect(await station.cards.check(order, mark)).toEqual({ kind: 'not-loaded' });
  });

  it('that did not happen is known as such although gates have taken from the card', async () => {
    const { station, card, mark } = await tornAtCredit({ program, profile }, 'before');
    card.purchase(300, '20260302170000');
    station.reader.insert(card);
    expect(await station.cards.check(order, mark)).toEqual({ kind: 'not-loaded' });
  });

  it('is found in the log of loads when purchases have written over its row, if there is one', async () => {
    const { station, card, mark } = await tornAtCredit({ program, profile }, 'after');
    for (let row = 0; row < 10; row += 1) card.purchase(1, '20260302170000');
    station.reader.insert(card);
    const answer = await station.cards.check(order, mark);
    if (profile.loadLog === null) expect(answer.kind).toBe('unknown');
    else expect(answer).toMatchObject({ kind: 'loaded', proof: { by: 'card-log', tac: null } });
  });

  it('that did not happen is known by the log of loads, if there is one, when purchases filled the other', async () => {
    const { station, card, mark } = await tornAtCredit({ program, profile }, 'before');
    card.loadElsewhere(amount, '20260302170000');
    for (let row = 0; row < 10; row += 1) card.purchase(1, '20260302173000');
    station.reader.insert(card);
    const { kind } = await station.cards.check(order, mark);
    expect(kind).toBe(profile.loadLog === null ? 'unknown' : 'not-loaded');
  });

  it('is undecided when its rows have been written over and its proof is gone', async () => {
    const { station, card, mark } = await tornAtCredit({ program, profile }, 'after');
    for (let row = 0; row < 10; row += 1) card.loadElsewhere(1, '20260302170000');
    station.reader.insert(card);
    expect(await station.cards.check(order, mark)).toEqual({
      kind: 'unknown',
      fault: {
        kind: 'undecided',
        detail: 'an on-line transaction has happened, and the card no longer tells which',
      },
    });
  });

  it('does not change the card, however often it is checked', async () => {
    const { station, card, mark } = await tornAtCredit({ program, profile }, 'before');
    station.reader.insert(card);
    const before = card.books;
    for (let again = 0; again < 3; again += 1) {
      expect(await station.cards.check(order, mark)).toEqual({ kind: 'not-loaded' });
    }
    expect(card.books).toEqual(before);
  });

  it('is not looked for on another card', async () => {
    const { station, mark } = await tornAtCredit({ program, profile }, 'after');
    station.reader.insert(issueCard(program, { number: otherNumber(program) }));
    expect(await station.cards.check(order, mark)).toEqual({ kind: 'other-card' });
    station.reader.pull();
    station.reader.insert(new SimulatedBankCard());
    expect(await station.cards.check(order, mark)).toEqual({ kind: 'other-card' });
  });
});

describe('a load on a card that may be overdrawn', () => {
  const program = simulatedTUnionProgram;
  const order = loadOf(tUnionCard, amount);
  const withoutLog = { program, profile: { ...tUnionCard, log: null } };

  /** The same card after its issuer has set another limit, which the card counts in. */
  function withLimit(card: SimulatedPbocCard, overdraftLimit: number, from = program) {
    const { memory } = card;
    const balance = memory.balance - (program.overdraftLimit ?? 0) + overdraftLimit;
    return issueCard({ ...from, overdraftLimit }, { memory: { ...memory, balance } });
  }

  it('is proved by the TAC, in which the limit is counted', async () => {
    const { station, card, mark } = await tornAtCredit(withoutLog, 'after');
    expect(mark.beforeMinor).toBe(1_000);
    station.reader.insert(card);
    expect(await station.cards.check(order, mark)).toMatchObject({
      kind: 'loaded',
      proof: { balanceMinor: 6_000, by: 'transaction-proof' },
    });
  });

  it('is found in the log when the limit was changed since, with the balance that is its owner’s', async () => {
    const { station, card, mark } = await tornAtCredit({ program, profile: tUnionCard }, 'after');
    station.reader.insert(withLimit(card, 2_000));
    expect(await station.cards.check(order, mark)).toMatchObject({
      kind: 'loaded',
      proof: { balanceMinor: 6_000, by: 'card-log' },
    });
  });

  it.each([0, 2_000])(
    'that did not happen is known as such at a new limit of %i',
    async (limit) => {
      const { station, card, mark } = await tornAtCredit(withoutLog, 'before');
      station.reader.insert(withLimit(card, limit));
      expect(await station.cards.check(order, mark)).toEqual({ kind: 'not-loaded' });
    },
  );

  it('is not looked for under a limit at which it cannot have been made', async () => {
    const counting = { ...program, proof: { counter: 'n', once: false, unknown: '9406' } } as const;
    const station = cardStation([withoutLog.profile]);
    const card = issueCard(counting, { balance: 0 });
    card.purchase(700, '20260301120000');
    station.reader.insert(card);
    const small = loadOf(tUnionCard, 100);
    const mark = await prepareLoad(station, small);
    expect(mark.beforeMinor).toBe(-700);
    station.reader.injectFault(0, { kind: 'tear-after' });
    await station.cards.credit();
    // Another machine's TAC is now given for the counter after ours.
    card.loadElsewhere(2_000, '20260302170000');
    station.reader.insert(withLimit(card, 500, counting));
    expect(await station.cards.check(small, mark)).toMatchObject({
      kind: 'unknown',
      fault: { kind: 'undecided' },
    });
  });
});

describe('a load on a card whose log cannot be read', () => {
  const convention = {
    program: simulatedCityProgram,
    profile: { ...cityCard, log: null, loadLog: null },
  };
  const order = loadOf(convention.profile, amount);

  it('is proved by the transaction proof that the card still holds', async () => {
    const { station, card, mark } = await tornAtCredit(convention, 'after');
    station.reader.insert(card);
    expect(await station.cards.check(order, mark)).toMatchObject({
      kind: 'loaded',
      proof: { by: 'transaction-proof', counter: 4, tac: expect.any(String) },
    });
  });

  it('is undecided once a gate’s purchase has taken the place of its proof', async () => {
    const { station, card, mark } = await tornAtCredit(convention, 'after');
    card.purchase(300, '20260302170000');
    station.reader.insert(card);
    expect((await station.cards.check(order, mark)).kind).toBe('unknown');
  });

  it('is not believed for balance and counter alone: another machine loaded the same amount', async () => {
    const { station, card, mark } = await tornAtCredit(convention, 'before');
    card.loadElsewhere(amount, '20260302170000');
    station.reader.insert(card);
    expect((await station.cards.check(order, mark)).kind).toBe('unknown');
  });
});

describe('a check', () => {
  it('whose proof was given once and lost on the way finds the load in the log', async () => {
    const convention = { program: simulatedCampusProgram, profile: campusCard };
    const { station, card, mark } = await tornAtCredit(convention, 'after');
    station.reader.insert(card);
    const order = loadOf(campusCard, amount);
    const isProve = () => card.books.logRows;
    expect(isProve()).toBe(1);
    // SELECT, number file, PIN, balance, two log commands, then the proof.
    station.reader.injectFault(6, { kind: 'tear-after' });
    expect(await station.cards.check(order, mark)).toMatchObject({
      kind: 'loaded',
      proof: { by: 'card-log', tac: null },
    });
    station.reader.insert(card);
    expect((await station.cards.check(order, mark)).kind).toBe('loaded');
  });

  it('of a card that its issuer has blocked meanwhile is undecided', async () => {
    const convention = { program: simulatedCityProgram, profile: cityCard };
    const { station, card, mark } = await tornAtCredit(convention, 'after');
    card.block();
    station.reader.insert(card);
    expect(await station.cards.check(loadOf(cityCard, amount), mark)).toEqual({
      kind: 'unknown',
      fault: { kind: 'undecided', detail: 'the application on the card is blocked' },
    });
  });

  it('of a profile that is no longer configured is undecided', async () => {
    const { cards, reader } = cardStation([campusCard]);
    reader.insert(issueCard(simulatedCityProgram));
    const mark = { beforeMinor: loadOf(cityCard, 1_000).amountMinor, counter: 4 };
    expect(await cards.check(loadOf(cityCard, amount), mark)).toEqual({
      kind: 'unknown',
      fault: { kind: 'undecided', detail: 'no card profile city-card is configured' },
    });
  });

  it('whose profile counts in another unit since is undecided, and ends nothing', async () => {
    const convention = { program: simulatedCityProgram, profile: cityCard };
    const { station, card, mark } = await tornAtCredit(convention, 'after');
    const { reader, sam, clock } = station;
    const cards = stationCards(reader, sam, [{ ...cityCard, unitMinor: 10 }], clock);
    reader.insert(card);
    const odd = { ...mark, beforeMinor: loadOf(cityCard, 1_005).amountMinor };
    expect(await cards.check(loadOf(cityCard, amount), odd)).toMatchObject({
      kind: 'unknown',
      fault: { kind: 'undecided' },
    });
  });

  it('of the last load that a card’s counter has room for is answered', async () => {
    const { cards, reader } = cardStation([cityCard]);
    reader.insert(issueCard(simulatedCityProgram, { onlineCounter: 0xffff }));
    const mark = { beforeMinor: loadOf(cityCard, 1_000).amountMinor, counter: 0xffff };
    expect(await cards.check(loadOf(cityCard, amount), mark)).toMatchObject({
      kind: 'unknown',
      fault: { kind: 'undecided' },
    });
  });

  it('with no card in the reader says so', async () => {
    const { cards } = cardStation([cityCard]);
    const mark = { beforeMinor: loadOf(cityCard, 1_000).amountMinor, counter: 4 };
    expect(await cards.check(loadOf(cityCard, amount), mark)).toEqual({
      kind: 'unknown',
      fault: { kind: 'card-gone' },
    });
  });
});
