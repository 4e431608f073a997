import type { Line } from '../../../hardware/line/port.ts';
import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import type { PaymentInQuestion, PaymentTerminal } from '../../../hardware/terminal/port.ts';
import { createZvtTerminal, type ZvtDeadlines } from '../../../hardware/terminal/zvt/driver.ts';
import {
  type SimulatedTerminalOptions,
  SimulatedZvtTerminal,
} from '../../../hardware/terminal/zvt/simulated.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import type { PaymentOrder, PaymentPhases } from '../../../main/contract/payment.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { TappedLine } from './tapped-line.ts';

/** Bytes as hex digits. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** A kiosk's driver on a cable to a simulated terminal, in virtual time. The kiosk can be killed and started again. */
export class Station {
  readonly clock = new VirtualClock();
  readonly terminal: SimulatedZvtTerminal;
  readonly #phases: PaymentPhases;
  readonly #deadlines: Partial<ZvtDeadlines>;
  cable: SimulatedLine;
  line: TappedLine;
  kiosk: PaymentTerminal;
  #orders = 0;

  constructor(
    options: Partial<Omit<SimulatedTerminalOptions, 'clock'>> & {
      readonly phases?: PaymentPhases;
      readonly deadlines?: Partial<ZvtDeadlines>;
    } = {},
  ) {
    const { phases, deadlines, ...terminal } = options;
    this.#phases = phases ?? 'two';
    this.#deadlines = deadlines ?? {};
    this.terminal = new SimulatedZvtTerminal({ currency: 978, ...terminal, clock: this.clock });
    this.cable = new SimulatedLine(this.clock);
    this.line = new TappedLine(this.cable);
    this.terminal.attach(this.cable);
    this.kiosk = this.#driver(this.line);
  }

  #driver(line: Line): PaymentTerminal {
    return createZvtTerminal({
      line,
      clock: this.clock,
      means: { id: 'card', kind: 'bank-card', phases: this.#phases },
      currency: 978,
      password: '000000',
      deadlines: this.#deadlines,
    });
  }

  /** The kiosk's process dies, and starts again with nothing in its memory. The terminal sees a new connection. */
  restart(): void {
    this.line.kill();
    this.cable.unplug();
    this.cable = new SimulatedLine(this.clock);
    this.line = new TappedLine(this.cable);
    this.terminal.attach(this.cable);
    this.kiosk = this.#driver(this.line);
  }

  /** Let time pass until the answer is there. */
  async answer<Answer>(promise: Promise<Answer>, limitMs = 600_000): Promise<Answer> {
    let answer: { readonly value: Answer } | null = null;
    void promise.then((value) => {
      answer = { value };
    });
    await this.clock.until(() => answer !== null, limitMs);
    const { value } = answer as unknown as { readonly value: Answer };
    return value;
  }

  order(mark: string, amountMinor = 1234): PaymentOrder {
    this.#orders += 1;
    return {
      reference: `order-${this.#orders}`,
      means: 'card',
      amountMinor: minorUnits(amountMinor),
      mark,
    };
  }

  /** Open the terminal and give the mark. Throws where it cannot be opened. */
  async mark(): Promise<string> {
    const opened = await this.answer(this.kiosk.open());
    if (opened.kind !== 'done') throw new Error(`the terminal is ${opened.fault}`);
    return opened.mark;
  }

  /** Open, authorise, and give what the kiosk's journal would hold then. */
  async authorised(amountMinor = 1234): Promise<PaymentInQuestion> {
    const order = this.order(await this.mark(), amountMinor);
    const answer = await this.answer(this.kiosk.authorise(order));
    if (answer.kind !== 'done') throw new Error(`the payment is ${answer.kind}`);
    return { order, terminalReference: answer.terminalReference };
  }

  /** What was said on this connection so far, in hex, oldest first. */
  heard(to: 'kiosk' | 'terminal'): readonly string[] {
    return this.line.heard
      .filter((passing) => passing.to === to)
      .map((passing) => hex(passing.bytes));
  }

  /** The status of each payment in the terminal's books, oldest first. */
  get statuses(): readonly string[] {
    return this.terminal.books.map((entry) => entry.status);
  }

  async close(): Promise<void> {
    await this.kiosk.close();
  }
}
