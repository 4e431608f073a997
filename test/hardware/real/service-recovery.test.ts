import { execFileSync } from 'node:child_process';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedBankCard } from '../../../hardware/card/simulated.ts';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { type DriverName, driverNames, drivers, pcscRig, type RealRig, until } from './real-rig.ts';

const pcscd = new Pcscd();
let rig: RealRig;

afterEach(async () => {
  pcscd.resume();
  await rig.end();
  await pcscd.kill();
});

/** A reader, at work unless pcscd is not. */
function open(driver: DriverName): RealRig {
  rig = pcscRig({ driver });
  return rig;
}

/** Until the reader says that it can be used, and how long that took: printed, for a machine may be slow. */
async function backSince(cause: string, driver: string): Promise<void> {
  const sinceMs = performance.now();
  await until(() => rig.seen.health === 'up');
  console.log(`${driver}: back ${Math.round(performance.now() - sinceMs)} ms after ${cause}`);
}

const select = Uint8Array.from(Buffer.from('00A404000E325041592E5359532E444446303100', 'hex'));

/** A card is put in, and answers. */
async function serve(): Promise<void> {
  await rig.pull();
  await until(() => !rig.seen.present);
  await rig.insert(new SimulatedBankCard());
  await until(() => rig.seen.present);
  const answer = await rig.reader.connect();
  if (answer.kind === 'failed') throw new Error(`not connected: ${answer.fault.kind}`);
  expect((await answer.connection.transmit(select, 1_000)).kind).toBe('done');
  await answer.connection.release();
}

describe.each(driverNames)('by the driver "%s", the reader is used again', (driver) => {
  beforeAll(() => drivers[driver].assertUsable());

  it('after pcscd was killed, and started a while later', async () => {
    await pcscd.start();
    open(driver);
    await until(() => rig.seen.health === 'up');
    for (const awayMs of [0, 300, 2_500]) {
      await pcscd.kill();
      await until(() => rig.seen.health === 'service-down');
      await new Promise((resolve) => setTimeout(resolve, awayMs));
      await pcscd.start();
      await backSince(`pcscd was started, ${awayMs} ms after it was killed`, driver);
    }
    await serve();
  });

  it('after pcscd hung while nobody used the reader', async () => {
    await pcscd.start();
    open(driver);
    await until(() => rig.seen.health === 'up');
    pcscd.suspend();
    await until(() => rig.seen.health === 'silent');
    pcscd.resume();
    await backSince('pcscd went on', driver);
    await serve();
  });

  it('after pcscd hung as the reader was opened: the process went on meanwhile', async () => {
    await pcscd.start();
    pcscd.suspend();
    open(driver);
    // Only a process that does not hang itself comes to see this, and lets pcscd go on.
    await until(() => rig.seen.health === 'silent');
    expect((await rig.reader.connect()).kind).toBe('failed');
    pcscd.resume();
    await backSince('pcscd went on', driver);
    await serve();
  });

  it('after it was closed while pcscd hung, and opened anew: the process went on meanwhile', async () => {
    await pcscd.start();
    open(driver);
    await until(() => rig.seen.health === 'up');
    pcscd.suspend();
    await rig.reader.close();
    pcscd.resume();
    open(driver);
    await backSince('pcscd went on', driver);
    await serve();
  });

  it('when pcscd has found a reader at last', async () => {
    execFileSync('mount', ['--bind', '/dev/null', '/etc/reader.conf.d/vpcd']);
    try {
      await pcscd.start();
      open(driver);
      await until(() => rig.seen.health === 'unplugged');
      await pcscd.kill();
    } finally {
      execFileSync('umount', ['/etc/reader.conf.d/vpcd']);
    }
    await pcscd.start();
    await backSince('pcscd was started with a reader', driver);
    await serve();
  });

  it('when another process has let go of the card', async () => {
    await pcscd.start();
    open(driver);
    await until(() => rig.seen.health === 'up');
    await rig.insert(new SimulatedBankCard());
    await until(() => rig.seen.present);
    const letGo = await rig.occupy();
    expect(await rig.reader.connect()).toMatchObject({ fault: { kind: 'reader-busy' } });
    expect(rig.seen).toEqual({ health: 'busy', present: true });
    await letGo();
    await backSince('somebody else let go of the card', driver);
    await serve();
  });
});
