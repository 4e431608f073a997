import type { Clock } from '../../main/contract/clock.ts';

/** What the sensor says counts when it has said so for this long: it flutters while the last turns of a roll pass it. */
const settledMs = 5_000;

/** Tells whether the paper is near its end: once when it is, and once when it no longer is. */
export class PaperEnd {
  readonly #clock: Clock;
  readonly #onChange: (isLow: boolean) => void;
  #isLowTold = false;
  /** Since when the sensor has said other than was told. */
  #otherSinceMs: number | null = null;

  constructor(clock: Clock, onChange: (isLow: boolean) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  hear(isLow: boolean): void {
    const nowMs = this.#clock.nowMs();
    this.#otherSinceMs = isLow === this.#isLowTold ? null : (this.#otherSinceMs ?? nowMs);
    if (this.#otherSinceMs === null || nowMs - this.#otherSinceMs < settledMs) return;
    this.#isLowTold = isLow;
    this.#otherSinceMs = null;
    this.#onChange(isLow);
  }

  /** Nothing is heard any more: what is heard later does not continue it. */
  lose(): void {
    this.#otherSinceMs = null;
  }
}
