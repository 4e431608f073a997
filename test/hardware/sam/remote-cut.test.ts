import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SimulatedSamHost } from '../../../hardware/sam/simulated-host.ts';
import {
  authoriseLoadQuestion,
  openStation,
  rightAnswer,
  StationFiles,
  spend,
  startHost,
} from './remote-station.ts';

type Direction = 'to-host' | 'to-station';

function nothing(): Record<Direction, Buffer> {
  return { 'to-host': Buffer.alloc(0), 'to-station': Buffer.alloc(0) };
}

function endless(): Record<Direction, number> {
  return { 'to-host': Number.POSITIVE_INFINITY, 'to-station': Number.POSITIVE_INFINITY };
}

/** A way to the host that breaks after so many bytes in one direction, once. What comes after finds it whole. */
class BreakingWay {
  readonly #host: SimulatedSamHost;
  readonly #server: Server;
  #left: Record<Direction, number> = endless();
  /** What has passed on the latest connection. */
  passed: Record<Direction, Buffer> = nothing();
  port = 0;

  constructor(host: SimulatedSamHost) {
    this.#host = host;
    this.#server = createServer((station) => this.#join(station));
  }

  open(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        if (address !== null && typeof address === 'object') this.port = address.port;
        resolve();
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  breakAfter(direction: Direction, bytes: number): void {
    this.#left = { ...endless(), [direction]: bytes };
  }

  #join(station: Socket): void {
    const left = this.#left;
    this.#left = endless();
    const passed = nothing();
    this.passed = passed;
    const host = connect({ host: '127.0.0.1', port: this.#host.port });
    const cut = (): void => {
      station.destroy();
      host.destroy();
    };
    const carry = (from: Socket, to: Socket, direction: Direction): void => {
      from.setNoDelay(true);
      from.on('error', () => {});
      from.on('close', cut);
      from.on('data', (bytes) => {
        const room = left[direction] - passed[direction].length;
        passed[direction] = Buffer.concat([passed[direction], bytes]);
        if (bytes.length < room) to.write(bytes);
        else to.write(bytes.subarray(0, room), cut);
      });
    };
    carry(station, host, 'to-host');
    carry(host, station, 'to-station');
  }
}

let host: SimulatedSamHost;
let files: StationFiles;

beforeAll(async () => {
  files = new StationFiles();
  host = startHost();
  await host.listen();
});

afterAll(async () => {
  await host.vanish();
  files.remove();
});

/** One conversation from the first packet to the answers, over a way that breaks. */
async function converse(way: BreakingWay): Promise<'answered' | 'lost'> {
  const { sam } = openStation(way.port, files);
  const question = authoriseLoadQuestion();
  const [permission, spent] = await Promise.all([sam.ask(question), sam.ask(spend)]);
  await sam.close();
  expect(permission).toEqual(await rightAnswer(question));
  if (spent.kind === 'done') return 'answered';
  expect(spent.detail).toMatch(/was lost before it answered spend$/);
  return 'lost';
}

function timesSpent(): number {
  return host.asked.filter(({ deed }) => deed === 'spend').length;
}

/**
 * After which bytes of a conversation to break it. Within a TLS record it makes no difference: half a record is none. So by
 * default these are the bytes around each record's ends, where a signature that is a byte shorter than the last does not hide
 * them, and some between. With EVERY_BYTE=1 all: some two minutes of computing.
 */
function cutsOf(conversation: Buffer): readonly number[] {
  const ends: number[] = [];
  // A record: its type, two bytes of version, two of length (RFC 8446, section 5.1).
  for (let at = 0; at < conversation.length; at += 5 + conversation.readUInt16BE(at + 3))
    ends.push(at);
  const isChosen = (bytes: number): boolean =>
    process.env.EVERY_BYTE === '1' ||
    bytes % 61 === 0 ||
    ends.some((end) => Math.abs(end - bytes) <= 3);
  return Array.from(conversation.keys()).filter(isChosen);
}

it.each<Direction>(['to-host', 'to-station'])(
  'a conversation that breaks after any byte %s ends, and nothing is asked twice that must not be',
  async (direction) => {
    const way = new BreakingWay(host);
    await way.open();
    expect(await converse(way)).toBe('answered');
    const cuts = cutsOf(way.passed[direction]);
    const outcomes = { answered: 0, lost: 0 };
    for (const bytes of cuts) {
      way.breakAfter(direction, bytes);
      const before = timesSpent();
      const outcome = await converse(way);
      outcomes[outcome] += 1;
      const times = timesSpent() - before;
      expect(times).toBeLessThanOrEqual(1);
      if (outcome === 'answered') expect(times).toBe(1);
    }
    expect(outcomes.answered).toBeGreaterThan(50);
    expect(outcomes.lost).toBeGreaterThan(5);
    await way.close();
  },
  1_800_000,
);
