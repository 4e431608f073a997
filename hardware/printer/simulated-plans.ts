type Plan<What> = {
  readonly atByte: number;
  readonly what: What;
  readonly onStruck: () => void;
};

/** What is to happen to a simulated printer once it has dealt with a certain byte. */
export class SimulatedPlans<What> {
  /** The soonest first. */
  #plans: readonly Plan<What>[] = [];

  add(plan: Plan<What>): void {
    this.#plans = [...this.#plans, plan].sort((a, b) => a.atByte - b.atByte);
  }

  forget(): void {
    this.#plans = [];
  }

  /** How many of the next `length` bytes can be dealt with before the next plan. */
  room(length: number, processedBytes: number): number {
    const [next] = this.#plans;
    return next === undefined
      ? length
      : Math.min(length, Math.max(0, next.atByte - processedBytes));
  }

  take(): Plan<What> | undefined {
    const [next, ...later] = this.#plans;
    this.#plans = later;
    return next;
  }
}
