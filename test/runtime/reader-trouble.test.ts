import { expect, test } from 'vitest';
import type { ApduFault } from '../../hardware/reader/simulated.ts';
import { chooseFifty, payments, type Scene, shows, start } from './one-station.ts';

/** Another program takes the card when the write has been answered, or not: the kiosk has to ask, and cannot. */
async function loseTheWrite(set: Scene, fault: ApduFault): Promise<void> {
  const stop = set.rig.reader.watchApdus(([, instruction]) => {
    // INITIALIZE FOR LOAD has been answered: CREDIT FOR LOAD comes next (PBOC 2.0 part 1).
    if (instruction !== 0x50) return;
    stop();
    set.rig.reader.injectFault(0, fault);
    set.rig.reader.setBusy(true);
  });
  await chooseFifty(set);
  set.screen.tap({ kind: 'confirm' });
  await set.clock.until(() => set.rig.terminal('bank-card').approve());
}

test('a card that another program holds is read as soon as it lets go, and nobody touches anything', async () => {
  const set = await start();
  await shows(set, 'attract');
  set.rig.reader.setBusy(true);
  set.rig.insert('ordinary');
  await shows(set, 'refused-card');
  expect(set.screen.screen).toMatchObject({ reason: 'reader-fault' });
  await set.clock.advance(10_000);
  expect(set.screen.screen.kind).toBe('refused-card');
  set.rig.reader.setBusy(false);
  await shows(set, 'card');
});

test.each<readonly [string, ApduFault]>([
  ['was written', { kind: 'garbled' }],
  ['was not written', { kind: 'mute' }],
])(
  'a card that %s when another program took it is finished when it lets go',
  async (_what, fault) => {
    const set = await start();
    await loseTheWrite(set, fault);
    await set.clock.until(
      () => set.screen.screen.kind === 'put-card-back' && set.screen.screen.why === 'reader-down',
    );
    expect(payments(set).map(({ status }) => status)).toEqual(['authorised']);
    set.rig.reader.setBusy(false);
    await shows(set, 'done');
    expect(set.rig.books().purses.get('ordinary')?.balanceMinor).toBe(3_620 + 5_000);
    expect(payments(set).map(({ status }) => status)).toEqual(['captured']);
  },
);

test.each<ApduFault>([{ kind: 'mute' }, { kind: 'garbled' }])(
  'a card that is $kind is said to be unreadable, and is read when it is put in again',
  async (fault) => {
    const set = await start();
    await shows(set, 'attract');
    const stop = set.rig.reader.watchApdus(() => set.rig.reader.injectFault(0, fault));
    set.rig.reader.injectFault(0, fault);
    set.rig.insert('ordinary');
    await shows(set, 'refused-card');
    expect(set.screen.screen).toMatchObject({ reason: 'unreadable' });
    stop();
    set.rig.reader.clearFaults();
    set.rig.pull();
    set.rig.insert('ordinary');
    await shows(set, 'card');
  },
);
