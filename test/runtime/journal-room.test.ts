import { describe, expect, test } from 'vitest';
import { enoughFreeBytes, leastFreeBytes } from '../../main/runtime/journal-room.ts';
import { chooseFifty, payments, type Scene, shows, start } from './one-station.ts';

/** A disk whose free space the test decides. */
class Disk {
  free: number | null = enoughFreeBytes;
  looks = 0;

  readonly freeBytes = (): number | null => {
    this.looks += 1;
    return this.free;
  };
}

async function startOn(disk: Disk): Promise<Scene> {
  return start(() => {}, { freeBytes: disk.freeBytes });
}

const diskFull = {
  kind: 'out-of-service',
  faults: [{ device: 'journal', fault: 'disk-full' }],
  balanceWorks: true,
};

describe('a disk that fills', () => {
  test('takes the station out of service before anybody has paid, and room brings it back', async () => {
    const disk = new Disk();
    const set = await startOn(disk);
    await shows(set, 'attract');
    disk.free = leastFreeBytes - 1;
    await shows(set, 'out-of-service');
    expect(set.screen.screen).toMatchObject(diskFull);
    disk.free = enoughFreeBytes - 1;
    await set.clock.advance(60_000);
    expect(set.screen.screen).toMatchObject(diskFull);
    disk.free = enoughFreeBytes;
    await shows(set, 'attract');
  });

  test('is noticed in the moment when a card is put in', async () => {
    const disk = new Disk();
    const set = await startOn(disk);
    await shows(set, 'attract');
    disk.free = leastFreeBytes - 1;
    set.rig.insert('ordinary');
    await shows(set, 'card');
    expect(set.screen.screen).toMatchObject({
      topUpObstacle: { kind: 'device-down', device: 'journal', fault: 'disk-full' },
    });
    set.screen.tap({ kind: 'begin-top-up' });
    await set.clock.advance(1_000);
    expect(set.screen.screen).toMatchObject({ kind: 'card' });
  });

  test('between choosing and paying leaves the money where it is', async () => {
    const disk = new Disk();
    const set = await startOn(disk);
    await chooseFifty(set);
    disk.free = leastFreeBytes - 1;
    await set.clock.advance(10_000);
    set.screen.tap({ kind: 'confirm' });
    await set.clock.advance(10_000);
    expect(payments(set)).toEqual([]);
  });

  test('in the middle of a top-up lets it be finished, and offers no other', async () => {
    const disk = new Disk();
    const set = await startOn(disk);
    await chooseFifty(set);
    set.screen.tap({ kind: 'confirm' });
    await set.clock.until(() => set.rig.terminal('bank-card').device.waiting);
    disk.free = leastFreeBytes - 1;
    await set.clock.advance(20_000);
    expect(set.screen.screen).toMatchObject({ kind: 'pay' });
    await set.clock.until(() => set.rig.terminal('bank-card').approve());
    await shows(set, 'receipt');
    expect(payments(set).map(({ status }) => status)).toEqual(['captured']);
    set.screen.tap({ kind: 'finish' });
    set.rig.pull();
    await shows(set, 'out-of-service');
    expect(set.screen.screen).toMatchObject(diskFull);
  });

  test('before the start lets what is under way be settled, and takes no more', async () => {
    const disk = new Disk();
    disk.free = leastFreeBytes - 1;
    const set = await startOn(disk);
    await shows(set, 'out-of-service');
    expect(set.screen.screen).toMatchObject(diskFull);
  });

  test('whose room cannot be told stops nobody', async () => {
    const disk = new Disk();
    disk.free = null;
    const set = await startOn(disk);
    await chooseFifty(set);
    expect(set.screen.screen).toMatchObject({ kind: 'confirm' });
  });

  test('is not looked at by a station that has been given up', async () => {
    const disk = new Disk();
    const set = await startOn(disk);
    await shows(set, 'attract');
    set.station.abandon();
    const { looks } = disk;
    await set.clock.advance(60_000);
    expect(disk.looks).toBe(looks);
  });
});
