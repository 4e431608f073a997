import type { Clock } from '../../main/contract/clock.ts';
import type { DeviceFault } from '../../main/contract/device.ts';
import type { Line, WriteAnswer } from '../line/port.ts';
import { type FoundPrinter, PrinterAttendant } from './attendant.ts';
import { paperQuery, processIdCommand } from './commands.ts';
import { chunkBytes, cutCommand, type PrintJob, renderLines, renderReceipt } from './escpos.ts';
import type { PrinterIdentity } from './interview.ts';
import type { PaperLines, PrintAnswer, PrintOrder, ReadyAnswer, ReceiptPrinter } from './port.ts';
import type { PrinterProfile, SettledProfile } from './profile.ts';

export type PrinterOptions = {
  /** Closed together with the printer. */
  readonly line: Line;
  readonly profile: PrinterProfile;
  readonly clock: Clock;
  /** The paper is near its end, or no longer: for the technician, it keeps nobody from printing. */
  readonly onPaperLow?: (low: boolean) => void;
  /** Who the printer is and what it can do: once, and again when it has become another. */
  readonly onFound?: (found: FoundPrinter) => void;
};

export type EscPosPrinter = ReceiptPrinter & {
  /** Who it is and how it is; null before it has answered anything. Asks nothing: it is kept from the last conversation. */
  readonly identity: () => PrinterIdentity | null;
};

/**
 * A receipt printer that speaks ESC/POS. It never sends a job again by itself: when paper runs out, the printer finishes the
 * same job after the refill, and a second copy would be a second receipt.
 */
export function createReceiptPrinter(options: PrinterOptions): EscPosPrinter {
  const attendant = new PrinterAttendant({
    line: options.line,
    profile: options.profile,
    clock: options.clock,
    onPaperLow: options.onPaperLow ?? (() => {}),
    onFound: options.onFound ?? (() => {}),
  });
  const press = new Press(attendant, options.profile, options.clock);
  return {
    watch: (onHealth) => attendant.watch(onHealth),
    ready: () => press.ready(),
    cutFirst: () => press.cutFirst(),
    print: (order) => press.print(order),
    printLines: (lines) => press.printLines(lines),
    identity: () => attendant.identity,
    close: () => attendant.close(),
  };
}

/** What is to be printed. */
type Work = {
  readonly render: (profile: SettledProfile, confirmation: Uint8Array) => PrintJob;
  /** In all, how long it may wait for paper, a closed cover or a cooler head. */
  readonly refillMs: number;
};

/** A job that has not been confirmed yet. */
type Pending = {
  /** The process id that confirms it. Null, without process ids: the next answer to GS r does, once it has been asked for. */
  readonly id: string | null;
  paperAnswersBefore: number;
  readonly lossesBefore: number;
  /** What is left of the time that it may wait for people. */
  refillMs: number;
  /** Something that prints has been handed over, whole or in part. */
  isBegun: boolean;
};

class Press {
  readonly #attendant: PrinterAttendant;
  readonly #profile: PrinterProfile;
  readonly #clock: Clock;
  #isPrinting = false;
  /** Lines that are being printed: what a person wants is not refused for them, but waits. */
  #lines: Promise<unknown> | null = null;
  /** When the printer was last asked and ready. */
  #readyAtMs = Number.NEGATIVE_INFINITY;
  /** Part of a receipt may hang in the printer: cut it off before the next one. */
  #isPaperSoiled = false;

  constructor(attendant: PrinterAttendant, profile: PrinterProfile, clock: Clock) {
    this.#attendant = attendant;
    this.#profile = profile;
    this.#clock = clock;
  }

  async ready(): Promise<ReadyAnswer> {
    if (this.#lines !== null) await this.#lines;
    const fault = this.#isPrinting ? 'busy' : await this.#attendant.ready();
    if (fault !== null) return { kind: 'not-ready', fault };
    this.#readyAtMs = this.#clock.nowMs();
    return { kind: 'ready' };
  }

  cutFirst(): void {
    this.#isPaperSoiled = true;
  }

  async print(order: PrintOrder): Promise<PrintAnswer> {
    if (this.#lines !== null) await this.#lines;
    return this.#print({
      render: (profile, confirmation) => renderReceipt(order, profile, confirmation),
      refillMs: this.#profile.deadlines.refillMs,
    });
  }

  async printLines(lines: PaperLines): Promise<PrintAnswer> {
    if (this.#isPrinting) return { kind: 'not-printed', fault: 'busy' };
    const printed = this.#print({
      render: (profile, confirmation) => renderLines(lines(profile.columns), profile, confirmation),
      refillMs: 0,
    });
    this.#lines = printed;
    try {
      return await printed;
    } finally {
      this.#lines = null;
    }
  }

  async #print(work: Work): Promise<PrintAnswer> {
    const isFresh = this.#clock.nowMs() - this.#readyAtMs <= this.#profile.deadlines.statusMs;
    if (this.#isPrinting) return { kind: 'not-printed', fault: 'busy' };
    this.#isPrinting = true;
    this.#attendant.workBegins();
    try {
      // Whoever has just been told that it is ready need not wait for the same answer again.
      const fault = isFresh ? this.#attendant.fault : await this.#attendant.ready();
      const { settled } = this.#attendant;
      if (fault !== null) return { kind: 'not-printed', fault };
      if (settled === null) return { kind: 'not-printed', fault: 'not-ready' };
      return await this.#printNow(work, settled);
    } finally {
      this.#readyAtMs = Number.NEGATIVE_INFINITY;
      this.#attendant.workEnds();
      this.#isPrinting = false;
    }
  }

  async #printNow(work: Work, profile: SettledProfile): Promise<PrintAnswer> {
    const id = profile.hasProcessId ? this.#attendant.newProcessId() : null;
    const job = work.render(profile, id === null ? paperQuery : processIdCommand(id));
    const pending: Pending = {
      id,
      paperAnswersBefore: Number.POSITIVE_INFINITY,
      lossesBefore: this.#attendant.losses,
      refillMs: work.refillMs,
      isBegun: false,
    };
    const set = await this.#attendant.send(job.preamble, true);
    if (set.kind === 'failed') {
      this.#attendant.fallInStep();
      return { kind: 'not-printed', fault: this.#attendant.fault ?? 'silent' };
    }
    const fault = (await this.#sendAll(job, pending)) ?? (await this.#confirmed(pending));
    if (fault === null) {
      this.#isPaperSoiled = false;
      return { kind: 'printed' };
    }
    this.#attendant.fallInStep();
    if (!pending.isBegun) return { kind: 'not-printed', fault };
    this.#isPaperSoiled = true;
    return { kind: 'unknown', fault };
  }

  #isConfirmed({ id, paperAnswersBefore }: Pending): boolean {
    if (id !== null) return this.#attendant.lastProcessId === id;
    return this.#attendant.paperAnswers > paperAnswersBefore;
  }

  /** Null when everything is handed over. */
  async #sendAll(job: PrintJob, pending: Pending): Promise<DeviceFault | null> {
    const parts = this.#isPaperSoiled ? [cutCommand(this.#profile.cut), ...job.parts] : job.parts;
    for (const part of parts) {
      for (let at = 0; at < part.length; at += chunkBytes) {
        // While it cannot print it is sent nothing more: its buffer is small.
        const fault = await this.#printable(pending);
        if (fault !== null) return fault;
        pending.isBegun = true;
        const chunk = part.subarray(at, at + chunkBytes);
        const isWhole = at + chunkBytes >= part.length;
        if (isWhole && part === parts.at(-1)) {
          pending.paperAnswersBefore = this.#attendant.paperAnswers;
        }
        const answer = await this.#handOver(chunk, isWhole, pending);
        if (answer.kind === 'failed') return this.#attendant.fault ?? 'silent';
      }
    }
    return null;
  }

  /** One that is wired to be busy while it is off line takes the rest after the refill. */
  async #handOver(chunk: Uint8Array, isWhole: boolean, pending: Pending): Promise<WriteAnswer> {
    const startMs = this.#clock.nowMs();
    const answer = await this.#attendant.send(chunk, isWhole, pending.refillMs);
    const tookMs = this.#clock.nowMs() - startMs;
    pending.refillMs -= Math.max(0, tookMs - this.#profile.deadlines.writeMs);
    return answer;
  }

  /** Null when the printer confirmed the job. */
  async #confirmed(pending: Pending): Promise<DeviceFault | null> {
    let leftMs = this.#profile.deadlines.confirmMs;
    for (;;) {
      const startMs = this.#clock.nowMs();
      const found = await this.#attendant.waitFor(
        () => (this.#isConfirmed(pending) ? 'confirmed' : this.#obstacle(pending)),
        leftMs,
      );
      if (found === 'confirmed') return pending.id === null ? this.#silence() : null;
      if (found === null) return this.#attendant.fault ?? 'silent';
      leftMs -= this.#clock.nowMs() - startMs;
      const fault = await this.#printable(pending);
      if (fault !== null) return fault;
    }
  }

  /**
   * Null when the printer still answers. That there is paper is said to GS r with a byte 0, and a 0 is also what a serial line
   * gives when the printer is switched off or its plug is pulled.
   */
  async #silence(): Promise<DeviceFault | null> {
    const fault = await this.#attendant.ready();
    return fault === 'silent' || fault === 'unplugged' || fault === 'garbled' ? fault : null;
  }

  /** Wait until nothing keeps the printer from printing, or the job is confirmed. The fault when that takes too long. */
  async #printable(pending: Pending): Promise<DeviceFault | null> {
    const startMs = this.#clock.nowMs();
    const gone = await this.#attendant.waitFor(() => {
      if (this.#isConfirmed(pending)) return 'printable';
      const obstacle = this.#obstacle(pending);
      if (obstacle === null) return 'printable';
      // Nobody at the kiosk can mend these.
      return obstacle === 'cutter-jam' || obstacle === 'unplugged' ? obstacle : null;
    }, pending.refillMs);
    pending.refillMs -= this.#clock.nowMs() - startMs;
    if (gone === 'printable') return null;
    return gone ?? this.#attendant.fault ?? 'silent';
  }

  /** What keeps this job from going on. Silence is no obstacle yet: the confirmation has its own deadline. */
  #obstacle(pending: Pending): DeviceFault | null {
    if (this.#attendant.losses !== pending.lossesBefore) return 'unplugged';
    return this.#attendant.fault === 'silent' ? null : this.#attendant.fault;
  }
}
