import type { Clock } from '../../main/contract/clock.ts';
import type { FarEnd } from '../line/simulated.ts';
import type { PrinterEncoding } from './profile.ts';
import { type ParsedCommand, parseCommand } from './simulated-commands.ts';
import { isCodePage, type PrinterFont, simulatedFont } from './simulated-font.ts';
import { SimulatedPlans } from './simulated-plans.ts';
import { SimulatedPress } from './simulated-press.ts';
import { RealTimeListener } from './simulated-real-time.ts';
import type { Slip } from './simulated-roll.ts';
import { automaticStatus, type PrinterCondition, realTimeStatus } from './simulated-status.ts';

type Image = {
  readonly widthBytes: number;
  readonly heightDots: number;
  readonly bits: Uint8Array;
  filled: number;
};

/** What can happen to a printer. */
export type PrinterTrouble =
  | 'paper-out'
  | 'cover-open'
  /** The cutter will stick at the next cut. */
  | 'cutter-jam'
  | 'head-hot'
  /** No power: what it held in its buffers is gone. */
  | 'switched-off';

export type SimulatedPrinterOptions = {
  readonly clock: Clock;
  readonly far: FarEnd;
  readonly encoding?: PrinterEncoding;
  readonly columns?: number;
  /** GS ( H and GS ( k. One that does not know them holds what comes after their first byte as letters on its line. */
  readonly knowsProcessId?: boolean;
  readonly knowsQr?: boolean;
  /** What GS I tells; by the encoding where it is not given. Null: it does not know GS I, as above. */
  readonly identity?: SimulatedIdentity | null;
  /** DLE DC4 8. Many clones do not know it. */
  readonly knowsClear?: boolean;
  readonly hasCutter?: boolean;
  /** Infinite where it is not given: then everything happens at once and no timer is used. */
  readonly speedMmPerS?: number;
  readonly paperMm?: number;
  readonly bufferBytes?: number;
  /** Wired to be busy while it is off line, too: then it cannot be asked why. */
  readonly isBusyOffLine?: boolean;
};

/** By the last byte of GS I: 66 maker, 67 model, 68 serial number, 69 two-byte characters. */
export type SimulatedIdentity = Readonly<Record<number, string>>;

const languages = { gb18030: 'CHINA GB18030', big5: 'TAIWAN BIG-5', 'code-page': null } as const;

function usualIdentity({ kind }: PrinterEncoding): SimulatedIdentity {
  const language = languages[kind];
  return {
    66: 'ADDVALUE',
    67: 'SIMULATED-80',
    68: '00000001',
    ...(language === null ? {} : { 69: language }),
  };
}

// Busy with less than this free, no longer busy with four times as much, or half of a small buffer.
const busyBytes = 256;

/**
 * A thermal receipt printer at the far end of a line. It parses what it is sent like a real one, byte by byte in any fragments,
 * refuses what it does not know (see `protocolErrors`), runs out of paper in mid-job and goes on after the refill.
 */
export class SimulatedPrinter {
  /** Everything it was sent that it could not make sense of. A well-driven printer has none. */
  readonly protocolErrors: string[] = [];
  readonly #clock: Clock;
  readonly #far: FarEnd;
  readonly #press: SimulatedPress;
  readonly #font: PrinterFont;
  readonly #knowsProcessId: boolean;
  readonly #knowsQr: boolean;
  readonly #knowsClear: boolean;
  readonly #identity: SimulatedIdentity | null;
  readonly #isBusyOffLine: boolean;
  readonly #speedMmPerS: number;
  readonly #rollMm: number;
  readonly #buffer: Uint8Array;
  #bufferEnd = 0;
  #bufferStart = 0;
  readonly #realTime = new RealTimeListener();
  /** An image whose rows are still coming. */
  #image: Image | null = null;
  #chinese = true;
  #codePage = 0;
  #isOn = true;
  #isCoverOpen = false;
  #isHeadHot = false;
  #isCutterStuck = false;
  #isCutterError = false;
  #isAutomatic = false;
  #lastStatus = '';
  #isMoving = false;
  #isBusy = false;
  /** Counts the times its power was cut: what a timer began before that has nothing to do any more. */
  #powerCuts = 0;
  #processedBytes = 0;
  readonly #plans = new SimulatedPlans<PrinterTrouble>();

  constructor(options: SimulatedPrinterOptions) {
    this.#clock = options.clock;
    this.#far = options.far;
    const encoding = options.encoding ?? { kind: 'gb18030' };
    this.#font = simulatedFont(encoding);
    this.#identity = options.identity === undefined ? usualIdentity(encoding) : options.identity;
    this.#isBusyOffLine = options.isBusyOffLine ?? false;
    this.#knowsProcessId = options.knowsProcessId ?? true;
    this.#knowsQr = options.knowsQr ?? true;
    this.#knowsClear = options.knowsClear ?? true;
    this.#speedMmPerS = options.speedMmPerS ?? Number.POSITIVE_INFINITY;
    this.#rollMm = options.paperMm ?? 80_000;
    this.#buffer = new Uint8Array(options.bufferBytes ?? 4096);
    this.#press = new SimulatedPress({
      columns: options.columns ?? 48,
      hasCutter: options.hasCutter ?? true,
      paperMm: this.#rollMm,
      onProtocolError: (what) => this.protocolErrors.push(what),
    });
    this.#far.listen((bytes) => this.#receive(bytes));
  }

  /** The pieces of paper that have been cut off and lie in the tray. */
  get slips(): readonly Slip[] {
    return this.#press.slips;
  }

  /** What hangs in the printer and has not been cut off. */
  get hanging(): Slip {
    return this.#press.hanging;
  }

  get paperMm(): number {
    return this.#press.paperMm;
  }

  /** Take the slips out of the tray. */
  collect(): readonly Slip[] {
    return this.#press.collect();
  }

  /** Let something happen to it now. */
  trouble(trouble: PrinterTrouble): void {
    if (trouble === 'paper-out') this.#press.loadPaper(0);
    else if (trouble === 'switched-off') this.#switchOff();
    else this.#set(trouble, true);
    this.#tellStatus();
    this.#tellBusy();
  }

  /** Let something happen to it when it has dealt with so many more bytes, and be told. */
  troubleAfter(bytes: number, trouble: PrinterTrouble, onStruck: () => void = () => {}): void {
    this.#plans.add({ atByte: this.#processedBytes + bytes, what: trouble, onStruck });
  }

  /** Nothing more happens to it but what is told to happen now. */
  forgetPlans(): void {
    this.#plans.forget();
  }

  /** Put it right: a new roll, the cover closed, the cutter freed (its error stays until DLE ENQ), the head cool, power. */
  mend(trouble: PrinterTrouble): void {
    if (trouble === 'paper-out') this.#press.loadPaper(this.#rollMm);
    else if (trouble === 'switched-off') this.#isOn = true;
    else this.#set(trouble, false);
    this.#run();
  }

  #set(trouble: 'cover-open' | 'cutter-jam' | 'head-hot', on: boolean): void {
    if (trouble === 'cover-open') this.#isCoverOpen = on;
    else if (trouble === 'cutter-jam') this.#isCutterStuck = on;
    else this.#isHeadHot = on;
  }

  #switchOff(): void {
    this.#isOn = false;
    this.#powerCuts += 1;
    this.#isMoving = false;
    this.#isCutterError = false;
    this.#realTime.forget();
    this.#clearBuffers();
    this.#initialise();
  }

  #receive(bytes: Uint8Array): void {
    if (!this.#isOn) return;
    // Commands are only executed with all of a fragment in the buffer: real-time ones overtake them.
    if (this.#realTime.isDeafTo(bytes)) this.#store(bytes);
    else for (const byte of bytes) this.#receiveByte(byte);
    this.#run();
    this.#tellBusy();
  }

  #receiveByte(byte: number): void {
    this.#store(Uint8Array.of(byte));
    const command = this.#realTime.take(byte);
    if (command?.kind === 'ask') this.#answerRealTime(command.which);
    else if (command?.kind === 'recover') this.#recover(command.how);
    else if (command?.kind === 'clear' && this.#knowsClear) {
      this.#clearBuffers();
      this.#send([0x37, 0x25, 0x00]);
    }
  }

  #store(bytes: Uint8Array): void {
    if (this.#bufferEnd + bytes.length > this.#buffer.length) {
      this.#buffer.copyWithin(0, this.#bufferStart, this.#bufferEnd);
      this.#bufferEnd -= this.#bufferStart;
      this.#bufferStart = 0;
    }
    const room = this.#buffer.length - this.#bufferEnd;
    if (bytes.length > room) {
      this.protocolErrors.push(`receive buffer overrun: ${bytes.length - room} bytes lost`);
    }
    this.#buffer.set(bytes.subarray(0, room), this.#bufferEnd);
    this.#bufferEnd += Math.min(room, bytes.length);
  }

  #tellBusy(): void {
    const free = this.#buffer.length - (this.#bufferEnd - this.#bufferStart);
    const freeAgain = Math.min(4 * busyBytes, this.#buffer.length / 2);
    const isFull = free < (this.#isBusy ? freeAgain : busyBytes);
    const isBusy = this.#isOn && (isFull || (this.#isBusyOffLine && this.#isStopped()));
    if (isBusy === this.#isBusy) return;
    this.#isBusy = isBusy;
    this.#far.setBusy?.(isBusy);
  }

  #answerRealTime(which: number): void {
    const status = realTimeStatus(which, this.#condition());
    if (status !== null) this.#send([status]);
  }

  #recover(how: number): void {
    if (!this.#isCutterError || (how !== 1 && how !== 2)) return;
    if (how === 2) this.#clearBuffers();
    this.#isCutterError = this.#isCutterStuck;
    this.#tellStatus();
  }

  #isStopped(): boolean {
    return this.#press.isOut || this.#isCoverOpen || this.#isCutterError || this.#isHeadHot;
  }

  #condition(): PrinterCondition {
    return {
      isStopped: this.#isStopped(),
      isOut: this.#press.isOut,
      isLow: this.#press.isLow,
      isCoverOpen: this.#isCoverOpen,
      isCutterError: this.#isCutterError,
      isHeadHot: this.#isHeadHot,
    };
  }

  #tellStatus(): void {
    if (!this.#isAutomatic) return;
    const status = automaticStatus(this.#condition());
    if (status.join() === this.#lastStatus) return;
    this.#lastStatus = status.join();
    this.#send(status);
  }

  #send(bytes: readonly number[]): void {
    if (this.#isOn) this.#far.send(Uint8Array.from(bytes));
  }

  #clearBuffers(): void {
    this.#bufferStart = 0;
    this.#bufferEnd = 0;
    this.#image = null;
    this.#press.clearLine();
    this.#tellBusy();
  }

  #initialise(): void {
    this.#chinese = true;
    this.#codePage = 0;
    this.#isAutomatic = false;
    this.#press.initialise();
  }

  /** Deal with what is in the buffer until it is empty, something stops the printer, or the paper has to move first. */
  #run(): void {
    while (this.#isOn && !this.#isMoving && !this.#isStopped()) {
      const fedBeforeMm = this.#press.fedMm;
      const hasGoneOn = this.#image === null ? this.#takeCommand() : this.#takeImage(this.#image);
      if (!hasGoneOn) break;
      this.#move(this.#press.fedMm - fedBeforeMm);
    }
    this.#tellStatus();
    this.#tellBusy();
  }

  /** False when there is no whole command in the buffer. */
  #takeCommand(): boolean {
    const parsed = parseCommand(this.#buffer, this.#bufferStart, this.#bufferEnd, this.#chinese);
    if (parsed === null) return false;
    if (this.#room(parsed.length) < parsed.length) return this.#bringTrouble();
    // Where it was not done, it stays where it is until the printer can go on.
    if (!this.#isKnown(parsed.command)) this.#mistake(parsed.length);
    else if (this.#execute(parsed.command)) this.#consume(parsed.length);
    return true;
  }

  #isKnown({ kind }: ParsedCommand): boolean {
    if (kind === 'process-id') return this.#knowsProcessId;
    if (kind === 'ask-identity') return this.#identity !== null;
    return this.#knowsQr || !kind.startsWith('qr-');
  }

  /** A command that it has never heard of: its first byte does nothing, the visible ones of the rest are letters. */
  #mistake(length: number): void {
    const rest = this.#buffer.slice(this.#bufferStart + 1, this.#bufferStart + length);
    for (const byte of rest) {
      if (byte === 0x0a) this.#press.take({ kind: 'line-feed' });
      else if (byte >= 0x20) this.#type(byte);
    }
    this.#consume(length);
  }

  #takeImage(image: Image): boolean {
    const missing = image.bits.length - image.filled;
    const held = Math.min(missing, this.#bufferEnd - this.#bufferStart);
    const length = this.#room(held);
    if (missing > 0 && length === 0) return held > 0 && this.#bringTrouble();
    const rows = this.#buffer.subarray(this.#bufferStart, this.#bufferStart + length);
    image.bits.set(rows, image.filled);
    image.filled += length;
    this.#consume(length);
    if (length < missing) return true;
    const { widthBytes, heightDots, bits } = image;
    if (this.#press.printRaster(widthBytes, heightDots, bits)) this.#image = null;
    return true;
  }

  #consume(length: number): void {
    this.#bufferStart += length;
    this.#processedBytes += length;
  }

  #room(length: number): number {
    return this.#plans.room(length, this.#processedBytes);
  }

  #bringTrouble(): true {
    const plan = this.#plans.take();
    if (plan !== undefined) {
      this.trouble(plan.what);
      plan.onStruck();
    }
    return true;
  }

  #move(distanceMm: number): void {
    if (distanceMm <= 0 || this.#speedMmPerS === Number.POSITIVE_INFINITY) return;
    this.#isMoving = true;
    const powerCuts = this.#powerCuts;
    this.#clock.after((distanceMm / this.#speedMmPerS) * 1000, () => {
      if (this.#powerCuts !== powerCuts) return;
      this.#isMoving = false;
      this.#run();
    });
  }

  /** False when the paper ended or the cutter stuck before it could be done. */
  #execute(command: ParsedCommand): boolean {
    switch (command.kind) {
      case 'initialise':
        this.#initialise();
        return true;
      case 'chinese':
        this.#chinese = command.on;
        return true;
      case 'code-page':
        if (isCodePage(command.number)) this.#codePage = command.number;
        else this.protocolErrors.push(`no code page ${command.number}`);
        return true;
      case 'character':
        return this.#type(command.code);
      case 'cut':
        return this.#cut(command.feedDots);
      case 'process-id':
        this.#send([0x37, 0x22, ...command.id, 0x00]);
        return true;
      case 'ask-paper':
        this.#send([this.#press.isLow ? 0x03 : 0x00]);
        return true;
      case 'ask-identity': {
        const answer = this.#identity?.[command.what];
        if (answer !== undefined) this.#send([0x5f, ...Buffer.from(answer, 'latin1'), 0x00]);
        return true;
      }
      case 'automatic-status':
        this.#isAutomatic = command.on;
        this.#lastStatus = '';
        this.#tellStatus();
        return true;
      case 'nothing':
        return true;
      case 'unknown':
        this.protocolErrors.push(`unknown: ${command.what}`);
        return true;
      case 'raster': {
        const { widthBytes, heightDots } = command;
        const bits = new Uint8Array(widthBytes * heightDots);
        this.#image = { widthBytes, heightDots, bits, filled: 0 };
        return true;
      }
      case 'qr-ask-size':
        this.#tellQrSize();
        return true;
      default:
        return this.#press.take(command);
    }
  }

  /** GS ( k function 182, where it can be answered. */
  #tellQrSize(): void {
    const dots = this.#press.qrDots;
    if (dots !== null) this.#send([...Buffer.from(`76${dots}\x1f${dots}\x1f1\x1f0`), 0x00]);
  }

  #type(code: number): boolean {
    const glyph = this.#font(code, this.#codePage);
    if (glyph === null) this.protocolErrors.push(`no glyph for ${code.toString(16)}`);
    return this.#press.type(glyph ?? '〓', code > 0xff ? 2 : 1);
  }

  #cut(feedDots: number): boolean {
    if (!this.#isCutterStuck) return this.#press.cut(feedDots);
    this.#isCutterError = true;
    return false;
  }
}
