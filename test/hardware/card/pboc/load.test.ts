import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../../hardware/card/hex.ts';
import { campusCard, cityCard, tUnionCard } from '../../../../hardware/card/pboc/profiles.ts';
import {
  simulatedCampusProgram,
  simulatedCityProgram,
  simulatedTUnionProgram,
} from '../../../../hardware/card/pboc/simulated.ts';
import type { Sam } from '../../../../hardware/sam/port.ts';
import {
  type CardStation,
  cardStation,
  conventions,
  inTime,
  issueCard,
  loadOf,
  otherNumber,
  prepareLoad,
  samWhere,
  testSam,
} from '../card-station.ts';

const amount = 5_000;
const order = loadOf(cityCard, amount);

/** On a city card: SELECT, number file, balance, INITIALIZE; then CREDIT. */
const creditCommand = 4;

function cityStation(sam: Sam = testSam()) {
  const station = cardStation([cityCard], { sam });
  const card = issueCard(simulatedCityProgram, { onlineCounter: 4 });
  station.reader.insert(card);
  return { station, card };
}

/** Prepare and credit, with time to pass where something does not answer. */
async function load(station: CardStation) {
  await prepareLoad(station, order);
  return inTime(station.clock, station.cards.credit());
}

describe('a load', () => {
  it.each(conventions)(
    'is written once and proved by the card’s TAC ($name)',
    async (convention) => {
      const station = cardStation([convention.profile]);
      const card = issueCard(convention.program, { onlineCounter: 4 });
      station.reader.insert(card);
      const mark = await prepareLoad(station, loadOf(convention.profile, amount));
      expect(mark).toEqual({ beforeMinor: 1_000, counter: 4 });
      expect(card.books.balance).toBe(1_000);
      expect(await station.cards.credit()).toEqual({
        kind: 'done',
        proof: {
          balanceMinor: 6_000,
          counter: 4,
          tac: expect.stringMatching(/^[0-9A-F]{8}$/),
          by: 'tac',
        },
      });
      expect(card.books).toMatchObject({ balance: 6_000, onlineCounter: 5 });
    },
  );

  it('that was given up leaves the card as it was, and free for another', async () => {
    const { station, card } = cityStation();
    await prepareLoad(station, order);
    await station.cards.abandon();
    expect(card.books).toMatchObject({ balance: 1_000, onlineCounter: 4 });
    expect((await station.cards.read()).kind).toBe('done');
  });

  it('that was prepared is let go of by a reading, a check or another preparation', async () => {
    const { station, card } = cityStation();
    await prepareLoad(station, order);
    expect((await station.cards.read()).kind).toBe('done');
    await expect(station.cards.credit()).rejects.toThrow('without a prepared load');
    const mark = await prepareLoad(station, order);
    expect(await station.cards.check(order, mark)).toEqual({ kind: 'not-loaded' });
    await prepareLoad(station, order);
    await prepareLoad(station, order);
    expect((await station.cards.credit()).kind).toBe('done');
    expect(card.books.balance).toBe(6_000);
  });

  it('holds the reader from its preparation to its end', async () => {
    const { station } = cityStation();
    await prepareLoad(station, order);
    expect(await station.reader.connect()).toEqual({
      kind: 'failed',
      fault: { kind: 'reader-busy' },
    });
    await station.cards.credit();
    expect((await station.reader.connect()).kind).toBe('done');
  });

  it('that was not prepared cannot be credited, nor one that was credited already', async () => {
    const { station, card } = cityStation();
    await expect(station.cards.credit()).rejects.toThrow('without a prepared load');
    await load(station);
    await expect(station.cards.credit()).rejects.toThrow('without a prepared load');
    expect(card.books.balance).toBe(6_000);
  });
});

describe('a load of a card that is overdrawn', () => {
  it('first pays back what is missing, and is proved by the balance that is its owner’s', async () => {
    const station = cardStation([tUnionCard]);
    const card = issueCard(simulatedTUnionProgram, { balance: 200, onlineCounter: 4 });
    card.purchase(700, '20260301120000');
    station.reader.insert(card);
    const mark = await prepareLoad(station, loadOf(tUnionCard, amount));
    expect(mark).toEqual({ beforeMinor: -500, counter: 4 });
    expect(await station.cards.credit()).toMatchObject({
      kind: 'done',
      proof: { balanceMinor: 4_500, by: 'tac' },
    });
    expect(card.books.balance).toBe(4_500);
  });

  it('may be as large as brings it to its cap: the limit is not in it', async () => {
    const balanceCapMinor = 6_000;
    for (const [balance, kind] of [
      [1_000, 'done'],
      [1_001, 'refused'],
    ] as const) {
      const station = cardStation([{ ...tUnionCard, balanceCapMinor }]);
      station.reader.insert(issueCard(simulatedTUnionProgram, { balance }));
      expect((await station.cards.prepare(loadOf(tUnionCard, amount))).kind).toBe(kind);
    }
  });
});

describe('a load is refused before anything is written', () => {
  it('when another card lies in the reader', async () => {
    const station = cardStation([cityCard]);
    station.reader.insert(
      issueCard(simulatedCityProgram, { number: otherNumber(simulatedCityProgram) }),
    );
    expect(await station.cards.prepare(order)).toEqual({
      kind: 'refused',
      refusal: { kind: 'other-card' },
    });
    expect((await station.reader.connect()).kind).toBe('done');
  });

  it('when a card of another kind lies in the reader', async () => {
    const station = cardStation([cityCard, campusCard]);
    station.reader.insert(issueCard(simulatedCampusProgram));
    expect(await station.cards.prepare(order)).toEqual({
      kind: 'refused',
      refusal: { kind: 'other-card' },
    });
  });

  it('when it is more than one load may be', async () => {
    const { station } = cityStation();
    const answer = await station.cards.prepare(loadOf(cityCard, cityCard.loadCapMinor + 1));
    expect(answer).toEqual({ kind: 'refused', refusal: { kind: 'above-load-cap' } });
  });

  it('when the card would hold more than it may, by its balance now', async () => {
    const station = cardStation([cityCard]);
    const balance = cityCard.balanceCapMinor - amount;
    station.reader.insert(issueCard(simulatedCityProgram, { balance: balance + 1 }));
    const answer = await station.cards.prepare(order);
    expect(answer).toEqual({ kind: 'refused', refusal: { kind: 'above-balance-cap' } });
    station.reader.pull();
    station.reader.insert(issueCard(simulatedCityProgram, { balance }));
    expect((await station.cards.prepare(order)).kind).toBe('done');
  });

  it('when the card itself has no room for it', async () => {
    const station = cardStation([cityCard]);
    station.reader.insert(issueCard(simulatedCityProgram, { ceiling: 5_999 }));
    expect(await station.cards.prepare(order)).toEqual({
      kind: 'refused',
      refusal: {
        kind: 'card-refused',
        detail:
          'INITIALIZE FOR LOAD answered 6985 (conditions not met, or the purse would overflow)',
      },
    });
  });

  it('when the card was made with another issuer’s keys', async () => {
    const station = cardStation([cityCard]);
    station.reader.insert(issueCard(simulatedCityProgram, { loadKey: new Uint8Array(16) }));
    expect(await station.cards.prepare(order)).toEqual({
      kind: 'refused',
      refusal: { kind: 'not-genuine' },
    });
  });

  it('when the SAM does not answer in time', async () => {
    const silent = samWhere('authorise-load', () => new Promise(() => {}));
    const { station } = cityStation(silent);
    expect(await inTime(station.clock, station.cards.prepare(order))).toEqual({
      kind: 'refused',
      refusal: {
        kind: 'sam-fault',
        detail: 'the SAM did not answer authorise-load within 3000 ms',
      },
    });
  });

  it('when the card tells two balances', async () => {
    const { station } = cityStation();
    station.reader.injectFault(2, {
      kind: 'answered-with',
      response: fromHex('000000009000'),
    });
    expect(await station.cards.prepare(order)).toEqual({
      kind: 'refused',
      refusal: {
        kind: 'card-refused',
        detail: 'INITIALIZE FOR LOAD and GET BALANCE answered different balances',
      },
    });
  });

  it('when its amount is no whole number of the card’s own units', async () => {
    const station = cardStation([{ ...cityCard, unitMinor: 10 }]);
    station.reader.insert(issueCard(simulatedCityProgram));
    const answer = await station.cards.prepare(loadOf(cityCard, 5_005));
    expect(answer).toMatchObject({ kind: 'refused', refusal: { kind: 'card-refused' } });
    expect((await station.cards.prepare(loadOf(cityCard, 5_000))).kind).toBe('done');
    expect(await station.cards.credit()).toMatchObject({
      kind: 'done',
      proof: { balanceMinor: 15_000 },
    });
  });

  it('when the card’s profile is not configured here', async () => {
    const { station } = cityStation();
    expect(await station.cards.prepare({ ...order, profile: 'harbour-card' })).toEqual({
      kind: 'refused',
      refusal: { kind: 'card-refused', detail: 'no card profile harbour-card is configured' },
    });
  });
});

describe('a card pulled before anything was sent to be written', () => {
  it('can be prepared again for the same order, with a MAC2 of its own', async () => {
    const { station, card } = cityStation();
    await prepareLoad(station, order);
    station.reader.pull();
    station.reader.insert(card);
    await prepareLoad(station, order);
    expect((await station.cards.credit()).kind).toBe('done');
    expect(card.books.balance).toBe(6_000);
  });

  it('is unknown when the credit was already on its way', async () => {
    const { station } = cityStation();
    await prepareLoad(station, order);
    station.reader.pull();
    expect(await station.cards.credit()).toEqual({
      kind: 'unknown',
      fault: { kind: 'card-gone' },
    });
  });
});

describe('CREDIT that does not answer as it should', () => {
  it.each(['6F00', '6581', '6901', '6985'])(
    'with %s after the card has written is found loaded, not sent again',
    async (word) => {
      const { station, card } = cityStation();
      const credits = countCredits(station);
      station.reader.injectFault(creditCommand, { kind: 'answered-with', response: fromHex(word) });
      expect(await load(station)).toMatchObject({
        kind: 'done',
        proof: { by: 'transaction-proof' },
      });
      expect(card.books.balance).toBe(6_000);
      expect(credits()).toBe(1);
    },
  );

  it.each([
    { what: 'garbled', fault: { kind: 'garbled' } },
    { what: 'too late', fault: { kind: 'late' } },
    {
      what: 'without its TAC',
      fault: { kind: 'answered-with', response: fromHex('9000') },
    },
    {
      what: 'with half a TAC',
      fault: { kind: 'answered-with', response: fromHex('ED0F9000') },
    },
    {
      what: 'with a false TAC',
      fault: { kind: 'answered-with', response: fromHex('000000009000') },
    },
  ] as const)('but $what, though written, is found loaded, not sent again', async ({ fault }) => {
    const { station, card } = cityStation();
    const credits = countCredits(station);
    station.reader.injectFault(creditCommand, fault);
    expect(await load(station)).toMatchObject({ kind: 'done', proof: { balanceMinor: 6_000 } });
    expect(card.books).toMatchObject({ balance: 6_000, onlineCounter: 5 });
    expect(credits()).toBe(1);
  });

  it('because it never reached the card is refused only after the card is found unchanged', async () => {
    const { station, card } = cityStation();
    const credits = countCredits(station);
    station.reader.injectFault(creditCommand, { kind: 'mute' });
    expect(await load(station)).toEqual({
      kind: 'refused',
      refusal: { kind: 'card-refused', detail: 'CREDIT FOR LOAD was not answered' },
    });
    expect(card.books).toMatchObject({ balance: 1_000, onlineCounter: 4 });
    expect(credits()).toBe(1);
  });

  it('on a card that stays silent afterwards is unknown', async () => {
    const { station, card } = cityStation();
    station.reader.injectFault(creditCommand, { kind: 'late' });
    station.reader.injectFault(creditCommand + 1, { kind: 'mute' });
    expect(await load(station)).toEqual({ kind: 'unknown', fault: { kind: 'card-mute' } });
    expect(card.books.balance).toBe(6_000);
  });

  it('because the reader was unplugged is unknown, and is checked when it is back', async () => {
    const { station } = cityStation();
    const mark = await prepareLoad(station, order);
    station.reader.unplug();
    expect(await station.cards.credit()).toEqual({
      kind: 'unknown',
      fault: { kind: 'reader-gone' },
    });
    expect(await station.cards.check(order, mark)).toEqual({
      kind: 'unknown',
      fault: { kind: 'reader-gone' },
    });
    station.reader.plug();
    expect(await station.cards.check(order, mark)).toEqual({ kind: 'not-loaded' });
  });

  it('because its MAC2 is wrong is refused, once the card is proved unchanged', async () => {
    const forger = samWhere('authorise-load', async () => ({
      kind: 'done',
      body: { mac2: 'DEADBEEF' },
    }));
    const { station, card } = cityStation(forger);
    expect(await load(station)).toEqual({
      kind: 'refused',
      refusal: { kind: 'authority-refused' },
    });
    expect(card.books).toMatchObject({ balance: 1_000, onlineCounter: 4 });
  });
});

describe('the proof after CREDIT', () => {
  it('by the log stands where the SAM cannot verify the TAC', async () => {
    const sam = samWhere('verify-tac', async () => ({ kind: 'failed', detail: 'no TAC key' }));
    const { station } = cityStation(sam);
    expect(await load(station)).toMatchObject({
      kind: 'done',
      proof: { by: 'card-log', balanceMinor: 6_000, tac: expect.any(String) },
    });
  });

  it('is undecided where the SAM cannot verify the TAC and the log is closed', async () => {
    const profile = { ...cityCard, log: null, loadLog: null };
    const sam = samWhere('verify-tac', async () => ({ kind: 'failed', detail: 'no TAC key' }));
    const station = cardStation([profile], { sam });
    const card = issueCard(simulatedCityProgram, { onlineCounter: 4 });
    station.reader.insert(card);
    const mark = await prepareLoad(station, order);
    expect(await station.cards.credit()).toEqual({
      kind: 'unknown',
      fault: { kind: 'undecided', detail: 'a proof is there, but no TAC key' },
    });
    // The proof was not spent: with a SAM that works the card tells.
    const mended = cardStation([profile]);
    station.reader.pull();
    mended.reader.insert(card);
    expect((await mended.cards.check(order, mark)).kind).toBe('loaded');
  });

  it('is unknown when the card goes after its TAC and before it was read again', async () => {
    const { station, card } = cityStation();
    station.reader.injectFault(creditCommand + 2, { kind: 'tear-before' });
    const mark = await prepareLoad(station, order);
    expect(await station.cards.credit()).toEqual({
      kind: 'unknown',
      fault: { kind: 'card-gone' },
    });
    station.reader.insert(card);
    expect((await station.cards.check(order, mark)).kind).toBe('loaded');
  });

  it('is not believed where the balance read again is another', async () => {
    const { station } = cityStation();
    station.reader.injectFault(creditCommand + 2, {
      kind: 'answered-with',
      response: fromHex('000003E89000'),
    });
    // Read once more by the check, it is right.
    expect(await load(station)).toMatchObject({
      kind: 'done',
      proof: { balanceMinor: 6_000, by: 'transaction-proof' },
    });
  });

  it('is not believed where the card gives another TAC for it', async () => {
    const { station } = cityStation();
    station.reader.injectFault(creditCommand + 1, {
      kind: 'answered-with',
      response: fromHex('00000000111111119000'),
    });
    expect(await load(station)).toMatchObject({
      kind: 'done',
      proof: { by: 'transaction-proof', tac: expect.not.stringContaining('11111111') },
    });
  });
});

function countCredits(station: CardStation): () => number {
  let credits = 0;
  station.reader.watchApdus((command) => {
    if (command[0] === 0x80 && command[1] === 0x52) credits += 1;
  });
  return () => credits;
}
