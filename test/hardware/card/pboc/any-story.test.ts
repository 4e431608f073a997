import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromHex } from '../../../../hardware/card/hex.ts';
import type { ApduFault } from '../../../../hardware/reader/simulated.ts';
import { cardStation, conventions, inTime, issueCard, loadOf } from '../card-station.ts';

const fault: fc.Arbitrary<ApduFault> = fc.oneof(
  fc.constant<ApduFault>({ kind: 'tear-before' }),
  fc.constant<ApduFault>({ kind: 'tear-after' }),
  fc.nat(24).map((bytes): ApduFault => ({ kind: 'tear-at', bytes })),
  fc.constant<ApduFault>({ kind: 'garbled' }),
  fc.constant<ApduFault>({ kind: 'mute' }),
  fc.constant<ApduFault>({ kind: 'late' }),
  fc
    .constantFrom('6F00', '6581', '9302', '6985', '9000', '9406', '000000009000')
    .map((hex): ApduFault => ({ kind: 'answered-with', response: fromHex(hex) })),
);

/** What a person does with the card between two visits to the machine. */
const errand = fc.oneof(
  fc.record({ kind: fc.constant('purchase' as const), amount: fc.integer({ min: 1, max: 900 }) }),
  // Other machines like the same round amounts, and clocks agree.
  fc.record({
    kind: fc.constant('load' as const),
    sameAmount: fc.boolean(),
    sameTime: fc.boolean(),
  }),
);

const story = fc.record({
  convention: fc.nat(conventions.length - 1),
  balance: fc.integer({ min: 0, max: 20_000 }),
  amount: fc.integer({ min: 1, max: 50_000 }),
  counter: fc.integer({ min: 0, max: 0xfff0 }),
  past: fc.array(errand, { maxLength: 3 }),
  creditFaults: fc.array(fc.tuple(fc.nat(12), fault), { maxLength: 2 }),
  errands: fc.array(errand, { maxLength: 12 }),
  checkFaults: fc.array(fc.tuple(fc.nat(16), fault), { maxLength: 2 }),
});

/** One run of stories, the same on every machine. STORIES_SEED=N tells others. */
const seed = Number(process.env.STORIES_SEED ?? 20_260_302);

it('whatever happens to a card, what is said of a load is true, or that it is not known', async () => {
  const said = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const convention = conventions[told.convention];
      if (convention === undefined) throw new Error('no such convention');
      const { program, profile } = convention;
      const order = loadOf(profile, told.amount);
      const card = issueCard(program, {
        balance: told.balance,
        onlineCounter: told.counter,
        offlineCounter: told.counter,
      });
      const goOnErrands = (errands: typeof told.errands, at: string) => {
        for (const one of errands) {
          if (one.kind === 'purchase') card.purchase(one.amount, at);
          else {
            const when = one.sameTime ? order.dateTime : at;
            card.loadElsewhere(one.sameAmount ? told.amount : 700, when);
          }
        }
      };
      goOnErrands(told.past, '20260301120000');
      const station = cardStation([profile]);
      station.reader.insert(card);
      const before = card.books;
      const prepared = await station.cards.prepare(order);
      if (prepared.kind !== 'done') {
        expect(prepared.kind).toBe('refused');
        expect(card.books).toEqual(before);
        return;
      }
      for (const [nth, what] of told.creditFaults) station.reader.injectFault(nth, what);
      const credited = await inTime(station.clock, station.cards.credit());
      station.reader.clearFaults();
      const isLoaded = card.books.onlineCounter === before.onlineCounter + 1;
      const gained = isLoaded ? told.amount : 0;
      expect(card.books.balance).toBe(before.balance + gained);
      said.set(credited.kind, (said.get(credited.kind) ?? 0) + 1);
      if (credited.kind === 'done') expect(isLoaded).toBe(true);
      if (credited.kind === 'refused') expect(isLoaded).toBe(false);

      station.reader.pull();
      goOnErrands(told.errands, '20260302180000');
      for (const faults of [told.checkFaults, []]) {
        station.reader.pull();
        station.reader.insert(card);
        for (const [nth, what] of faults) station.reader.injectFault(nth, what);
        const books = card.books;
        const checked = await inTime(station.clock, station.cards.check(order, prepared.mark));
        station.reader.clearFaults();
        expect(card.books).toEqual(books);
        said.set(checked.kind, (said.get(checked.kind) ?? 0) + 1);
        // A status word that the card never gave can hide an application: then it is another card, and stays open.
        if (checked.kind === 'loaded') expect(isLoaded).toBe(true);
        if (checked.kind === 'not-loaded') expect(isLoaded).toBe(false);
      }
    }),
    { numRuns: 400, seed },
  );
  for (const verdict of ['done', 'refused', 'unknown', 'loaded', 'not-loaded']) {
    expect(said.get(verdict) ?? 0).toBeGreaterThan(0);
  }
}, 60_000);
