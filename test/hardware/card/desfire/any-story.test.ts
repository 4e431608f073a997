import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromHex } from '../../../../hardware/card/hex.ts';
import type { ApduFault } from '../../../../hardware/reader/simulated.ts';
import { inTime } from '../card-station.ts';
import { desfireStation, issueCard, layouts, loadOf } from './desfire-station.ts';

const fault: fc.Arbitrary<ApduFault> = fc.oneof(
  fc.constant<ApduFault>({ kind: 'tear-before' }),
  fc.constant<ApduFault>({ kind: 'tear-after' }),
  fc.nat(40).map((bytes): ApduFault => ({ kind: 'tear-at', bytes })),
  fc.constant<ApduFault>({ kind: 'garbled' }),
  fc.constant<ApduFault>({ kind: 'mute' }),
  fc.constant<ApduFault>({ kind: 'late' }),
  fc
    .constantFrom('9100', '91AF', '91CA', '91AE', '91BE', '911E', '910C', '6F00', '00009100')
    .map((hex): ApduFault => ({ kind: 'answered-with', response: fromHex(hex) })),
);

/** What a person does with the card between two visits to the machine. */
const errand = fc.oneof(
  fc.record({
    kind: fc.constant('purchase' as const),
    amount: fc.integer({ min: 1, max: 900 }),
    withRecord: fc.boolean(),
  }),
  // Other machines like the same round amounts, and clocks agree.
  fc.record({
    kind: fc.constant('load' as const),
    sameAmount: fc.boolean(),
    sameTime: fc.boolean(),
  }),
);

const story = fc.record({
  layout: fc.nat(layouts.length - 1),
  balance: fc.integer({ min: 0, max: 20_000 }),
  amount: fc.integer({ min: 1, max: 50_000 }),
  past: fc.array(errand, { maxLength: 12 }),
  creditFaults: fc.array(fc.tuple(fc.nat(16), fault), { maxLength: 2 }),
  errands: fc.array(errand, { maxLength: 6 }),
  checkFaults: fc.array(fc.tuple(fc.nat(16), fault), { maxLength: 2 }),
});

/** One run of stories, the same on every machine. STORIES_SEED=N tells others. */
const seed = Number(process.env.STORIES_SEED ?? 20_260_302);
const numRuns = 250;

it('whatever happens to a card, what is said of a load is true, or that it is not known', async () => {
  const said = new Map<string, number>();
  const count = (what: string) => said.set(what, (said.get(what) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const layout = layouts[told.layout];
      if (layout === undefined) throw new Error('no such layout');
      const { program, profile } = layout;
      const order = loadOf(profile, told.amount);
      const card = issueCard(program, { balance: told.balance });
      const goOnErrands = (errands: typeof told.errands, at: string) => {
        for (const one of errands) {
          if (one.kind === 'purchase') {
            card.spend(one.amount, at, { withRecord: one.withRecord });
          } else {
            const when = one.sameTime ? order.dateTime : at;
            card.loadElsewhere(one.sameAmount ? told.amount : 700, when);
          }
        }
      };
      goOnErrands(told.past, '20260301120000');
      const station = desfireStation([profile]);
      station.reader.insert(card);
      const before = card.books;
      const prepared = await station.cards.prepare(order);
      if (prepared.kind !== 'done') {
        expect(prepared).toMatchObject({ refusal: { kind: 'above-balance-cap' } });
        expect(card.books).toEqual(before);
        return;
      }
      for (const [nth, what] of told.creditFaults) station.reader.injectFault(nth, what);
      const credited = await inTime(station.clock, station.cards.credit());
      station.reader.clearFaults();
      const isLoaded = card.books.counter === before.counter + 1;
      expect(card.books.balance).toBe(before.balance + (isLoaded ? told.amount : 0));
      count(credited.kind);
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
        count(checked.kind);
        // A status word that the card never gave can hide an application: then it is another card, and stays open.
        if (checked.kind === 'loaded') expect(isLoaded).toBe(true);
        if (checked.kind === 'not-loaded') expect(isLoaded).toBe(false);
        // With nothing in the way it is known, unless there are fewer records left than there were errands.
        const kept = program.recordFile.mostRecords - 1;
        if (faults.length === 0 && told.errands.length < kept) {
          expect(checked.kind).toBe(isLoaded ? 'loaded' : 'not-loaded');
        }
      }
    }),
    { numRuns, seed },
  );
  for (const verdict of ['done', 'refused', 'unknown', 'loaded', 'not-loaded']) {
    expect(said.get(verdict) ?? 0).toBeGreaterThan(0);
  }
}, 60_000);
