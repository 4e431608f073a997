import { describe, expect, it } from 'vitest';
import type { SimulatedPbocCard } from '../../../../hardware/card/pboc/simulated.ts';
import type { ApduFault } from '../../../../hardware/reader/simulated.ts';
import type { LoadMark, LoadOrder } from '../../../../main/contract/card.ts';
import {
  type CardStation,
  cardStation,
  conventions,
  issueCard,
  loadOf,
  type Outcome,
  outcomeOfCredit,
  prepareLoad,
} from '../card-station.ts';

const amount = 5_000;
const balance = 1_000;

type Convention = (typeof conventions)[number];

function begin(convention: Convention): { station: CardStation; card: SimulatedPbocCard } {
  const station = cardStation([convention.profile]);
  const card = issueCard(convention.program, { balance, onlineCounter: 4 });
  station.reader.insert(card);
  return { station, card };
}

/** How many commands a whole load, and then a check of it, take on this card when nothing goes wrong. */
async function countCommands(convention: Convention) {
  const { station } = begin(convention);
  const order = loadOf(convention.profile, amount);
  const mark = await prepareLoad(station, order);
  const prepare = station.reader.apdus;
  const credited = await station.cards.credit();
  expect(credited.kind).toBe('done');
  const load = station.reader.apdus;
  // Asked of a card on which it did not happen, a check goes through all its commands.
  const other = begin(convention);
  await prepareLoad(other.station, order);
  await other.station.cards.abandon();
  const before = other.station.reader.apdus;
  const checked = await other.station.cards.check(order, mark);
  expect(checked).toEqual({ kind: 'not-loaded' });
  return { prepare, load, check: other.station.reader.apdus - before };
}

/** A load during which the card may be torn out; put back in, it is asked. Null where it was not even prepared. */
async function loadTorn(
  station: CardStation,
  order: LoadOrder,
): Promise<{ mark: LoadMark; outcome: Outcome } | null> {
  const prepared = await station.cards.prepare(order);
  if (prepared.kind !== 'done') return null;
  return { mark: prepared.mark, outcome: outcomeOfCredit(await station.cards.credit()) };
}

function truth(card: SimulatedPbocCard): Outcome {
  return card.books.onlineCounter === 4 ? 'not-loaded' : 'loaded';
}

const tears: readonly ApduFault[] = [{ kind: 'tear-before' }, { kind: 'tear-after' }];

describe.each(conventions)('a card torn out of the reader ($name)', (convention) => {
  const { profile } = convention;

  it('at any command of a load is never believed loaded or empty against its own books', async () => {
    const commands = await countCommands(convention);
    const seen = new Set<string>();
    for (const tear of tears) {
      for (let nth = 0; nth < commands.load; nth += 1) {
        const { station, card } = begin(convention);
        station.reader.injectFault(nth, tear);
        const first = await loadTorn(station, loadOf(profile, amount));
        expect(card.books.balance).toBe(balance + (truth(card) === 'loaded' ? amount : 0));
        station.reader.insert(card);
        if (first === null) {
          expect(nth).toBeLessThan(commands.prepare);
          expect(truth(card)).toBe('not-loaded');
          seen.add('not prepared');
        } else {
          expect(first.outcome).toBe('unknown');
          const checked = await station.cards.check(loadOf(profile, amount), first.mark);
          expect(checked.kind).toBe(truth(card));
          seen.add(checked.kind);
        }
        // Whatever is not on the card yet is loaded now, and then it is there once.
        if (truth(card) === 'not-loaded') {
          const again = loadOf(profile, amount, { reference: 'A1/2', dateTime: '20260302160100' });
          await prepareLoad(station, again);
          expect((await station.cards.credit()).kind).toBe('done');
        }
        expect(card.books).toMatchObject({ balance: balance + amount, onlineCounter: 5 });
      }
    }
    expect([...seen].sort()).toEqual(['loaded', 'not prepared', 'not-loaded']);
  });

  it('at any byte of CREDIT is found again as what it is', async () => {
    const commands = await countCommands(convention);
    const creditBytes = 17;
    const responseBytes = 6;
    for (let bytes = 0; bytes < creditBytes + responseBytes; bytes += 1) {
      const { station, card } = begin(convention);
      station.reader.injectFault(commands.prepare, { kind: 'tear-at', bytes });
      const first = await loadTorn(station, loadOf(profile, amount));
      if (first === null) throw new Error('not prepared');
      expect(first.outcome).toBe('unknown');
      expect(truth(card)).toBe(bytes < creditBytes ? 'not-loaded' : 'loaded');
      station.reader.insert(card);
      expect((await station.cards.check(loadOf(profile, amount), first.mark)).kind).toBe(
        truth(card),
      );
    }
  });

  it('once more while it is being checked tells the same when it is asked again', async () => {
    const commands = await countCommands(convention);
    const pairs = tears.flatMap((first) => tears.map((second) => [first, second] as const));
    for (const [creditTear, checkTear] of pairs) {
      for (let nth = 0; nth < commands.check; nth += 1) {
        const { station, card } = begin(convention);
        station.reader.injectFault(commands.prepare, creditTear);
        const first = await loadTorn(station, loadOf(profile, amount));
        if (first === null) throw new Error('not prepared');
        station.reader.insert(card);
        station.reader.injectFault(nth, checkTear);
        const order = loadOf(profile, amount);
        const torn = await station.cards.check(order, first.mark);
        // What was read before the tear may already prove it; what was not is unknown.
        expect([truth(card), 'unknown']).toContain(torn.kind);
        station.reader.clearFaults();
        station.reader.pull();
        station.reader.insert(card);
        expect((await station.cards.check(order, first.mark)).kind).toBe(truth(card));
      }
    }
  });
});
