import type { Clock } from '../../main/contract/clock.ts';
import type { PrinterReport } from './status.ts';

/** A disturbance on the line damages a byte or two; so many that no printer sends come from something else. */
const strangeBytes = 8;
/** How long it is doubted after the last of them. Some strangers hang up at each question, and are called again within seconds. */
const strangeMs = 30_000;

/** Whether a printer is at the far end at all: a wrong address or baud rate may answer too, and some bytes of it look like a printer's. */
export class Doubt {
  readonly #clock: Clock;
  #garbled = 0;
  #garbledBefore = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be told first of all that came together: what comes with nonsense is part of it. */
  hear(reports: readonly PrinterReport[]): void {
    const garbled = reports.filter(({ kind }) => kind === 'garbled').length;
    if (garbled === 0) return;
    this.#garbled += garbled;
    this.#lastMs = this.#clock.nowMs();
  }

  /** A question begins whose whole answer, alone, is a proof. */
  asked(): void {
    this.#garbledBefore = this.#garbled;
  }

  /** The question is answered whole: if nothing else came with it, nothing is doubted any more. */
  answered(): void {
    if (this.#garbled !== this.#garbledBefore) return;
    this.#garbled = 0;
    this.#garbledBefore = 0;
  }

  /** Something that no printer says has come since the last proof. */
  get isAny(): boolean {
    return this.#garbled > 0;
  }

  /** Too much of it to be a printer. */
  get isStranger(): boolean {
    return this.#garbled >= strangeBytes && this.#clock.nowMs() - this.#lastMs < strangeMs;
  }
}
