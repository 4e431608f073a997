import { describe, expect, it } from 'vitest';
import type { SimulatedDesfireCard } from '../../../../hardware/card/desfire/simulated.ts';
import type { ApduFault } from '../../../../hardware/reader/simulated.ts';
import type { LoadMark, LoadOrder } from '../../../../main/contract/card.ts';
import {
  type CardStation,
  inTime,
  type Outcome,
  outcomeOfCredit,
  prepareLoad,
} from '../card-station.ts';
import { desfireStation, issueCard, layouts, loadOf } from './desfire-station.ts';

const amount = 5_000;
const balance = 1_000;
/** Records on the card before the load. */
const before = 2;
/** The number of COMMIT TRANSACTION among the commands after the preparation. */
const commit = 2;

type Layout = (typeof layouts)[number];

function begin({ profile, program }: Layout): {
  station: CardStation;
  card: SimulatedDesfireCard;
} {
  const station = desfireStation([profile]);
  const card = issueCard(program, { balance: balance - 10 });
  card.spend(90, '20260301090000');
  card.loadElsewhere(100, '20260301100000');
  station.reader.insert(card);
  return { station, card };
}

/** How many commands a whole load, its preparation alone, and a check take when nothing goes wrong. */
async function countCommands(layout: Layout) {
  const { station } = begin(layout);
  const order = loadOf(layout.profile, amount);
  await prepareLoad(station, order);
  const prepare = station.reader.apdus;
  expect((await station.cards.credit()).kind).toBe('done');
  const load = station.reader.apdus;
  const other = begin(layout);
  const mark = await prepareLoad(other.station, order);
  await other.station.cards.abandon();
  const start = other.station.reader.apdus;
  expect(await other.station.cards.check(order, mark)).toEqual({ kind: 'not-loaded' });
  return { prepare, load, check: other.station.reader.apdus - start };
}

/** A load on whose way something happens. Null where it was not even prepared. */
async function tryLoad(
  station: CardStation,
  order: LoadOrder,
): Promise<{ mark: LoadMark; outcome: Outcome } | null> {
  const prepared = await inTime(station.clock, station.cards.prepare(order));
  if (prepared.kind !== 'done') return null;
  const credited = await inTime(station.clock, station.cards.credit());
  return { mark: prepared.mark, outcome: outcomeOfCredit(credited) };
}

function truth(card: SimulatedDesfireCard): Outcome {
  return card.books.counter === before ? 'not-loaded' : 'loaded';
}

function expectBooksWhole(card: SimulatedDesfireCard): void {
  expect(card.books.balance).toBe(balance + (truth(card) === 'loaded' ? amount : 0));
}

/** 90C7000009 01 MAC 00, and TMC, TMV, MAC, status. */
const longestExchange = 15 + 22;

/** Hundreds of loads, each with a card that computes its own cryptograms. */
const longMs = 60_000;

const tears: readonly ApduFault[] = [{ kind: 'tear-before' }, { kind: 'tear-after' }];

describe.each(layouts)('a card torn out of the reader ($name)', (layout) => {
  const { profile } = layout;
  const order = loadOf(profile, amount);

  it(
    'at any command of a load is never believed loaded or empty against its own books',
    async () => {
      const commands = await countCommands(layout);
      const seen = new Set<string>();
      for (const tear of tears) {
        for (let nth = 0; nth < commands.load; nth += 1) {
          const { station, card } = begin(layout);
          station.reader.injectFault(nth, tear);
          const first = await tryLoad(station, order);
          expectBooksWhole(card);
          station.reader.insert(card);
          if (first === null) {
            expect(nth).toBeLessThan(commands.prepare);
            expect(truth(card)).toBe('not-loaded');
            seen.add('not prepared');
          } else {
            expect(first.outcome).toBe('unknown');
            const checked = await station.cards.check(order, first.mark);
            expect(checked.kind).toBe(truth(card));
            seen.add(checked.kind);
          }
          // Whatever is not on the card yet is loaded now, and then it is there once.
          if (truth(card) === 'not-loaded') {
            const again = loadOf(profile, amount, {
              reference: 'A1/2',
              dateTime: '20260302160100',
            });
            await prepareLoad(station, again);
            expect((await station.cards.credit()).kind).toBe('done');
          }
          expect(card.books).toMatchObject({ balance: balance + amount, counter: before + 1 });
        }
      }
      expect([...seen].sort()).toEqual(['loaded', 'not prepared', 'not-loaded']);
    },
    longMs,
  );

  it(
    'at any byte of the commit is found again as what it is',
    async () => {
      const { prepare } = await countCommands(layout);
      const seen = new Set<Outcome>();
      for (let bytes = 0; bytes <= longestExchange; bytes += 1) {
        const { station, card } = begin(layout);
        station.reader.injectFault(prepare + commit, { kind: 'tear-at', bytes });
        const first = await tryLoad(station, order);
        if (first === null) throw new Error('not prepared');
        expectBooksWhole(card);
        seen.add(truth(card));
        station.reader.pull();
        station.reader.insert(card);
        expect((await station.cards.check(order, first.mark)).kind).toBe(truth(card));
      }
      expect([...seen]).toEqual(['not-loaded', 'loaded']);
    },
    longMs,
  );

  it(
    'once more while it is being checked tells the same when it is asked again',
    async () => {
      const commands = await countCommands(layout);
      for (const loadTear of tears) {
        for (const checkTear of tears) {
          for (let nth = 0; nth < commands.check; nth += 1) {
            const { station, card } = begin(layout);
            station.reader.injectFault(commands.prepare + commit, loadTear);
            const first = await tryLoad(station, order);
            if (first === null) throw new Error('not prepared');
            station.reader.insert(card);
            station.reader.injectFault(nth, checkTear);
            const torn = await station.cards.check(order, first.mark);
            // What was read before the tear may already prove it; what was not is unknown.
            expect([truth(card), 'unknown']).toContain(torn.kind);
            station.reader.clearFaults();
            station.reader.pull();
            station.reader.insert(card);
            expect((await station.cards.check(order, first.mark)).kind).toBe(truth(card));
          }
        }
      }
    },
    longMs,
  );

  it.each<readonly [string, ApduFault]>([
    ['garbled', { kind: 'garbled' }],
    ['mute', { kind: 'mute' }],
    ['late', { kind: 'late' }],
  ])(
    'that only answers %s is asked again while it is there, and its load is settled',
    async (_, fault) => {
      const commands = await countCommands(layout);
      for (let nth = commands.prepare; nth < commands.load; nth += 1) {
        const { station, card } = begin(layout);
        station.reader.injectFault(nth, fault);
        const first = await tryLoad(station, order);
        if (first === null) throw new Error('not prepared');
        expectBooksWhole(card);
        expect(first.outcome).toBe(truth(card));
      }
    },
  );
});

describe('a card that was torn out at the commit and used elsewhere before it comes back', () => {
  it.each(layouts)('still shows its load ($name)', async (layout) => {
    const { station, card } = begin(layout);
    const order = loadOf(layout.profile, amount);
    const { prepare } = await countCommands(layout);
    station.reader.injectFault(prepare + commit, { kind: 'tear-after' });
    const first = await tryLoad(station, order);
    if (first === null) throw new Error('not prepared');
    card.spend(900, '20260302170000');
    card.spend(50, '20260302180000', { withRecord: false });
    station.reader.insert(card);
    expect(await station.cards.check(order, first.mark)).toMatchObject({
      kind: 'loaded',
      proof: { balanceMinor: 5_050, by: 'card-log' },
    });
  });

  it.each(layouts)('still shows that it was not loaded ($name)', async (layout) => {
    const { station, card } = begin(layout);
    const order = loadOf(layout.profile, amount);
    const { prepare } = await countCommands(layout);
    station.reader.injectFault(prepare + commit, { kind: 'tear-before' });
    const first = await tryLoad(station, order);
    if (first === null) throw new Error('not prepared');
    // Another machine loads the same amount: the value is what our load would have made it.
    card.loadElsewhere(amount, order.dateTime);
    station.reader.insert(card);
    expect(await station.cards.check(order, first.mark)).toEqual({ kind: 'not-loaded' });
    expect(card.books.balance).toBe(balance + amount);
  });

  it.each(layouts)('tells it no longer once its records have cycled ($name)', async (layout) => {
    for (const tear of tears) {
      const { station, card } = begin(layout);
      const order = loadOf(layout.profile, amount);
      const { prepare } = await countCommands(layout);
      station.reader.injectFault(prepare + commit, tear);
      const first = await tryLoad(station, order);
      if (first === null) throw new Error('not prepared');
      for (let gate = 0; gate < 11; gate += 1) card.spend(10, '20260302170000');
      station.reader.insert(card);
      expect(await station.cards.check(order, first.mark)).toEqual({
        kind: 'unknown',
        fault: {
          kind: 'undecided',
          detail: 'records that were written since the load are gone, and it may be one of them',
        },
      });
    }
  });

  it('is proved by its transaction MAC while that is its last transaction', async () => {
    const layout = layouts.find(({ profile }) => profile.transactionMacFile !== null);
    if (layout === undefined) throw new Error('no such layout');
    const { station, card } = begin(layout);
    const order = loadOf(layout.profile, amount);
    const { prepare } = await countCommands(layout);
    station.reader.injectFault(prepare + commit, { kind: 'tear-after' });
    const first = await tryLoad(station, order);
    if (first === null) throw new Error('not prepared');
    station.reader.insert(card);
    expect(await station.cards.check(order, first.mark)).toEqual({
      kind: 'loaded',
      proof: {
        balanceMinor: balance + amount,
        counter: first.mark.counter,
        tac: card.memory.transaction?.mac.toUpperCase(),
        by: 'transaction-proof',
      },
    });
  });

  it('is another card where another one comes back', async () => {
    const [layout] = layouts;
    if (layout === undefined) throw new Error('no layout');
    const { station } = begin(layout);
    const order = loadOf(layout.profile, amount);
    const mark = await prepareLoad(station, order);
    await station.cards.abandon();
    station.reader.pull();
    station.reader.insert(issueCard(layout.program, { number: '4100000089999985' }));
    expect(await station.cards.check(order, mark)).toEqual({ kind: 'other-card' });
    station.reader.pull();
    const stranger = layouts.find(
      ({ program }) => program.application !== layout.program.application,
    );
    if (stranger === undefined) throw new Error('no other issuer');
    station.reader.insert(issueCard(stranger.program));
    expect(await station.cards.check(order, mark)).toEqual({ kind: 'other-card' });
  });
});
