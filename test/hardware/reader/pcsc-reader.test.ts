import { describe, expect, it } from 'vitest';
import { PcscReader } from '../../../hardware/reader/pcsc-reader.ts';
import type { CardReader } from '../../../hardware/reader/port.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { SimulatedPcsc } from './simulated-pcsc.ts';

const update = Uint8Array.of(0x00, 0xd6, 0x00, 0x00, 0x01, 0xca);

/** A reader over a service with these readers, and what it says of itself, each with its time. */
async function opened({ names = ['ACR 1281 00'], running = true, pattern = 'ACR' } = {}) {
  const clock = new VirtualClock();
  const pcsc = new SimulatedPcsc();
  pcsc.running = running;
  for (const name of names) pcsc.plug(name);
  const said: string[] = [];
  const reader = new PcscReader(pcsc.library, {
    readerName: pattern,
    clock,
    log: (line) => said.push(line),
  });
  const healths: string[] = [];
  const presences: string[] = [];
  reader.watch(
    (presence) => presences.push(presence.kind),
    (health) => healths.push(health.kind === 'up' ? 'up' : health.fault),
  );
  await clock.settle();
  /** How long it takes until the reader says so. */
  const until = async (health: string): Promise<number> => {
    const sinceMs = clock.nowMs();
    await clock.until(() => healths.at(-1) === health, 60_000);
    return clock.nowMs() - sinceMs;
  };
  return { clock, pcsc, reader, said, healths, presences, until };
}

async function connected(reader: CardReader) {
  const answer = await reader.connect();
  if (answer.kind === 'failed') throw new Error(`not connected: ${answer.fault.kind}`);
  return answer.connection;
}

async function anotherReader(pcsc: SimulatedPcsc, clock: VirtualClock, readerName: string) {
  const reader = new PcscReader(pcsc.library, { readerName, clock, log: () => {} });
  const told: string[] = [];
  reader.watch(
    ({ kind }) => told.push(kind),
    (health) => told.push(health.kind === 'up' ? 'up' : health.fault),
  );
  await clock.settle();
  return { reader, told };
}

async function ended(reader: CardReader, clock: VirtualClock): Promise<void> {
  let isClosed = false;
  void reader.close().then(() => {
    isClosed = true;
  });
  await clock.until(() => isClosed);
}

describe('a service that goes away', () => {
  it('is found again within half a second, also when it was away for an hour', async () => {
    const { clock, pcsc, until } = await opened();
    for (const awayMs of [10, 700, 5_000, 3_600_000]) {
      await until('up');
      pcsc.stop();
      expect(await until('service-down')).toBe(0);
      await clock.advance(awayMs);
      pcsc.start();
      expect(await until('up')).toBeLessThanOrEqual(500);
    }
  });

  it('is looked for twice a second, and no library is troubled for one that is not there', async () => {
    const { clock, pcsc, said } = await opened({ running: false });
    await clock.advance(60_000);
    expect(pcsc.tried.asked).toBe(121);
    expect(pcsc.tried.begun).toBe(0);
    expect(said).toEqual(['there is no PC/SC service: NoService. Is pcscd running?']);
  });

  it('takes its conversation with it, whose end says nothing of the next service', async () => {
    const { clock, pcsc, reader, until, healths } = await opened();
    pcsc.putCard('ACR 1281 00', true);
    const connection = await connected(reader);
    pcsc.stop();
    expect(await connection.transmit(update, 1_000)).toMatchObject({
      fault: { kind: 'service-down' },
    });
    pcsc.start();
    await until('up');
    await connection.release();
    await clock.settle();
    expect(healths.at(-1)).toBe('up');
  });
});

describe('a service that hangs', () => {
  it('while nobody uses the reader is noticed within three seconds, and at once when it goes on', async () => {
    const { pcsc, until, said } = await opened();
    pcsc.hang();
    expect(await until('silent')).toBeLessThanOrEqual(3_000);
    pcsc.goOn();
    expect(await until('up')).toBe(0);
    expect(said.slice(-2)).toEqual([
      'the PC/SC service does not answer',
      'the PC/SC service answers again',
    ]);
  });

  it('from the beginning never has the process wait for it', async () => {
    const clock = new VirtualClock();
    const pcsc = new SimulatedPcsc();
    pcsc.plug('ACR');
    pcsc.hang();
    const reader = new PcscReader(pcsc.library, { readerName: 'ACR', clock, log: () => {} });
    const healths: string[] = [];
    reader.watch(
      () => {},
      (health) => healths.push(health.kind === 'up' ? 'up' : health.fault),
    );
    await clock.until(() => healths.at(-1) === 'silent');
    expect(pcsc.tried.begun).toBe(0);
    pcsc.goOn();
    await clock.until(() => healths.at(-1) === 'up');
  });

  it('is not waited for when the reader is closed', async () => {
    const { clock, pcsc, reader } = await opened();
    pcsc.hang();
    let closed = false;
    void reader.close().then(() => {
      closed = true;
    });
    await clock.until(() => closed, 5_000);
    expect(pcsc.tried.stopped).toBe(0);
  });
});

describe('a reader', () => {
  it('that is unplugged ends its conversation, and is used again when it is back', async () => {
    const { pcsc, reader, until, healths, presences } = await opened();
    pcsc.putCard('ACR 1281 00', true);
    const connection = await connected(reader);
    pcsc.unplug('ACR 1281 00');
    expect(await connection.transmit(update, 1_000)).toMatchObject({
      fault: { kind: 'reader-gone' },
    });
    expect(healths.at(-1)).toBe('unplugged');
    expect(presences.at(-1)).toBe('absent');
    await connection.release();
    pcsc.plug('ACR 1281 00');
    expect(await until('up')).toBe(0);
  });

  it('that nobody misses is not looked for, nor is one that is not there', async () => {
    const { clock, pcsc, reader } = await opened();
    await clock.advance(10 * 60_000);
    pcsc.unplug('ACR 1281 00');
    await clock.advance(10 * 60_000);
    expect(pcsc.tried.begun).toBe(1);
    void reader.close();
    await clock.advance(1_000);
    pcsc.plug('ACR 1281 00', false);
    await clock.advance(10 * 60_000);
    expect(pcsc.tried.begun).toBe(1);
  });

  it('in reserve takes over, with the card that lies on it', async () => {
    const { pcsc, healths, presences, said } = await opened({ names: ['ACR A', 'ACR B', 'SAM'] });
    pcsc.putCard('ACR B', true);
    expect(presences).toEqual(['absent']);
    pcsc.unplug('ACR A');
    expect(healths.at(-1)).toBe('up');
    expect(presences).toEqual(['absent', 'present']);
    expect(said).toEqual([
      'card reader: ACR A',
      'card reader: ACR B (in reserve)',
      'the card reader ACR A was unplugged',
    ]);
  });

  it('tells a swap as the card’s going and another one’s coming', async () => {
    const { pcsc, reader, presences } = await opened();
    pcsc.putCard('ACR 1281 00', true);
    const connection = await connected(reader);
    pcsc.putCard('ACR 1281 00', true);
    expect(presences).toEqual(['absent', 'present', 'absent', 'present']);
    expect(await connection.transmit(update, 1_000)).toMatchObject({
      fault: { kind: 'card-gone' },
    });
  });
});

describe('two readers of one library', () => {
  it('begin with it once, and each is told all of its own', async () => {
    const { clock, pcsc, reader } = await opened({ names: ['ACR', 'SAM'] });
    pcsc.putCard('SAM', true);
    const sam = await anotherReader(pcsc, clock, 'SAM');
    expect(sam.told).toEqual(['service-down', 'absent', 'unplugged', 'up', 'present']);
    await ended(reader, clock);
    pcsc.putCard('SAM', false);
    expect(sam.told.slice(5)).toEqual(['absent']);
    await ended(sam.reader, clock);
    const later = await anotherReader(pcsc, clock, 'ACR');
    expect(later.told).toEqual(['service-down', 'absent', 'unplugged', 'up']);
    expect(pcsc.tried).toMatchObject({ begun: 1, stopped: 0 });
  });

  it('let go of it together when its service is gone, and begin with the next one once', async () => {
    const { clock, pcsc } = await opened({ names: ['ACR', 'SAM'] });
    const sam = await anotherReader(pcsc, clock, 'SAM');
    pcsc.stop();
    expect(sam.told.at(-1)).toBe('service-down');
    pcsc.start();
    await clock.until(() => sam.told.at(-1) === 'up');
    await clock.advance(1_000);
    expect(pcsc.tried).toMatchObject({ begun: 2, stopped: 1 });
  });
});

describe('a library that lost what it had to tell', () => {
  it('is begun anew, and never ended while its service runs', async () => {
    const { clock, pcsc, reader, until } = await opened();
    pcsc.overflow();
    expect(await until('up')).toBeLessThanOrEqual(500);
    await clock.advance(10_000);
    await ended(reader, clock);
    expect(pcsc.tried).toMatchObject({ begun: 2, stopped: 0 });
  });
});

describe('what the library missed', () => {
  it('is a reader that is back: it is asked anew, once', async () => {
    const { clock, pcsc, until } = await opened();
    pcsc.unplug('ACR 1281 00');
    await clock.advance(10_000);
    pcsc.plug('ACR 1281 00', false);
    expect(await until('up')).toBeLessThan(3_000);
    await clock.advance(60_000);
    expect(pcsc.tried).toMatchObject({ begun: 2, stopped: 0 });
  });

  it('and never sees, as a fifth reader: it is asked less and less', async () => {
    const { clock, pcsc } = await opened({ names: [] });
    await clock.advance(10_000);
    pcsc.blind = true;
    pcsc.plug('ACR 1281 00');
    await clock.advance(10 * 60_000);
    expect(pcsc.tried.begun).toBeGreaterThan(4);
    expect(pcsc.tried.begun).toBeLessThan(8);
  });

  it('is a card: it is seen all the same, and talked to', async () => {
    const { clock, pcsc, reader, presences, said } = await opened();
    pcsc.putCard('ACR 1281 00', true, false);
    await clock.advance(3_000);
    expect(presences).toEqual(['absent', 'present']);
    expect(said.at(-1)).toBe('PC/SC’s library missed a change: ACR 1281 00 has a card (1)');
    const connection = await connected(reader);
    pcsc.tell('ACR 1281 00');
    await clock.advance(60_000);
    expect(await connection.transmit(update, 1_000)).toMatchObject({ kind: 'done' });
    expect(presences).toEqual(['absent', 'present']);
  });

  it('is a card that was pulled: its conversation ends', async () => {
    const { clock, pcsc, reader, presences } = await opened();
    pcsc.putCard('ACR 1281 00', true);
    const connection = await connected(reader);
    pcsc.putCard('ACR 1281 00', false, false);
    await clock.advance(3_000);
    expect(presences.at(-1)).toBe('absent');
    expect(await connection.transmit(update, 1_000)).toMatchObject({
      fault: { kind: 'card-gone' },
    });
  });

  it('is a card that was swapped: it is another conversation', async () => {
    const { clock, pcsc, presences } = await opened();
    pcsc.putCard('ACR 1281 00', true);
    pcsc.putCard('ACR 1281 00', false, false);
    pcsc.putCard('ACR 1281 00', true, false);
    await clock.advance(3_000);
    expect(presences).toEqual(['absent', 'present', 'absent', 'present']);
  });

  it('is a reader that was unplugged: the kiosk knows, and finds it again', async () => {
    const { clock, pcsc, until } = await opened();
    pcsc.unplug('ACR 1281 00', false);
    expect(await until('unplugged')).toBeLessThan(3_000);
    await clock.advance(10_000);
    pcsc.plug('ACR 1281 00', false);
    expect(await until('up')).toBeLessThan(3_000);
  });

  it('was only late: it happened once', async () => {
    const { clock, pcsc, reader, presences, said } = await opened();
    pcsc.putCard('ACR 1281 00', true, false);
    await clock.advance(1_000);
    pcsc.tell('ACR 1281 00');
    const connection = await connected(reader);
    await clock.advance(60_000);
    expect(await connection.transmit(update, 1_000)).toMatchObject({ kind: 'done' });
    expect(presences).toEqual(['absent', 'present']);
    expect(said).toEqual(['card reader: ACR 1281 00']);
  });

  it('cannot be known where only the library can be asked: a missing reader is asked for anew', async () => {
    const { clock, pcsc, presences, until } = await opened();
    pcsc.open = false;
    pcsc.putCard('ACR 1281 00', true);
    await clock.advance(60_000);
    expect(presences).toEqual(['absent', 'present']);
    pcsc.unplug('ACR 1281 00');
    pcsc.plug('ACR 1281 00', false);
    expect(await until('up')).toBeLessThan(3_000);
    pcsc.unplug('ACR 1281 00');
    const { begun } = pcsc.tried;
    await clock.advance(10 * 60_000);
    expect(pcsc.tried.begun - begun).toBeLessThan(8);
  });
});

describe('a card that somebody else holds', () => {
  it('is tried once a second until they let go, and no longer', async () => {
    const { clock, pcsc, reader, until, healths } = await opened();
    pcsc.putCard('ACR 1281 00', true);
    pcsc.held = true;
    expect(await reader.connect()).toMatchObject({ fault: { kind: 'reader-busy' } });
    expect(healths.at(-1)).toBe('busy');
    await clock.advance(10_000);
    expect(pcsc.tried.connected).toBe(11);
    expect(healths.at(-1)).toBe('busy');
    pcsc.held = false;
    expect(await until('up')).toBeLessThanOrEqual(1_000);
    await clock.advance(10_000);
    expect(pcsc.tried.connected).toBe(12);
    const connection = await connected(reader);
    await connection.release();
  });

  it('is somebody’s business no more when the reader has gone', async () => {
    const { clock, pcsc, reader, healths, until } = await opened();
    pcsc.putCard('ACR 1281 00', true);
    pcsc.held = true;
    await reader.connect();
    pcsc.unplug('ACR 1281 00');
    expect(healths.at(-1)).toBe('unplugged');
    pcsc.held = false;
    pcsc.plug('ACR 1281 00');
    expect(await until('up')).toBe(0);
    await clock.advance(5_000);
    expect(pcsc.tried.connected).toBe(1);
  });
});
