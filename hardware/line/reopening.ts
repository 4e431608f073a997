import type { Clock } from '../../main/contract/clock.ts';
import type { Line, LineFault, WriteAnswer } from './port.ts';

/** One try to be connected, and the connection that it may become. */
export type Connection = {
  /** Call `onEnd` once, if at all: whether the bytes were handed over. */
  readonly write: (bytes: Uint8Array, onEnd: (isDone: boolean) => void) => void;
  /** Give it up, whatever it is doing. Called once; no event counts any more. */
  readonly destroy: () => void;
};

export type ConnectionEvents = {
  readonly onOpen: () => void;
  readonly onBytes: (bytes: Uint8Array) => void;
  /** Refused, failed or lost. May come more than once. */
  readonly onGone: () => void;
};

export type ReopeningOptions = {
  readonly clock: Clock;
  /** How long one try to open may take. */
  readonly openMs?: number;
  /** Wait before the first retry; doubled at each further one up to `retryMaxMs`. */
  readonly retryMs?: number;
  readonly retryMaxMs?: number;
};

type Handlers = Parameters<Line['watch']>[0];
type Attempt = {
  connection: Connection | null;
  isOpen: boolean;
  isOver: boolean;
  cancelOpenDeadline: () => void;
  readonly writes: Set<(answer: WriteAnswer) => void>;
};

function failed(kind: LineFault['kind']): WriteAnswer {
  return { kind: 'failed', fault: { kind } };
}

/**
 * A line that opens itself, and again when it was lost. A write that gets stuck also ends the connection: bytes that were given up
 * must not arrive later, between others.
 */
export class ReopeningLine implements Line {
  readonly #connect: (events: ConnectionEvents) => Connection;
  readonly #clock: Clock;
  readonly #openMs: number;
  readonly #retryMs: number;
  readonly #retryMaxMs: number;
  readonly #watchers = new Set<Handlers>();
  #attempt: Attempt | null = null;
  #nextRetryMs: number;
  #cancelRetry: () => void = () => {};
  #isClosed = false;

  constructor(connect: (events: ConnectionEvents) => Connection, options: ReopeningOptions) {
    this.#connect = connect;
    this.#clock = options.clock;
    this.#openMs = options.openMs ?? 5_000;
    this.#retryMs = options.retryMs ?? 250;
    this.#retryMaxMs = options.retryMaxMs ?? 8_000;
    this.#nextRetryMs = this.#retryMs;
    this.#open();
  }

  watch(handlers: Handlers): () => void {
    this.#watchers.add(handlers);
    if (this.#attempt?.isOpen) handlers.onOpen();
    return () => {
      this.#watchers.delete(handlers);
    };
  }

  write(bytes: Uint8Array, deadlineMs: number): Promise<WriteAnswer> {
    const attempt = this.#attempt;
    const connection = attempt?.connection;
    if (!attempt?.isOpen || !connection) return Promise.resolve(failed('line-gone'));
    return new Promise((resolve) => {
      const end = (answer: WriteAnswer) => {
        if (!attempt.writes.delete(end)) return;
        cancelDeadline();
        resolve(answer);
      };
      attempt.writes.add(end);
      const cancelDeadline = this.#clock.after(deadlineMs, () => {
        end(failed('line-stuck'));
        this.#over(attempt);
      });
      connection.write(bytes.slice(), (isDone) => {
        end(isDone ? { kind: 'done' } : failed('line-gone'));
        if (!isDone) this.#over(attempt);
      });
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry();
    this.#watchers.clear();
    if (this.#attempt !== null) this.#over(this.#attempt);
  }

  #open(): void {
    const attempt: Attempt = {
      connection: null,
      isOpen: false,
      isOver: false,
      cancelOpenDeadline: this.#clock.after(this.#openMs, () => this.#over(attempt)),
      writes: new Set(),
    };
    this.#attempt = attempt;
    attempt.connection = this.#connect({
      onOpen: () => this.#opened(attempt),
      onBytes: (bytes) => this.#heard(attempt, bytes),
      onGone: () => this.#over(attempt),
    });
    if (attempt.isOver) attempt.connection.destroy();
  }

  #opened(attempt: Attempt): void {
    if (attempt.isOver || attempt.isOpen) return;
    attempt.isOpen = true;
    attempt.cancelOpenDeadline();
    for (const watcher of [...this.#watchers]) watcher.onOpen();
  }

  #heard(attempt: Attempt, bytes: Uint8Array): void {
    if (attempt.isOver) return;
    // Only a far end that speaks is worth quick retries: some accept a connection and drop it at once.
    this.#nextRetryMs = this.#retryMs;
    for (const watcher of [...this.#watchers]) watcher.onBytes(bytes);
  }

  #over(attempt: Attempt): void {
    if (attempt.isOver) return;
    attempt.isOver = true;
    attempt.cancelOpenDeadline();
    attempt.connection?.destroy();
    this.#attempt = null;
    for (const end of [...attempt.writes]) end(failed('line-gone'));
    if (attempt.isOpen) for (const watcher of [...this.#watchers]) watcher.onLost();
    if (this.#isClosed) return;
    this.#cancelRetry = this.#clock.after(this.#nextRetryMs, () => this.#open());
    this.#nextRetryMs = Math.min(2 * this.#nextRetryMs, this.#retryMaxMs);
  }
}
