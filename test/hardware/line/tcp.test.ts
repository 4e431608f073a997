import { createServer, type Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { createTcpLine } from '../../../hardware/line/tcp.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { describeLine } from './contract.ts';

/** A device on a network: one connection at a time, on a port that it keeps. */
class NetworkDevice {
  readonly received: number[] = [];
  #server = createServer();
  #sockets = new Set<Socket>();
  #isStalled = false;
  port = 0;
  connections = 0;

  listen(): Promise<void> {
    this.#server = createServer((socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        for (const byte of bytes) this.received.push(byte);
      });
      if (this.#isStalled) socket.pause();
    });
    return new Promise((resolve) => {
      this.#server.listen(this.port, '127.0.0.1', () => {
        const address = this.#server.address();
        if (address !== null && typeof address === 'object') this.port = address.port;
        resolve();
      });
    });
  }

  send(bytes: Uint8Array): void {
    for (const socket of this.#sockets) socket.write(bytes);
  }

  stall(): void {
    this.#isStalled = true;
    for (const socket of this.#sockets) socket.pause();
  }

  vanish(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

describeLine('a line over TCP', async () => {
  const device = new NetworkDevice();
  await device.listen();
  const line = createTcpLine({
    host: '127.0.0.1',
    port: device.port,
    clock: systemClock,
    retryMs: 5,
  });
  return {
    line,
    far: {
      send: (bytes) => device.send(bytes),
      received: () => Uint8Array.from(device.received),
      stall: () => device.stall(),
      vanish: () => device.vanish(),
      comeBack: () => device.listen(),
    },
    until: (condition) =>
      vi.waitFor(() => expect(condition()).toBe(true), { timeout: 5_000, interval: 2 }),
    dispose: () => device.vanish(),
  };
});

it('waits longer and longer for a device that is not there', async () => {
  const device = new NetworkDevice();
  await device.listen();
  await device.vanish();
  const clock = new VirtualClock();
  const waits: number[] = [];
  const line = createTcpLine({
    host: '127.0.0.1',
    port: device.port,
    retryMs: 100,
    retryMaxMs: 400,
    clock: {
      nowMs: () => clock.nowMs(),
      wallMs: () => clock.wallMs(),
      after: (delayMs, callBack) => {
        if (delayMs < 1_000) waits.push(delayMs);
        return clock.after(delayMs, callBack);
      },
    },
  });
  for (const count of [1, 2, 3, 4]) {
    await vi.waitFor(() => expect(waits).toHaveLength(count), { timeout: 5_000, interval: 2 });
    await clock.advance(400);
  }
  expect(waits.slice(0, 4)).toEqual([100, 200, 400, 400]);
  await line.close();
});
