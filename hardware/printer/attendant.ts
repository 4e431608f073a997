import type { Clock } from '../../main/contract/clock.ts';
import { type DeviceFault, down, type Health, up } from '../../main/contract/device.ts';
import type { Line, WriteAnswer } from '../line/port.ts';
import { askSensors, automaticStatusOn, clearAll, processId, processIdCount } from './commands.ts';
import { Doubt } from './doubt.ts';
import { Interview, type PrinterIdentity, type PrinterTexts } from './interview.ts';
import { PaperEnd } from './paper-end.ts';
import {
  type PrinterEncoding,
  type PrinterProfile,
  type SettledProfile,
  settleProfile,
} from './profile.ts';
import {
  type PrinterReport,
  type PrinterSensors,
  StatusDemultiplexer,
  sensorFault,
  sensorsFromAutomatic,
  sensorsFromRound,
} from './status.ts';

/** A jammed cutter is tried again this often once no job waits for it. */
const recoverMs = 30_000;
/** Answers to questions of a few bytes come one after the other; so much later there is none on its way. */
export const settleMs = 300;
/** A printer that is busy while it is off line takes the question when somebody has helped it. */
const helpMs = 3_600_000;

export type AttendantOptions = {
  readonly line: Line;
  readonly profile: PrinterProfile;
  readonly clock: Clock;
  readonly onPaperLow: (low: boolean) => void;
  /** Told at the first conversation with a printer, and when it has become another. */
  readonly onFound: (found: FoundPrinter) => void;
};

/** What a printer turned out to be. */
export type FoundPrinter = PrinterTexts & {
  readonly encoding: PrinterEncoding['kind'];
  readonly hasProcessId: boolean;
  readonly hasNativeQr: boolean;
};

/**
 * Attends to a printer: keeps its conversation in step, asks how it is, and knows what is wrong with it. Prints nothing.
 *
 * In step means: everything that was sent before has been dealt with or cleared, proved by the answer to a queued command.
 * Until then an answer might belong to an earlier job, and the printer might take a command for the rest of another one.
 */
export class PrinterAttendant {
  readonly #line: Line;
  readonly #profile: PrinterProfile;
  readonly #clock: Clock;
  readonly #onFound: (found: FoundPrinter) => void;
  readonly #demultiplexer = new StatusDemultiplexer();
  readonly #doubt: Doubt;
  readonly #paperEnd: PaperEnd;
  readonly #watchers = new Set<(health: Health) => void>();
  readonly #waiters = new Set<() => void>();
  readonly #unwatchLine: () => void;
  #cancelPoll: () => void;
  #isOpen = false;
  #isClosed = false;
  #isAtWork = false;
  #isSending = false;
  #isAsking = false;
  #isInStep = false;
  /** The questions that it has to answer to be in step; null when it has answered, or cannot. */
  #interview: Interview | null = null;
  #cancelSettle: () => void = () => {};
  #settled: SettledProfile | null = null;
  #texts: PrinterTexts | null = null;
  #found = '';
  #stepAtMs = 0;
  #nextId: number;
  #losses = 0;
  #round: number[] = [];
  /** When the last byte of a round came. */
  #roundHeardMs = Number.NEGATIVE_INFINITY;
  #roundsDone = 0;
  /** When the oldest unanswered question was asked. */
  #askedAtMs: number | null = null;
  #sensors: PrinterSensors | null = null;
  #fault: DeviceFault | null = 'unplugged';
  #lastProcessId = '';
  #paperAnswers = 0;

  constructor(options: AttendantOptions) {
    this.#line = options.line;
    this.#profile = options.profile;
    this.#clock = options.clock;
    this.#onFound = options.onFound;
    this.#doubt = new Doubt(this.#clock);
    this.#paperEnd = new PaperEnd(this.#clock, options.onPaperLow);
    // Not from 0 at each start: the printer may still hold a job of the process that died.
    this.#nextId = this.#clock.wallMs() % processIdCount;
    this.#cancelPoll = this.#clock.after(this.#profile.deadlines.pollMs, () => this.#poll());
    this.#unwatchLine = this.#line.watch({
      onOpen: () => this.#opened(),
      onBytes: (bytes) => this.#received(bytes),
      onLost: () => this.#lost(),
    });
  }

  /** What keeps the printer from printing now, null when nothing is known to. */
  get fault(): DeviceFault | null {
    return this.#fault;
  }

  /** The printer as it turned out to be. Known whenever it is ready. */
  get settled(): SettledProfile | null {
    return this.#settled;
  }

  /** Who the printer is and how it is; null before it has answered anything. */
  get identity(): PrinterIdentity | null {
    if (this.#texts === null && this.#sensors === null) return null;
    const texts = this.#texts ?? { maker: null, model: null, serial: null, language: null };
    return { ...texts, paperLow: this.#sensors?.paperLow ?? null, fault: this.#fault };
  }

  /** How often the line has been lost: a job that sees it grow has lost bytes. */
  get losses(): number {
    return this.#losses;
  }

  /** The process id that the printer confirmed last. */
  get lastProcessId(): string {
    return this.#lastProcessId;
  }

  /** How many answers to GS r have come. */
  get paperAnswers(): number {
    return this.#paperAnswers;
  }

  watch(onHealth: (health: Health) => void): () => void {
    this.#watchers.add(onHealth);
    onHealth(this.#health());
    return () => {
      this.#watchers.delete(onHealth);
    };
  }

  /** From now on until `workEnds`, whatever happens, nothing in the printer's buffers may be cleared. */
  workBegins(): void {
    this.#isAtWork = true;
  }

  workEnds(): void {
    this.#isAtWork = false;
    this.#isSending = false;
  }

  newProcessId(): string {
    const id = processId(this.#nextId);
    this.#nextId = (this.#nextId + 1) % processIdCount;
    return id;
  }

  /** Ask afresh how the printer is: what keeps it from taking a job, null when it is ready. */
  async ready(): Promise<DeviceFault | null> {
    if (!this.#isOpen) return this.#fault ?? 'unplugged';
    const { statusMs } = this.#profile.deadlines;
    const rounds = this.#roundsDone;
    this.#askRound();
    const state = await this.waitFor(() => {
      if (!this.#isOpen) return 'unplugged';
      if (this.#roundsDone === rounds) return null;
      return this.#isInStep || this.#fault !== 'not-ready' ? 'answered' : null;
    }, statusMs);
    if (state === 'answered') return this.#fault;
    if (state === 'unplugged') return this.#fault ?? state;
    return this.#fault ?? (this.#roundsDone === rounds ? 'silent' : null);
  }

  /**
   * Hand bytes over. `isWhole`: no command is left unfinished, so that the printer may be asked something afterwards. `patienceMs`
   * is added to the time that the line may take.
   */
  async send(bytes: Uint8Array, isWhole: boolean, patienceMs = 0): Promise<WriteAnswer> {
    this.#isSending = true;
    try {
      return await this.#line.write(bytes, this.#profile.deadlines.writeMs + patienceMs);
    } finally {
      this.#isSending = !isWhole;
    }
  }

  /** Wait until `condition` answers something, looked at after everything that the printer or the line does; null when late. */
  waitFor<Found>(condition: () => Found | null, deadlineMs: number): Promise<Found | null> {
    const now = condition();
    if (now !== null) return Promise.resolve(now);
    if (deadlineMs <= 0 || this.#isClosed) return Promise.resolve(null);
    return new Promise((resolve) => {
      const end = (found: Found | null) => {
        this.#waiters.delete(look);
        cancel();
        resolve(found);
      };
      const look = () => {
        const found = condition();
        if (found !== null || this.#isClosed) end(found);
      };
      const cancel = this.#clock.after(deadlineMs, () => end(condition()));
      this.#waiters.add(look);
    });
  }

  /**
   * Clear what the printer still holds, and find out when that has happened and what the printer is. Not while a job is being sent.
   */
  fallInStep(): void {
    if (!this.#isOpen) return;
    this.#demultiplexer.reset();
    this.#isInStep = false;
    this.#stepAtMs = this.#clock.nowMs();
    this.#cancelSettle();
    this.#interview = new Interview(this.newProcessId(), {
      processId: this.#profile.hasProcessId !== false,
      nativeQr: this.#profile.hasNativeQr === 'ask',
    });
    for (const bytes of [clearAll, ...this.#interview.commands, automaticStatusOn]) {
      void this.#write(bytes);
    }
    this.#stir();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelPoll();
    this.#cancelSettle();
    this.#unwatchLine();
    this.#watchers.clear();
    if (this.#isOpen) this.#lost();
    await this.#line.close();
  }

  #opened(): void {
    this.#isOpen = true;
    this.#sensors = null;
    this.#askedAtMs = null;
    this.fallInStep();
    this.#askRound();
  }

  #lost(): void {
    this.#isOpen = false;
    this.#isInStep = false;
    this.#cancelSettle();
    this.#losses += 1;
    this.#sensors = null;
    this.#paperEnd.lose();
    this.#round = [];
    this.#demultiplexer.reset();
    this.#stir();
  }

  #poll(): void {
    this.#cancelPoll = this.#clock.after(this.#profile.deadlines.pollMs, () => this.#poll());
    if (this.#isSending) return;
    if (this.#isOpen) {
      if (!this.#isAtWork) this.#mend();
      this.#askRound();
    }
    this.#stir();
  }

  /** What can be done about a fault without a person: try the cutter again, begin the conversation again. */
  #mend(): void {
    const isOffline = this.#sensors?.offline ?? false;
    if (this.#isSilent() && !isOffline) this.#isInStep = false;
    const sinceMs = this.#clock.nowMs() - this.#stepAtMs;
    const isJammed = this.#fault === 'cutter-jam';
    const isOutOfStep = this.#fault === 'not-ready' && !this.#isInStep;
    if (isJammed && sinceMs >= recoverMs) this.fallInStep();
    else if (isOutOfStep && sinceMs >= this.#profile.deadlines.confirmMs) this.fallInStep();
  }

  #askRound(): void {
    this.#askedAtMs ??= this.#clock.nowMs();
    // A busy printer takes no bytes for a while: one question in the queue is enough.
    if (this.#isAsking || this.#isRoundComing()) return;
    this.#round = [];
    this.#doubt.asked();
    this.#isAsking = true;
    const isOffline = this.#sensors?.offline ?? false;
    void this.#write(askSensors, isOffline ? helpMs : undefined).then(() => {
      this.#isAsking = false;
    });
  }

  /** The rest of a round would be taken for the beginning of the next: paper that is near its end for an open cover. */
  #isRoundComing(): boolean {
    const isCut = this.#round.length % 4 !== 0;
    return isCut && this.#clock.nowMs() - this.#roundHeardMs < settleMs;
  }

  /** Nobody waits for it: whether it arrived shows in the answers. So it may wait as long as a whole receipt takes. */
  #write(bytes: Uint8Array, deadlineMs = this.#profile.deadlines.confirmMs): Promise<WriteAnswer> {
    return this.#line.write(bytes, deadlineMs);
  }

  #received(bytes: Uint8Array): void {
    const reports: PrinterReport[] = [];
    this.#demultiplexer.push(bytes, (report) => reports.push(report));
    this.#doubt.hear(reports);
    for (const report of reports) this.#heard(report);
  }

  #heard(report: PrinterReport): void {
    switch (report.kind) {
      case 'real-time':
        this.#round.push(report.byte);
        this.#roundHeardMs = this.#clock.nowMs();
        // Only a whole round counts: with a byte lost, the others would be taken for their neighbours.
        if (this.#round.length === 4) this.#roundHeard(sensorsFromRound(this.#round));
        break;
      case 'automatic':
        // One that could not be asked while it was off line has not been silent.
        if (this.#sensors?.offline && this.#askedAtMs !== null) {
          this.#askedAtMs = this.#clock.nowMs();
        }
        this.#feel(sensorsFromAutomatic(report.bytes));
        break;
      case 'process':
        this.#lastProcessId = report.id;
        this.#answered(report);
        break;
      case 'paper':
        this.#paperAnswers += 1;
        this.#answered(report);
        break;
      case 'identity':
      case 'symbol':
        this.#answered(report);
        break;
      case 'cleared':
      case 'flow':
        return;
      case 'garbled':
        break;
    }
    this.#stir();
  }

  #answered(report: PrinterReport): void {
    this.#interview?.hear(report);
    this.#settleWhenSure();
  }

  #settleWhenSure(): void {
    const interview = this.#interview;
    if (interview === null) return;
    this.#cancelSettle();
    if (interview.isCertain) this.#settle(interview);
    else if (interview.isAnswered) {
      this.#cancelSettle = this.#clock.after(settleMs, () => {
        // Letters that nobody asked for look like answers to GS r.
        if (this.#doubt.isAny) return;
        this.#settle(interview);
        this.#stir();
      });
    }
  }

  #settle(interview: Interview): void {
    this.#interview = null;
    const { hasProcessId, hasNativeQr, ...texts } = interview.findings();
    const { language } = texts;
    const settled = settleProfile(this.#profile, { language, hasProcessId, hasNativeQr });
    this.#texts = texts;
    this.#settled = settled;
    // A printer that does not confirm as its profile says is not ready, rather than printing in doubt.
    this.#isInStep = hasProcessId || !settled.hasProcessId;
    const found = {
      ...texts,
      encoding: settled.encoding.kind,
      hasProcessId,
      hasNativeQr: settled.hasNativeQr,
    };
    if (JSON.stringify(found) === this.#found) return;
    this.#found = JSON.stringify(found);
    this.#onFound(found);
  }

  #roundHeard(sensors: PrinterSensors): void {
    const wasSilent = this.#isSilent();
    const wasDoubted = this.#doubt.isAny;
    this.#doubt.answered();
    if (this.#doubt.isStranger) return;
    this.#askedAtMs = null;
    this.#isAsking = false;
    this.#roundsDone += 1;
    this.#feel(sensors);
    // It may have been switched off and on: settings are lost, and perhaps a job.
    if (wasSilent && !this.#isAtWork) this.fallInStep();
    else if (wasDoubted) this.#settleWhenSure();
  }

  #feel(sensors: PrinterSensors): void {
    if (this.#doubt.isStranger) return;
    this.#sensors = sensors;
    this.#paperEnd.hear(sensors.paperLow);
  }

  #isSilent(): boolean {
    const { silentMs } = this.#profile.deadlines;
    return this.#askedAtMs !== null && this.#clock.nowMs() - this.#askedAtMs >= silentMs;
  }

  #currentFault(): DeviceFault | null {
    if (this.#doubt.isStranger) return 'garbled';
    if (!this.#isOpen) return 'unplugged';
    if (this.#sensors === null) return 'silent';
    // A stopped printer with a full buffer cannot be asked: what it said last is why.
    const fault = sensorFault(this.#sensors);
    if (fault !== null) return fault;
    if (this.#isSilent()) return 'silent';
    return this.#isInStep ? null : 'not-ready';
  }

  #health(): Health {
    return this.#fault === null ? up : down(this.#fault);
  }

  /** Something has happened: tell those who wait for it. */
  #stir(): void {
    const fault = this.#currentFault();
    if (fault !== this.#fault) {
      this.#fault = fault;
      const health = this.#health();
      for (const onHealth of [...this.#watchers]) onHealth(health);
    }
    for (const look of [...this.#waiters]) look();
  }
}
