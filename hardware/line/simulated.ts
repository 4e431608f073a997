import type { Clock } from '../../main/contract/clock.ts';
import type { Line, WriteAnswer } from './port.ts';

/** The device's end of a simulated line. */
export interface FarEnd {
  /** Be given the bytes that the kiosk sends. One listener: the device. */
  listen(onBytes: (bytes: Uint8Array) => void): void;
  /** Send bytes to the kiosk. Lost while the line is unplugged. */
  send(bytes: Uint8Array): void;
  /** Hardware handshake: a busy device is sent nothing, writes wait for it. Absent on a line without. */
  setBusy?(busy: boolean): void;
}

type Waiting = {
  readonly bytes: Uint8Array;
  readonly answer: (answer: WriteAnswer) => void;
};

const done: WriteAnswer = { kind: 'done' };
const gone: WriteAnswer = { kind: 'failed', fault: { kind: 'line-gone' } };
const stuck: WriteAnswer = { kind: 'failed', fault: { kind: 'line-stuck' } };

type Handlers = Parameters<Line['watch']>[0];

/**
 * A cable in memory. Bytes arrive in order, in a later turn of the event loop, never re-entrantly. It can be unplugged and
 * plugged in again, and it can be made to take no bytes (a dead far end on a live line, or a device that says it is busy).
 */
export class SimulatedLine implements Line {
  readonly far: FarEnd;
  readonly #clock: Clock;
  readonly #watchers = new Set<Handlers>();
  #farListener: (bytes: Uint8Array) => void = () => {};
  #plugged = true;
  #closed = false;
  #stuck = false;
  #busy = false;
  /** Writes that the far end does not take yet, oldest first. */
  readonly #waiting: Waiting[] = [];
  /** Counts the times the cable was pulled: bytes of an earlier connection never arrive. */
  #losses = 0;

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
      setBusy: (busy) => {
        this.#busy = busy;
        this.#deliverWaiting();
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
    if (!this.#plugged || this.#closed) return Promise.resolve(gone);
    const copy = bytes.slice();
    if (!this.#isTaking()) {
      return new Promise((resolve) => {
        const waiting: Waiting = {
          bytes: copy,
          answer: (answer) => {
            cancel();
            resolve(answer);
          },
        };
        const cancel = this.#clock.after(deadlineMs, () => {
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
          resolve(stuck);
        });
        this.#waiting.push(waiting);
      });
    }
    this.#later(() => this.#farListener(copy));
    return Promise.resolve(done);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watchers.clear();
    this.#failWaiting();
  }

  /** Pull the cable. Bytes on their way are lost. */
  unplug(): void {
    if (!this.#plugged) return;
    this.#plugged = false;
    this.#losses += 1;
    this.#failWaiting();
    for (const watcher of [...this.#watchers]) watcher.onLost();
  }

  plug(): void {
    if (this.#plugged) return;
    this.#plugged = true;
    for (const watcher of [...this.#watchers]) watcher.onOpen();
  }

  /** The far end stops, or starts again, to take bytes: meanwhile writes run into their deadline. */
  setStuck(stuck: boolean): void {
    this.#stuck = stuck;
    this.#deliverWaiting();
  }

  #isTaking(): boolean {
    return !this.#stuck && !this.#busy;
  }

  #deliverWaiting(): void {
    while (this.#isTaking()) {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) return;
      this.#later(() => this.#farListener(waiting.bytes));
      waiting.answer(done);
    }
  }

  #failWaiting(): void {
    for (const waiting of this.#waiting.splice(0)) waiting.answer(gone);
  }

  #later(deliver: () => void): void {
    const losses = this.#losses;
    void Promise.resolve().then(() => {
      if (this.#losses === losses && this.#plugged && !this.#closed) deliver();
    });
  }
}
