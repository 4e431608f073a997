import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedBankCard } from '../../../hardware/card/simulated.ts';
import type { CardConnection, CardReader } from '../../../hardware/reader/port.ts';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { driverNames, drivers, pcscRig, type RealRig, until } from './real-rig.ts';

const pcscd = new Pcscd();
const rigs: RealRig[] = [];

beforeEach(() => pcscd.start());
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.end();
  await pcscd.kill();
});

async function connected(reader: CardReader): Promise<CardConnection> {
  const answer = await reader.connect();
  if (answer.kind === 'failed') throw new Error(`not connected: ${answer.fault.kind}`);
  return answer.connection;
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('the garbage collector cannot be called');
  for (let round = 0; round < 5; round += 1) {
    collect();
    await sleep(20);
  }
}

const select = Uint8Array.from(Buffer.from('00A404000E325041592E5359532E444446303100', 'hex'));

describe.each(driverNames)('by the driver "%s"', (driver) => {
  beforeAll(() => drivers[driver].assertUsable());

  function watched(readerName?: string): RealRig {
    const rig = pcscRig(readerName === undefined ? { driver } : { driver, readerName });
    rigs.push(rig);
    return rig;
  }

  describe('when pcscd goes away', () => {
    it('the reader is down, and serves cards again after each restart, however many', async () => {
      const { reader, insert, pull, seen, said } = watched();
      for (let round = 0; round < 6; round += 1) {
        await until(() => seen.health === 'up');
        await insert(new SimulatedBankCard());
        await until(() => seen.present);
        const connection = await connected(reader);
        expect((await connection.transmit(select, 1_000)).kind).toBe('done');

        await pcscd.kill();
        expect(await connection.transmit(select, 1_000)).toEqual({
          kind: 'failed',
          fault: { kind: 'service-down' },
        });
        expect(seen).toEqual({ health: 'service-down', present: false });
        await connection.release();
        expect(await reader.connect()).toMatchObject({ fault: { kind: 'service-down' } });
        await pull();
        await pcscd.start();
      }
      await until(() => seen.health === 'up');
      // What is left of the clients of dead services must not take the process down when it is collected.
      await collectGarbage();
      expect(said.filter((line) => line.includes('Is pcscd running?')).length).toBeGreaterThan(5);
    });

    it('the reader is down even while nobody uses it', async () => {
      const { seen } = watched();
      await until(() => seen.health === 'up');
      await pcscd.kill();
      await until(() => seen.health === 'service-down');
    });

    it('a reader that was opened before pcscd was started is found', async () => {
      await pcscd.kill();
      const { reader, seen, said } = watched();
      await until(() => said.length > 0);
      expect(seen.health).toBe('service-down');
      expect(await reader.connect()).toMatchObject({ fault: { kind: 'service-down' } });
      await pcscd.start();
      await until(() => seen.health === 'up');
    });
  });

  describe('when pcscd hangs', () => {
    it('every call comes back in time, and the reader is used again once pcscd goes on', async () => {
      const { reader, insert, seen } = watched();
      await until(() => seen.health === 'up');
      await insert(new SimulatedBankCard());
      await until(() => seen.present);
      const connection = await connected(reader);

      pcscd.suspend();
      const since = performance.now();
      expect(await connection.transmit(select, 300)).toMatchObject({
        fault: { kind: 'card-mute' },
      });
      await connection.release();
      expect(performance.now() - since).toBeLessThan(2_500);
      expect(await reader.connect()).toMatchObject({ fault: { kind: 'reader-silent' } });
      expect(seen.health).toBe('silent');

      pcscd.resume();
      await until(() => seen.health === 'up');
      const next = await connected(reader);
      expect((await next.transmit(select, 1_000)).kind).toBe('done');
      await next.release();
    });
  });

  describe('the reader is chosen by its name', () => {
    it('among several', async () => {
      const second = watched('00 01$');
      await until(() => second.seen.health === 'up');
      expect(second.said).toEqual(['card reader: Virtual PCD 00 01']);
      const first = watched('Virtual');
      await until(() => first.seen.health === 'up');
      await first.insert(new SimulatedBankCard());
      await until(() => first.seen.present);
      expect(second.seen.present).toBe(false);
    });

    it('and is unplugged where none has it', async () => {
      const { reader, seen } = watched('ACR1252');
      await until(() => seen.health === 'unplugged');
      expect(await reader.connect()).toEqual({ kind: 'failed', fault: { kind: 'reader-gone' } });
    });
  });

  describe('when somebody else holds the card', () => {
    it('the reader is busy until they let go', async () => {
      const ours = watched();
      const theirs = watched();
      await until(() => ours.seen.health === 'up' && theirs.seen.health === 'up');
      await ours.insert(new SimulatedBankCard());
      await until(() => ours.seen.present && theirs.seen.present);
      const held = await connected(theirs.reader);
      expect(await ours.reader.connect()).toMatchObject({ fault: { kind: 'reader-busy' } });
      await held.release();
      const connection = await connected(ours.reader);
      await connection.release();
    });
  });

  describe('many cards in a row', () => {
    it('pulled in the middle of their conversations, cost the reader nothing', async () => {
      const { reader, insert, pull, seen } = watched();
      for (let round = 0; round < 8; round += 1) {
        await until(() => seen.health === 'up' && !seen.present);
        await insert(new SimulatedBankCard());
        await until(() => seen.present);
        const connection = await connected(reader);
        expect((await connection.transmit(select, 1_000)).kind).toBe('done');
        await pull();
        expect(await connection.transmit(select, 2_000)).toMatchObject({
          fault: { kind: 'card-gone' },
        });
        await connection.release();
      }
    });
  });
});

describe('a computer without the library', () => {
  const addon = fileURLToPath(import.meta.resolve('pcsclite/build/Release/pcsclite.node'));
  const pcscLibrary = '"$(ldconfig -p | grep -o "/.*libpcsclite.so.1$" | head -n 1)"';

  it.each([
    ['pcsc', pcscLibrary, 'apt install libpcsclite1 pcscd'],
    ['pcsclite', pcscLibrary, 'npm run rebuild:pcsclite'],
    ['pcsclite', addon, 'apt install pcscd libpcsclite-dev g++ make python3'],
  ])(
    'of the driver "%s" runs on, with the reader down and a line that says what to do',
    (driver, library, remedy) => {
      const script = fileURLToPath(new URL('./say-health.ts', import.meta.url));
      const hidden = `mount --bind /dev/null "$(readlink -f ${library})"\nexec "$@"`;
      const said = execFileSync(
        'unshare',
        ['--mount', 'sh', '-euc', hidden, 'sh', process.execPath, script, driver],
        { encoding: 'utf8' },
      );
      expect(said).toContain(remedy);
      expect(said).toContain('health: service-down');
      expect(said).toContain('connect: service-down');
    },
  );
});
