import { describe, expect, it } from 'vitest';
import { cityCard } from '../../../hardware/card/pboc/profiles.ts';
import { simulatedCityProgram } from '../../../hardware/card/pboc/simulated.ts';
import { SimulatedT0Card } from '../../../hardware/card/simulated.ts';
import type { ApduFault } from '../../../hardware/reader/simulated.ts';
import { down, type Health, up } from '../../../main/contract/device.ts';
import {
  type CardStation,
  cardStation,
  inTime,
  issueCard,
  loadOf,
  outcomeOfCredit,
} from '../card/card-station.ts';
import { issueSam, type SamSlot, samSlot } from './card-slot.ts';

const amount = 5_000;
const order = loadOf(cityCard, amount);

/** A station with the customer's card in one reader and the load SAM in another. */
async function twoSlots(): Promise<{
  readonly station: CardStation;
  readonly slot: SamSlot;
  readonly card: ReturnType<typeof issueCard>;
}> {
  const slot = await samSlot();
  const station = cardStation([cityCard], { sam: slot.sam, clock: slot.clock });
  const card = issueCard(simulatedCityProgram, { balance: 1_000, onlineCounter: 4 });
  station.reader.insert(card);
  return { station, slot, card };
}

/** A whole load takes so many commands of the SAM: two for MAC1, two for MAC2, and two for each TAC. */
async function countSamCommands(): Promise<{ readonly prepare: number; readonly load: number }> {
  const { station, slot } = await twoSlots();
  const ready = slot.reader.apdus;
  await inTime(slot.clock, station.cards.prepare(order));
  const prepare = slot.reader.apdus - ready;
  await inTime(slot.clock, station.cards.credit());
  return { prepare, load: slot.reader.apdus - ready };
}

describe('a load with the SAM card in the second slot', () => {
  it('is prepared, written and proved by TAC', async () => {
    const { station, slot, card } = await twoSlots();
    const prepared = await inTime(slot.clock, station.cards.prepare(order));
    expect(prepared.kind).toBe('done');
    const credited = await inTime(slot.clock, station.cards.credit());
    expect(credited).toMatchObject({ kind: 'done', proof: { balanceMinor: 6_000, by: 'tac' } });
    expect(card.books.balance).toBe(6_000);
    expect(await countSamCommands()).toEqual({ prepare: 4, load: 6 });
  });

  it('is the same with a SAM that speaks T=0', async () => {
    const slot = await samSlot({ card: null });
    slot.reader.insert(new SimulatedT0Card(issueSam()));
    await slot.clock.settle();
    const station = cardStation([cityCard], { sam: slot.sam, clock: slot.clock });
    station.reader.insert(issueCard(simulatedCityProgram));
    expect((await inTime(slot.clock, station.cards.prepare(order))).kind).toBe('done');
    expect((await inTime(slot.clock, station.cards.credit())).kind).toBe('done');
  });

  it('is not offered while the SAM is out, and the cards say why', async () => {
    const { station, slot } = await twoSlots();
    const seen: (readonly [string, Health])[] = [];
    station.cards.watch({
      onPresence: () => {},
      onReaderHealth: () => {},
      onSamHealth: (family, health) => seen.push([family, health]),
    });
    slot.reader.pull();
    await slot.clock.settle();
    expect(seen).toEqual([
      ['pboc', up],
      ['pboc', down('unplugged')],
    ]);
    expect(await inTime(slot.clock, station.cards.prepare(order))).toEqual({
      kind: 'refused',
      refusal: {
        kind: 'sam-fault',
        detail: 'the SAM card: it is not in its slot: put it in',
      },
    });
  });

  const faults: readonly { readonly what: string; readonly fault: ApduFault }[] = [
    { what: 'pulled before', fault: { kind: 'tear-before' } },
    { what: 'pulled after', fault: { kind: 'tear-after' } },
    { what: 'mute at', fault: { kind: 'mute' } },
    { what: 'garbled at', fault: { kind: 'garbled' } },
  ];
  const places = faults.flatMap((fault) => [0, 1, 2, 3, 4, 5].map((nth) => ({ ...fault, nth })));

  it.each(places)(
    'with the SAM $what its command $nth is settled, and the next load succeeds',
    async ({ fault, nth }) => {
      const { station, slot, card } = await twoSlots();
      const { clock } = slot;
      slot.reader.injectFault(nth, fault);
      const prepared = await inTime(clock, station.cards.prepare(order));
      if (nth < 4) {
        expect(prepared).toMatchObject({ kind: 'refused', refusal: { kind: 'sam-fault' } });
        expect(card.books).toMatchObject({ balance: 1_000, onlineCounter: 4 });
      } else {
        if (prepared.kind !== 'done') throw new Error(`not prepared: ${prepared.kind}`);
        const outcome = outcomeOfCredit(await inTime(clock, station.cards.credit()));
        expect(outcome).not.toBe('not-loaded');
        expect(card.books).toMatchObject({ balance: 6_000, onlineCounter: 5 });
        if (slot.healths.at(-1)?.kind === 'down') slot.reader.insert(issueSam());
        await clock.settle();
        const settled = await inTime(clock, station.cards.check(order, prepared.mark));
        expect(settled).toMatchObject({
          kind: 'loaded',
          proof: { balanceMinor: 6_000, by: 'transaction-proof' },
        });
      }
      if (slot.healths.at(-1)?.kind === 'down') slot.reader.insert(issueSam());
      await clock.settle();
      const before = card.books.balance;
      const next = { ...order, reference: 'A2/1' };
      expect((await inTime(clock, station.cards.prepare(next))).kind).toBe('done');
      expect(outcomeOfCredit(await inTime(clock, station.cards.credit()))).toBe('loaded');
      expect(card.books.balance).toBe(before + amount);
    },
  );
});
