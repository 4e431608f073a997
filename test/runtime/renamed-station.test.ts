import { expect, test } from 'vitest';
import { traps } from '../../hardware/rig/traps.ts';
import { testTerms } from '../support/terms.ts';
import { manyLives } from './lives.ts';
import { act, type Visit } from './visitor.ts';

const { clock, rig, journal, live } = manyLives(1);
const start = (terminalId: string) => live({ ...testTerms, terminalId });

async function actUntil(visit: Visit, kind: string): Promise<void> {
  while (visit.screen.screen.kind !== kind) {
    const { seq } = visit.screen;
    act(visit);
    await clock.until(() => visit.screen.seq !== seq);
  }
}

test.each(['bank', 'phone'])(
  'a load made under the station’s old number is found, not made again (%s)',
  async (means) => {
    const before = rig.books().purses.get('ordinary');
    const visit = { rig, cardId: 'ordinary', amountMinor: 5_000, means };
    const old = start('000001000050');
    await clock.until(() => old.screen.screen.kind === 'attract');
    const torn = traps.find(({ id }) => id === 'credit-torn-after');
    if (torn !== undefined) rig.arm(torn, true);
    rig.insert('ordinary');
    await clock.until(() => old.screen.screen.kind === 'card');
    await actUntil({ ...visit, screen: old.screen }, 'put-card-back');
    old.kiosk.stop();
    rig.killPorts();

    const renamed = start('0000000000FF');
    await clock.until(() => renamed.screen.screen.kind === 'put-card-back');
    await actUntil({ ...visit, screen: renamed.screen }, 'done');
    await actUntil({ ...visit, screen: renamed.screen }, 'attract');

    const { purses, payments } = rig.books();
    expect(purses.get('ordinary')).toMatchObject({
      balanceMinor: (before?.balanceMinor ?? 0) + 5_000,
      loads: (before?.loads ?? 0) + 1,
    });
    expect(payments.get(means)).toMatchObject([{ amountMinor: 5_000, status: 'captured' }]);
    expect(journal.unsettled()).toEqual([]);
    renamed.kiosk.stop();
  },
);
