import type { Clock } from '../../main/contract/clock.ts';

type Timer = {
  readonly dueMs: number;
  readonly order: number;
  readonly callBack: () => void;
};

/**
 * Time that passes only when it is told to, and then at once. Timers fire in the order of their due time, ties in the
 * order in which they were set, and everything that one timer causes has happened before the next one fires.
 */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #wallOffsetMs: number;
  #order = 0;
  #timers: Timer[] = [];

  constructor(startWallMs: number = Date.UTC(2026, 2, 2, 8, 0, 0)) {
    this.#wallOffsetMs = startWallMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallOffsetMs + this.#nowMs;
  }

  /** Let the wall clock jump without time passing: somebody set the clock. */
  jumpWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Let time pass in which the process does nothing else: what fell due meanwhile fires late. */
  stall(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  after(delayMs: number, callBack: () => void): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callBack };
    let at = this.#timers.length;
    while (at > 0 && (this.#timers[at - 1] as Timer).dueMs > timer.dueMs) at -= 1;
    this.#timers.splice(at, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /** Let everything happen that needs no time. */
  async settle(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  /** Let `durationMs` pass. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await this.settle();
    while ((this.#timers[0]?.dueMs ?? Number.POSITIVE_INFINITY) <= untilMs) {
      await this.#fireNext();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  /** Let time pass until `condition` holds. Throws after `limitMs` of virtual time, or when nothing is left to wait for. */
  async until(condition: () => boolean, limitMs = 600_000): Promise<void> {
    const lastMs = this.#nowMs + limitMs;
    await this.settle();
    while (!condition()) {
      const next = this.#timers[0];
      if (next === undefined)
        throw new Error('nothing is left to wait for, and it has not happened');
      if (next.dueMs > lastMs) throw new Error(`it has not happened within ${limitMs} ms`);
      await this.#fireNext();
    }
  }

  async #fireNext(): Promise<void> {
    const next = this.#timers.shift();
    if (next === undefined) return;
    this.#nowMs = Math.max(this.#nowMs, next.dueMs);
    next.callBack();
    await this.settle();
  }
}
