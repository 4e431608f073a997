import type { Clock } from '../../main/contract/clock.ts';
import type { PaymentMeans, PaymentStatus } from '../../main/contract/payment.ts';
import { SimulatedLine } from '../line/simulated.ts';
import { SimulatedZvtTerminal } from '../terminal/zvt/simulated.ts';
import type { AnswerFault, AnswerGroup } from '../terminal/zvt/simulated-behaviour.ts';
import type { TerminalMemory } from '../terminal/zvt/simulated-books.ts';

/** What a payment trap waits for: a command to the terminal, by its two first bytes (ZVT PA00P015 13.x). */
const groups: Readonly<Record<string, AnswerGroup>> = {
  '0624': 'capture',
  '0625': 'reverse',
  '0630': 'reverse',
};

/** A simulated terminal on its cable, with the hands of the person before it. */
export class RigTerminal {
  readonly means: PaymentMeans;
  readonly line: SimulatedLine;
  readonly device: SimulatedZvtTerminal;
  #plugged = true;
  #silenced = false;
  #onApprovalLost: (() => void) | null = null;
  readonly #sprung = new Map<AnswerGroup, () => void>();

  constructor(means: PaymentMeans, clock: Clock, currency: number, memory?: TerminalMemory) {
    this.means = means;
    this.line = new SimulatedLine(clock);
    this.device = new SimulatedZvtTerminal({
      clock,
      currency,
      reservations: means.phases === 'two',
      ...(memory === undefined ? {} : { memory }),
    });
    const { far } = this.line;
    this.device.attach({
      far: {
        listen: (onBytes) =>
          far.listen((bytes) => {
            onBytes(bytes);
            this.#spring(bytes);
          }),
        send: (bytes) => {
          if (!this.#silenced) far.send(bytes);
        },
      },
      plug: () => this.plug(),
      unplug: () => this.unplug(),
    });
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  get silenced(): boolean {
    return this.#silenced;
  }

  plug(): void {
    this.#plugged = true;
    this.line.plug();
  }

  unplug(): void {
    this.#plugged = false;
    this.line.unplug();
  }

  /** It goes on working, but nothing that it says arrives. */
  silence(silent: boolean): void {
    this.#silenced = silent;
  }

  /** A card or a phone is held to it. False where no payment waits for one. */
  approve(): boolean {
    const onLost = this.#onApprovalLost;
    if (onLost === null) return this.device.tap();
    const given = this.device.silence();
    if (given) {
      this.#onApprovalLost = null;
      onLost();
    }
    return given;
  }

  decline(): boolean {
    return this.device.decline();
  }

  /** The next approval is booked and lost on its way, once, and this is told. Null: it goes right. */
  setApprovalTrap(onSprung: (() => void) | null): void {
    this.#onApprovalLost = onSprung;
  }

  /** The next command of a group goes wrong in this way, once. Null: it goes right. */
  setTrap(group: AnswerGroup, fault: AnswerFault | null, onSprung: () => void): void {
    this.device.answer(group, fault ?? { kind: 'none' });
    if (fault === null) this.#sprung.delete(group);
    else this.#sprung.set(group, onSprung);
  }

  /** Newest first. Declined ones are no payments. */
  get books(): readonly { reference: string; amountMinor: number; status: PaymentStatus }[] {
    return this.device.books
      .flatMap(({ receipt, amountMinor, status }) =>
        status === 'declined'
          ? []
          : [{ reference: String(receipt).padStart(4, '0'), amountMinor, status }],
      )
      .reverse();
  }

  #spring(bytes: Uint8Array): void {
    if (this.#sprung.size === 0) return;
    const group = groups[Buffer.from(bytes.subarray(0, 2)).toString('hex')];
    const onSprung = group === undefined ? undefined : this.#sprung.get(group);
    if (group === undefined || onSprung === undefined) return;
    this.setTrap(group, null, () => {});
    onSprung();
  }
}
