import type { Clock } from '../../main/contract/clock.ts';
import type { Line, WriteAnswer } from './port.ts';

/** The device's end of a simulated line. */
export interface FarEnd {
  /** Be given the bytes that the kiosk sends. One listener: the device. */
  listen(onBytes: (bytes: Uint8Array) => void): void;
  /** Send bytes to the kiosk. Lost while the line is unplugged. */
  send(bytes: Uint8Array): void;
}

type Handlers = Parameters<Line['watch']>[0];

/**
 * A cable in memory. Bytes arrive in order, in a later turn of the event loop, never re-entrantly. It can be unplugged and
 * plugged in again, and it can be made to take bytes without delivering them (a dead far end on a live line).
 */
export class SimulatedLine implements Line {
  readonly far: FarEnd;
  readonly #clock: Clock;
  readonly #watchers = new Set<Handlers>();
  #farListener: (bytes: Uint8Array) => void = () => {};
  #plugged = true;
  #closed = false;
  #stuck = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.far = {
      listen: (onBytes) => {
        this.#farListener = onBytes;
      },
      send: (bytes) => {
        const copy = bytes.slice();
        this.#later(() => {
          for (const watcher of [...this.#watchers]) watcher.onBytes(copy);
        });
      },
    };
  }

  watch(handlers: Handlers): () => void {
    this.#watchers.add(handlers);
    if (this.#plugged) handlers.onOpen();
    return () => {
      this.#watchers.delete(handlers);
    };
  }

  write(bytes: Uint8Array, deadlineMs: number): Promise<WriteAnswer> {
    if (!this.#plugged || this.#closed) {
      return Promise.resolve({ kind: 'failed', fault: { kind: 'line-gone' } });
    }
    if (this.#stuck) {
      return new Promise((resolve) => {
        this.#clock.after(deadlineMs, () =>
          resolve({ kind: 'failed', fault: { kind: 'line-stuck' } }),
        );
      });
    }
    const copy = bytes.slice();
    this.#later(() => this.#farListener(copy));
    return Promise.resolve({ kind: 'done' });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watchers.clear();
  }

  /** Pull the cable. Bytes on their way are lost. */
  unplug(): void {
    if (!this.#plugged) return;
    this.#plugged = false;
    for (const watcher of [...this.#watchers]) watcher.onLost();
  }

  plug(): void {
    if (this.#plugged) return;
    this.#plugged = true;
    for (const watcher of [...this.#watchers]) watcher.onOpen();
  }

  /** The far end stops, or starts again, to take bytes: writes run into their deadline. */
  setStuck(stuck: boolean): void {
    this.#stuck = stuck;
  }

  #later(deliver: () => void): void {
    void Promise.resolve().then(() => {
      if (this.#plugged && !this.#closed) deliver();
    });
  }
}
