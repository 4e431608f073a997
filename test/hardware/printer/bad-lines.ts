import type { Line, WriteAnswer } from '../../../hardware/line/port.ts';
import type { SimulatedLine } from '../../../hardware/line/simulated.ts';
import type { VirtualClock } from '../../support/virtual-clock.ts';

/** A line that is as good as its cable. */
abstract class CabledLine implements Line {
  protected readonly cable: SimulatedLine;

  constructor(cable: SimulatedLine) {
    this.cable = cable;
  }

  watch(handlers: Parameters<Line['watch']>[0]): () => void {
    return this.cable.watch(handlers);
  }

  write(bytes: Uint8Array, deadlineMs: number): Promise<WriteAnswer> {
    return this.cable.write(bytes, deadlineMs);
  }

  close(): Promise<void> {
    return this.cable.close();
  }
}

/** A cable that is pulled after a number of bytes, in the middle of a write if need be. */
export class CountingLine extends CabledLine {
  bytes = 0;
  #pullAt: number;
  #isBlinking = false;

  constructor(cable: SimulatedLine, pullAt: number) {
    super(cable);
    this.#pullAt = pullAt;
  }

  pullAfter(bytes: number): void {
    this.#pullAt = this.bytes + bytes;
  }

  /** Loses one write, without anybody being told by its answer. */
  blinkAfter(bytes: number): void {
    this.pullAfter(bytes);
    this.#isBlinking = true;
  }

  override async write(bytes: Uint8Array, deadlineMs: number): Promise<WriteAnswer> {
    this.bytes += bytes.length;
    if (this.bytes <= this.#pullAt) return this.cable.write(bytes, deadlineMs);
    if (this.#isBlinking) {
      this.#pullAt = Number.POSITIVE_INFINITY;
      this.cable.unplug();
      this.cable.plug();
      return { kind: 'done' };
    }
    const arriving = bytes.length - (this.bytes - this.#pullAt);
    await this.cable.write(bytes.subarray(0, arriving), deadlineMs);
    await Promise.resolve();
    this.cable.unplug();
    this.#pullAt = Number.POSITIVE_INFINITY;
    return { kind: 'failed', fault: { kind: 'line-gone' } };
  }
}

/** A serial line of 115200 baud: bytes take their time. */
export class SlowLine extends CabledLine {
  readonly #clock: VirtualClock;

  constructor(cable: SimulatedLine, clock: VirtualClock) {
    super(cable);
    this.#clock = clock;
  }

  override async write(bytes: Uint8Array, deadlineMs: number): Promise<WriteAnswer> {
    const answer = await this.cable.write(bytes, deadlineMs);
    await new Promise<void>((resolve) => {
      this.#clock.after((bytes.length * 10_000) / 115_200, resolve);
    });
    return answer;
  }
}

/** A serial line of 9600 baud, on which each byte of an answer takes a millisecond. */
export class BytewiseLine extends CabledLine {
  readonly #clock: VirtualClock;
  #dueMs = 0;

  constructor(cable: SimulatedLine, clock: VirtualClock) {
    super(cable);
    this.#clock = clock;
  }

  override watch(handlers: Parameters<Line['watch']>[0]): () => void {
    return this.cable.watch({
      ...handlers,
      onBytes: (bytes) => {
        for (const byte of bytes) {
          this.#dueMs = Math.max(this.#dueMs, this.#clock.nowMs()) + 1;
          const delayMs = this.#dueMs - this.#clock.nowMs();
          this.#clock.after(delayMs, () => handlers.onBytes(Uint8Array.of(byte)));
        }
      },
    });
  }
}

/** Questions pass; each part of a receipt is taken just before its deadline, and within half a minute at the most. */
export class CreepingLine extends CabledLine {
  readonly #clock: VirtualClock;

  constructor(cable: SimulatedLine, clock: VirtualClock) {
    super(cable);
    this.#clock = clock;
  }

  override async write(bytes: Uint8Array, deadlineMs: number): Promise<WriteAnswer> {
    if (bytes.length > 100) {
      await new Promise<void>((resolve) => {
        this.#clock.after(Math.min(deadlineMs - 1, 30_000), resolve);
      });
    }
    return this.cable.write(bytes, deadlineMs);
  }
}

/** A line that is begun anew when a write gets stuck, as serial ports and TCP connections are. */
export class ReopenedLine extends CabledLine {
  override async write(bytes: Uint8Array, deadlineMs: number): Promise<WriteAnswer> {
    const answer = await this.cable.write(bytes, deadlineMs);
    if (answer.kind === 'failed' && answer.fault.kind === 'line-stuck') {
      this.cable.unplug();
      this.cable.plug();
    }
    return answer;
  }
}
