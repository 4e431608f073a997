import { describe, expect, it } from 'vitest';
import type { CounterConvention, PbocProfile } from '../../../../hardware/card/pboc/profile.ts';
import { cityCard } from '../../../../hardware/card/pboc/profiles.ts';
import {
  type SimulatedPbocProgram,
  simulatedCityProgram,
} from '../../../../hardware/card/pboc/simulated.ts';
import { cardStation, issueCard, loadOf, prepareLoad } from '../card-station.ts';

const amount = 5_000;
const both: readonly CounterConvention[] = ['n', 'n+1'];
const orders: readonly CounterConvention[][] = [['n'], ['n+1'], ['n', 'n+1'], ['n+1', 'n']];

/** Every way in which a card counts and keeps its proofs, by every way in which it may be asked. */
const cases = both.flatMap((counter) =>
  [true, false].flatMap((once) =>
    (['9406', '6A88'] as const).flatMap((unknown) =>
      orders.map((proofCounters) => ({
        counter,
        kept: once ? 'given once' : 'kept',
        unknown,
        asked: proofCounters.join(' then '),
        isAskedRightly: proofCounters.includes(counter),
        program: { ...simulatedCityProgram, proof: { counter, once, unknown } },
        profile: { ...cityCard, proofCounters },
      })),
    ),
  ),
);

function begin({ program, profile }: { program: SimulatedPbocProgram; profile: PbocProfile }) {
  const station = cardStation([profile]);
  const card = issueCard(program, { onlineCounter: 4, offlineCounter: 4 });
  station.reader.insert(card);
  return { station, card, order: loadOf(profile, amount) };
}

describe.each(cases)(
  'a proof counted $counter, $kept, $unknown where there is none, asked by $asked',
  ({ program, profile, isAskedRightly }) => {
    const blind = { ...profile, log: null, loadLog: null };

    it('proves a load at once, where it is asked rightly; else the log does', async () => {
      const { station, order } = begin({ program, profile });
      await prepareLoad(station, order);
      expect(await station.cards.credit()).toMatchObject({
        kind: 'done',
        proof: { balanceMinor: 6_000, by: isAskedRightly ? 'tac' : 'card-log' },
      });
    });

    it('proves a load whose answer was lost, without any log', async () => {
      const { station, card, order } = begin({ program, profile: blind });
      const mark = await prepareLoad(station, order);
      station.reader.injectFault(0, { kind: 'tear-after' });
      expect((await station.cards.credit()).kind).toBe('unknown');
      station.reader.insert(card);
      const found = await station.cards.check(order, mark);
      if (!isAskedRightly) return expect(found.kind).toBe('unknown');
      expect(found).toMatchObject({
        kind: 'loaded',
        proof: { balanceMinor: 6_000, counter: 4, by: 'transaction-proof' },
      });
    });

    it('proves nothing of a load that did not happen', async () => {
      const { station, card, order } = begin({ program, profile: blind });
      // An earlier load of this machine, of the same amount, for which a card may still have its proof.
      station.reader.pull();
      card.loadElsewhere(amount, '20260302155900', order.terminalId);
      station.reader.insert(card);
      const mark = await prepareLoad(station, order);
      station.reader.injectFault(0, { kind: 'tear-before' });
      await station.cards.credit();
      station.reader.insert(card);
      expect(await station.cards.check(order, mark)).toEqual({ kind: 'not-loaded' });
      station.reader.pull();
      card.loadElsewhere(amount, order.dateTime, '0000000000BB');
      station.reader.insert(card);
      expect((await station.cards.check(order, mark)).kind).toBe('unknown');
    });
  },
);
