import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimulatedPrinter } from '../../hardware/printer/simulated.ts';
import { slipLines } from '../../hardware/printer/simulated-roll.ts';
import type { BenchCommand, BenchView } from '../../main/contract/bench.ts';
import type { Command } from '../../main/contract/command.ts';
import { minorUnits } from '../../main/contract/money.ts';
import { systemClock } from '../../main/runtime/clock.ts';
import { type Bench, startBench } from '../../main/shell/bench.ts';
import { parseBenchConfig } from '../../main/shell/config.ts';
import { quietLog } from '../support/quiet-log.ts';
import { TestScreen } from '../support/screen.ts';

/** A receipt printer on the network: the simulated one's far end is a real socket. */
class NetworkPrinter {
  readonly device: SimulatedPrinter;
  connections = 0;
  #socket: Socket | null = null;
  #take: (bytes: Uint8Array) => void = () => {};
  readonly #server: Server;

  constructor(paperMm = 80_000) {
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.#socket = socket;
      socket.on('data', (bytes) => this.#take(bytes));
      socket.on('error', () => {});
      socket.on('close', () => {
        if (this.#socket === socket) this.#socket = null;
      });
    });
    this.device = new SimulatedPrinter({
      clock: systemClock,
      paperMm,
      far: {
        listen: (take) => {
          this.#take = take;
        },
        send: (bytes) => this.#socket?.write(bytes),
      },
    });
  }

  get isConnected(): boolean {
    return this.#socket !== null;
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }
}

const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const [, mixed = ''] = [...manual.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json);

let folder: string;
let printer: NetworkPrinter;
let bench: Bench;
let screen: TestScreen;
let seen: BenchView | null;
let hand: (command: BenchCommand) => void;
const log = quietLog();

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'addvalue-mixed-'));
  printer = new NetworkPrinter();
});

/** Start the station of the manual's mixed example, with its printer here. There is no bank terminal. */
async function start(changed: (source: string) => string): Promise<void> {
  const port = await printer.listen();
  const source = changed(mixed)
    .replace('"host": "192.168.1.21", "port": 9100', `"host": "127.0.0.1", "port": ${port}`)
    .replace('"host": "192.168.1.20", "port": 20007', '"host": "127.0.0.1", "port": 1');
  const answer = parseBenchConfig('mixed.json', source);
  if (answer.kind !== 'done') throw new Error(answer.problems.join());
  const journalPath = path.join(folder, 'journal.sqlite');
  bench = startBench({ config: answer.config, clock: systemClock, log, journalPath });
  screen = new TestScreen();
  bench.attachKiosk(screen);
  bench.attachBench({
    send: (view) => {
      seen = view;
    },
    watch(onMessage) {
      hand = onMessage;
      return () => {};
    },
    close: () => {},
  });
}

afterEach(async () => {
  await bench.close();
  printer.close();
  rmSync(folder, { recursive: true });
});

async function shows(kind: string): Promise<void> {
  await expect.poll(() => screen.screen.kind, { timeout: 8_000, interval: 10 }).toBe(kind);
}

/** Wait until a receipt can be printed. */
async function ready(): Promise<void> {
  const obstacle = () =>
    screen.screen.kind === 'attract' ? screen.screen.receiptObstacle : undefined;
  await expect.poll(obstacle, { timeout: 8_000, interval: 10 }).toBeNull();
}

async function topUp(card: string): Promise<void> {
  const taps: readonly [string, Command][] = [
    ['card', { kind: 'begin-top-up' }],
    ['amount', { kind: 'choose-amount', amountMinor: minorUnits(5_000) }],
    ['confirm', { kind: 'confirm' }],
    ['means', { kind: 'choose-means', means: 'mobile' }],
  ];
  hand({ kind: 'insert-card', card });
  for (const [kind, command] of taps) {
    await shows(kind);
    screen.tap(command);
  }
  const waiting = () => seen?.terminals[0]?.waitingMinor;
  await expect.poll(waiting, { timeout: 8_000, interval: 10 }).toBe(5_000);
  hand({ kind: 'approve-payment', terminal: 'mobile' });
  await shows('done');
  screen.tap({ kind: 'finish' });
}

test('a simulated card’s receipt comes out of the real printer, also after the power was cut', async () => {
  await start((source) => source);
  await ready();
  expect(seen?.real).toEqual(['printer', 'bank-card']);
  expect(seen?.terminals.map(({ id }) => id)).toEqual(['mobile']);
  expect(seen?.traps.map(({ place }) => place)).not.toContain('paper');

  // Twice: what is dark cannot be cut again.
  hand({ kind: 'kill-process' });
  hand({ kind: 'kill-process' });
  // The process is gone, its socket with it; the next one opens another.
  await expect.poll(() => printer.connections, { timeout: 8_000, interval: 10 }).toBe(2);
  await ready();
  expect(seen?.kills).toBe(1);

  await topUp('ordinary');
  await expect.poll(() => printer.device.slips.length, { timeout: 8_000 }).toBe(1);
  const [slip] = printer.device.slips;
  const text = slip === undefined ? '' : slipLines(slip).join('\n');
  expect(text).toContain('示范站');
  expect(text).toContain('50.00');
  expect(printer.device.protocolErrors).toEqual([]);

  expect(printer.connections).toBe(2);
  await bench.close();
  await expect.poll(() => printer.isConnected).toBe(false);
}, 30_000);

test('a real reader is named, its test keys are warned of, and no simulated card can be put in', async () => {
  await start((source) =>
    source.replace(
      '"reader": { "driver": "simulated" }',
      '"reader": { "driver": "pcsc", "pattern": "No such reader" }',
    ),
  );
  expect(log.lines.join('\n')).toContain('TEST KEYS ARE IN USE WITH A REAL READER');
  expect(seen?.real).toEqual(['reader', 'printer', 'bank-card']);
  expect(seen?.cards).toEqual([]);
  expect(new Set(seen?.traps.map(({ place }) => place))).toEqual(new Set(['payment']));
  hand({ kind: 'insert-card', card: 'ordinary' });
  await shows('out-of-service');
}, 20_000);

test('a real roll that is near its end is told to the technician, and to no customer', async () => {
  printer = new NetworkPrinter(1_000);
  await start((source) => source);
  await ready();
  const told = () => log.lines.filter((line) => line.includes('near its end: put in a new roll'));
  await expect.poll(told, { timeout: 20_000, interval: 10 }).toHaveLength(1);
}, 30_000);
