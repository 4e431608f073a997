import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createSerialLine } from '../../../hardware/line/serialport.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import { printerProfiles } from '../../../hardware/printer/profile.ts';
import { SimulatedPrinter } from '../../../hardware/printer/simulated.ts';
import { slipLines } from '../../../hardware/printer/simulated-roll.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { describeLine, type LineRig } from '../line/contract.ts';
import { sampleReceipt } from '../printer/sample.ts';

/** A pseudo-terminal made by socat: the serial port under test on one side, socat's own pipes on the other. */
class SerialCable {
  readonly path: string;
  readonly #directory: string;
  #socat: ChildProcess | null = null;
  #listener: (bytes: Uint8Array) => void = () => {};

  private constructor(directory: string) {
    this.#directory = directory;
    this.path = join(directory, 'tty');
  }

  static async make(): Promise<SerialCable> {
    const cable = new SerialCable(await mkdtemp(join(tmpdir(), 'addvalue-serial-')));
    await cable.plug();
    return cable;
  }

  listen(onBytes: (bytes: Uint8Array) => void): void {
    this.#listener = onBytes;
  }

  send(bytes: Uint8Array): void {
    this.#socat?.stdin?.write(bytes);
  }

  stall(): void {
    this.#socat?.stdout?.pause();
  }

  async plug(): Promise<void> {
    const socat = spawn('socat', [`pty,raw,echo=0,link=${this.path}`, '-'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    socat.stdin.on('error', () => {});
    socat.stdout.on('data', (bytes: Uint8Array) => this.#listener(bytes));
    this.#socat = socat;
    await until(() => existsSync(this.path));
  }

  async unplug(): Promise<void> {
    const socat = this.#socat;
    if (socat === null) return;
    this.#socat = null;
    const ended = new Promise((resolve) => socat.once('exit', resolve));
    socat.kill('SIGTERM');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.unplug();
    await rm(this.#directory, { recursive: true });
  }
}

async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(condition()).toBe(true), { timeout: 5_000, interval: 5 });
}

describeLine('a serial port', async (): Promise<LineRig> => {
  const cable = await SerialCable.make();
  const received: number[] = [];
  cable.listen((bytes) => {
    for (const byte of bytes) received.push(byte);
  });
  const line = createSerialLine({
    path: cable.path,
    baudRate: 115_200,
    clock: systemClock,
    retryMs: 20,
  });
  return {
    line,
    far: {
      send: (bytes) => cable.send(bytes),
      received: () => Uint8Array.from(received),
      stall: () => cable.stall(),
      vanish: () => cable.unplug(),
      comeBack: () => cable.plug(),
    },
    until,
    dispose: () => cable.dispose(),
  };
});

it('a receipt is printed and confirmed over a serial port, also after the cable was pulled', async () => {
  const cable = await SerialCable.make();
  const line = createSerialLine({
    path: cable.path,
    baudRate: 115_200,
    clock: systemClock,
    retryMs: 20,
  });
  const printer = new SimulatedPrinter({
    clock: systemClock,
    far: { listen: (onBytes) => cable.listen(onBytes), send: (bytes) => cable.send(bytes) },
    speedMmPerS: 2_000,
  });
  const profile = printerProfiles['gb18030-80mm'];
  const driver = createReceiptPrinter({ line, profile, clock: systemClock });
  const healths: string[] = [];
  driver.watch((health) => healths.push(health.kind));
  const order = { receipt: sampleReceipt(), copy: 'original' } as const;

  await until(() => healths.at(-1) === 'up');
  expect(await driver.print(order)).toEqual({ kind: 'printed' });
  await cable.unplug();
  await until(() => healths.at(-1) === 'down');
  expect(await driver.print(order)).toEqual({ kind: 'not-printed', fault: 'unplugged' });
  await cable.plug();
  await until(() => healths.at(-1) === 'up');
  expect(await driver.print(order)).toEqual({ kind: 'printed' });

  expect(printer.slips).toHaveLength(2);
  expect(slipLines(printer.slips[1] ?? { items: [], cut: false })).toContain('￥50.00');
  expect(printer.protocolErrors).toEqual([]);
  await driver.close();
  await cable.dispose();
});
