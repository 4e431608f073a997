import { describe, expect, test } from 'vitest';
import { createRig, type Rig } from '../../../hardware/rig/rig.ts';
import type { SamFault } from '../../../hardware/rig/sam-socket.ts';
import type { LoadOrder } from '../../../main/contract/card.ts';
import { currencies, minorUnits } from '../../../main/contract/money.ts';
import { Random } from '../../support/random.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

function station(): { readonly clock: VirtualClock; readonly rig: Rig } {
  const clock = new VirtualClock();
  const random = new Random(1);
  const rig = createRig({
    clock,
    randomBytes: (length) => Uint8Array.from({ length }, () => random.below(256)),
    speeds: 'instant',
    payments: 'at-once',
    currency: currencies.CNY,
  });
  return { clock, rig };
}

async function answered<Answer>(clock: VirtualClock, answer: Promise<Answer>): Promise<Answer> {
  let done = false;
  void answer.finally(() => {
    done = true;
  });
  await clock.until(() => done);
  return answer;
}

const order = (profile: string, cardNumber: string): LoadOrder => ({
  reference: 'K7-0001/1',
  cardNumber,
  profile,
  amountMinor: minorUnits(5_000),
  terminalId: '000001000050',
  dateTime: '20260302160000',
});
const families = [
  ['pboc', 'ordinary', order('city-card', '4100000099999432')],
  ['desfire', 'transit-desfire', order('transit-desfire', '3100000055512090')],
] as const;

describe('each family has its own load authority', () => {
  test.each(families)(
    'without that of %s the %s card is not loaded, and other cards are',
    async (family, id, load) => {
      const { clock, rig } = station();
      const { cards } = rig.openPorts();
      rig.setCable(`sam-${family}`, false);
      rig.insert(id);
      expect(await answered(clock, cards.prepare(load))).toMatchObject({ kind: 'refused' });
      const [, other = '', otherLoad = load] = families.find(([name]) => name !== family) ?? [];
      rig.insert(other);
      expect(await answered(clock, cards.prepare(otherLoad))).toMatchObject({ kind: 'done' });
      expect(await answered(clock, cards.credit())).toMatchObject({ kind: 'done' });
      rig.setCable(`sam-${family}`, true);
      rig.insert(id);
      expect(await answered(clock, cards.prepare(load))).toMatchObject({ kind: 'done' });
      expect(await answered(clock, cards.credit())).toMatchObject({ kind: 'done' });
    },
  );

  test('one cable pulls them all', () => {
    const { rig } = station();
    const health = new Map<string, string>();
    for (const sam of rig.sams) {
      sam.watch(({ kind }) => {
        for (const family of sam.families) health.set(family, kind);
      });
    }
    rig.perform({ kind: 'set-cable', cable: 'sam', plugged: false });
    expect([...health.values()]).toEqual(['down', 'down']);
    rig.perform({ kind: 'set-cable', cable: 'sam-desfire', plugged: true });
    expect(Object.fromEntries(health)).toEqual({ pboc: 'down', desfire: 'up' });
    expect(rig.snapshot().sams).toEqual([
      { family: 'pboc', plugged: false },
      { family: 'desfire', plugged: true },
    ]);
  });

  const faults: readonly SamFault[] = ['gone-before', 'gone-after', 'late', 'silent', 'failed'];
  test.each(families.flatMap(([, id, load]) => faults.map((fault) => [fault, id, load] as const)))(
    '%s at any question: the %s card tells what became of the load',
    async (fault, id, load) => {
      let place = 0;
      let isMet = true;
      for (; isMet; place += 1) {
        const { clock, rig } = station();
        let asked = 0;
        isMet = false;
        for (const sam of rig.sams) {
          sam.meddle(() => {
            asked += 1;
            isMet ||= asked === place + 1;
            return asked === place + 1 ? fault : null;
          });
        }
        const { cards } = rig.openPorts();
        const before = rig.books().purses.get(id);
        rig.insert(id);
        const prepared = await answered(clock, cards.prepare(load));
        if (prepared.kind !== 'done') continue;
        const credited = await answered(clock, cards.credit());
        // Everything is well again.
        for (const sam of rig.sams) sam.meddle(() => null);
        rig.setCable('sam', true);
        const checked = await answered(clock, cards.check(load, prepared.mark));
        const loads = (rig.books().purses.get(id)?.loads ?? 0) - (before?.loads ?? 0);
        expect(checked.kind).toBe(loads === 1 ? 'loaded' : 'not-loaded');
        if (credited.kind !== 'unknown')
          expect(credited.kind).toBe(loads === 1 ? 'done' : 'refused');
      }
      expect(place).toBeGreaterThan(1);
    },
  );
});

describe('two cards lie in the reader', () => {
  test.each([
    ['ordinary', 'other'],
    ['transit-desfire', 'ordinary'],
    ['campus-desfire', 'transit-desfire'],
  ])('the %s card and the %s card: it is said, and neither is loaded', async (under, top) => {
    const { clock, rig } = station();
    const { cards } = rig.openPorts();
    rig.insert(under);
    const read = await answered(clock, cards.read());
    if (read.kind !== 'done') throw new Error(read.kind);
    const load = order(read.card.profile, read.card.number);
    const before = [...rig.books().purses.values()];
    rig.layOnTop(top);
    const said = new Set<string>();
    for (let time = 0; time < 20 && said.size < 2; time += 1) {
      const prepared = await answered(clock, cards.prepare(load));
      said.add(prepared.kind === 'refused' ? prepared.refusal.kind : prepared.kind);
    }
    expect([...said].sort()).toEqual(['done', 'two-cards']);
    await cards.abandon();
    expect([...rig.books().purses.values()]).toEqual(before);

    rig.pull();
    rig.insert(top);
    expect(await answered(clock, cards.prepare(load))).toMatchObject({
      kind: 'refused',
      refusal: { kind: 'other-card' },
    });
  });
});
