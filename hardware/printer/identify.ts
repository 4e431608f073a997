import type { Clock } from '../../main/contract/clock.ts';
import type { Line } from '../line/port.ts';
import { settleMs } from './attendant.ts';
import { askSensors, clearAll, processId } from './commands.ts';
import { Doubt } from './doubt.ts';
import { Interview, type PrinterIdentity } from './interview.ts';
import {
  type PrinterReport,
  type PrinterSensors,
  StatusDemultiplexer,
  sensorFault,
  sensorsFromAutomatic,
  sensorsFromRound,
} from './status.ts';

export type { PrinterIdentity } from './interview.ts';

/**
 * Ask the printer at the far end of a line who it is and how. For a technician who tries a line that no driver uses: what the
 * printer still held is cleared, and nothing is put on paper. Null when nothing answers within `deadlineMs`. The line stays the
 * caller's to close.
 */
export function identifyPrinter(
  line: Line,
  clock: Clock,
  deadlineMs: number,
): Promise<PrinterIdentity | null> {
  return new Promise((resolve) => {
    const encounter = new Encounter(clock);
    let cancelSettle = () => {};
    const end = () => {
      cancelDeadline();
      cancelSettle();
      unwatch();
      resolve(encounter.identity());
    };
    const cancelDeadline = clock.after(deadlineMs, end);
    const unwatch = line.watch({
      onOpen: () => {
        for (const bytes of encounter.open()) void line.write(bytes, deadlineMs);
      },
      onBytes: (bytes) => {
        encounter.hear(bytes);
        cancelSettle();
        if (encounter.isAnswered) cancelSettle = clock.after(settleMs, end);
      },
      onLost: () => {},
    });
  });
}

/** One conversation with a printer that nothing is known of. */
class Encounter {
  readonly #demultiplexer = new StatusDemultiplexer();
  readonly #doubt: Doubt;
  #interview: Interview;
  #nextId: number;
  #round: number[] = [];
  #sensors: PrinterSensors | null = null;
  #hasAnswered = false;

  constructor(clock: Clock) {
    this.#doubt = new Doubt(clock);
    this.#nextId = clock.wallMs();
    this.#interview = this.#newInterview();
  }

  /** What is said first, piece by piece. The line may have been lost and found: then from the beginning. */
  open(): readonly Uint8Array[] {
    this.#demultiplexer.reset();
    this.#round = [];
    this.#interview = this.#newInterview();
    return [askSensors, clearAll, ...this.#interview.commands];
  }

  hear(bytes: Uint8Array): void {
    const reports: PrinterReport[] = [];
    this.#demultiplexer.push(bytes, (report) => reports.push(report));
    this.#doubt.hear(reports);
    for (const report of reports) this.#take(report);
  }

  get isAnswered(): boolean {
    return this.#interview.isAnswered;
  }

  identity(): PrinterIdentity | null {
    if (this.#doubt.isStranger && this.#sensors === null) {
      const nobody = { maker: null, model: null, serial: null, language: null };
      return { ...nobody, paperLow: null, fault: 'garbled' };
    }
    if (!this.#hasAnswered) return null;
    const { maker, model, serial, language } = this.#interview.findings();
    const sensors = this.#sensors;
    const paperLow = sensors?.paperLow ?? null;
    const fault = sensors === null ? null : sensorFault(sensors);
    return { maker, model, serial, language, paperLow, fault };
  }

  #newInterview(): Interview {
    this.#nextId += 1;
    return new Interview(processId(this.#nextId), { processId: true, nativeQr: false });
  }

  #take(report: PrinterReport): void {
    if (report.kind === 'flow' || report.kind === 'garbled') return;
    this.#hasAnswered = true;
    if (report.kind === 'real-time') {
      this.#round.push(report.byte);
      const isWhole = this.#round.length === 4 && !this.#doubt.isAny;
      if (isWhole) this.#sensors = sensorsFromRound(this.#round);
    } else if (report.kind === 'automatic') {
      if (!this.#doubt.isAny) this.#sensors = sensorsFromAutomatic(report.bytes);
    } else {
      this.#interview.hear(report);
    }
  }
}
