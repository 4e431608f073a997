import { type FaultKind, faults, type Step } from '../../hardware/rig/faults.ts';
import type { SamFault } from '../../hardware/rig/sam-socket.ts';
import type { AnswerFault } from '../../hardware/terminal/zvt/simulated-behaviour.ts';
import { type Arm, arms, type Hands, printTroubleMs } from './arms.ts';

/** A fault that is to come. */
export type Planned = {
  readonly kind: FaultKind;
  /** From 0, counted from when it is planned. `credit`: the order to write the card, or its command. */
  readonly nth: number | 'credit';
  /** At every such step from there on, until a technician comes; otherwise once. */
  readonly lasting: boolean;
};

type Pending = Planned & {
  readonly at: Step;
  readonly arm: Arm;
  /** Of its steps so far. */
  steps: number;
  struck: boolean;
};

/** So often a person does the same thing again. */
const patience = 10;

/** What meets one step. */
export type Met = {
  before(): void;
  after(): void;
  readonly apdu: Extract<Arm, { apdu: unknown }>['apdu'] | null;
  readonly answer: AnswerFault | null;
  readonly sam: SamFault | null;
};

/** Lets faults come at the step that they are planned for, and counts those that came. */
export class Fate {
  readonly #hands: Hands;
  readonly #onStruck: (kind: FaultKind) => void;
  #pending: Pending[] = [];
  readonly #stepsMet = new Map<Step, number>();
  #isOver = false;

  constructor(hands: Hands, onStruck: (kind: FaultKind) => void) {
    this.#hands = hands;
    this.#onStruck = onStruck;
  }

  plan(planned: Planned): void {
    const { kind, nth, lasting } = planned;
    const arm = arms[kind];
    const pending = { ...planned, at: faults[kind].at, arm, steps: 0, struck: false };
    if (!('trouble' in arm)) {
      this.#pending.push(pending);
      return;
    }
    const { rig, clock } = this.#hands;
    rig.printer.device.troubleAfter(Number(nth), arm.trouble, () => {
      this.#onStruck(kind);
      if (!lasting) clock.after(printTroubleMs, () => rig.printer.device.mend(arm.trouble));
    });
  }

  /** How many steps of a kind were met since the first plan could be made, at which something could have come. */
  stepsMet(step: Step): number {
    return this.#stepsMet.get(step) ?? 0;
  }

  /** From now on something may be planned. */
  begin(): void {
    this.#stepsMet.clear();
  }

  /** A technician has been: what came stays away, and with `all` what was still to come. */
  relent(all: boolean): void {
    this.#pending = all ? [] : this.#pending.filter(({ struck }) => !struck);
    this.#isOver ||= all;
    if (all) this.#hands.rig.printer.device.forgetPlans();
  }

  /** A step is about to happen: what meets it. */
  meet(step: Step, isCredit = false): Met {
    if (!this.#isOver) this.#stepsMet.set(step, this.stepsMet(step) + 1);
    const met = this.#pending.filter((pending) => pending.at === step && isDue(pending, isCredit));
    for (const pending of met) {
      pending.struck = true;
      this.#onStruck(pending.kind);
    }
    const hands = this.#hands;
    return {
      before: () => {
        for (const { arm, lasting } of met) if ('before' in arm) arm.before(hands, lasting);
      },
      after: () => {
        for (const { arm, lasting } of met) if ('after' in arm) arm.after(hands, lasting);
      },
      apdu: met.map(({ arm }) => ('apdu' in arm ? arm.apdu : null)).find((fault) => fault) ?? null,
      answer:
        met.map(({ arm }) => ('answer' in arm ? arm.answer : null)).find((fault) => fault) ?? null,
      sam: met.map(({ arm }) => ('sam' in arm ? arm.sam : null)).find((fault) => fault) ?? null,
    };
  }
}

function isDue(pending: Pending, isCredit: boolean): boolean {
  const { nth, lasting, struck } = pending;
  if (nth === 'credit') return isCredit && (lasting || !struck);
  const step = pending.steps;
  pending.steps += 1;
  // What a person does brings about the next picture: they would never come to an end.
  const most = pending.at === 'picture' ? patience : Number.POSITIVE_INFINITY;
  return lasting ? step >= nth && step < nth + most : step === nth;
}
