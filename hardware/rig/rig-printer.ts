import type { BenchPrinter, BenchSlip } from '../../main/contract/bench.ts';
import type { Clock } from '../../main/contract/clock.ts';
import { SimulatedLine } from '../line/simulated.ts';
import { settledProfiles } from '../printer/profile.ts';
import { slipToSvg } from '../printer/roll-picture.ts';
import { type PrinterTrouble, SimulatedPrinter } from '../printer/simulated.ts';
import { isPrintedOn, type Slip, slipLines, slipQrTexts } from '../printer/simulated-roll.ts';

export const rigPrinterProfile = settledProfiles['gb18030-80mm'];

/** What a poll or a set-up sends is shorter, a piece of a receipt longer. */
const jobBytes = 64;
/** How long somebody needs to find the plug. */
const darkMs = 4_000;
const shownSlips = 8;

/** A simulated printer on its cable, and the hands of the technician. */
export class RigPrinter {
  readonly line: SimulatedLine;
  readonly device: SimulatedPrinter;
  readonly #clock: Clock;
  #plugged = true;
  #coverOpen = false;
  #thrownAway: readonly Slip[] = [];
  #trap: { readonly afterBytes: number; readonly trouble: PrinterTrouble } | null = null;
  #onSprung: () => void = () => {};
  #pictures = new WeakMap<Slip, string>();

  constructor(clock: Clock, speedMmPerS: number, onBytes: () => void) {
    this.#clock = clock;
    this.line = new SimulatedLine(clock);
    const { far } = this.line;
    this.device = new SimulatedPrinter({
      clock,
      encoding: rigPrinterProfile.encoding,
      columns: rigPrinterProfile.columns,
      speedMmPerS,
      far: {
        listen: (take) =>
          far.listen((bytes) => {
            this.#spring(bytes);
            take(bytes);
            onBytes();
          }),
        send: (bytes) => far.send(bytes),
        setBusy: (busy) => far.setBusy?.(busy),
      },
    });
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  plug(): void {
    this.#plugged = true;
    this.line.plug();
  }

  unplug(): void {
    this.#plugged = false;
    this.line.unplug();
  }

  /** Take the roll out, or put a new one in. */
  setPaperOut(out: boolean): void {
    if (out) this.device.trouble('paper-out');
    else this.device.mend('paper-out');
  }

  setCover(open: boolean): void {
    this.#coverOpen = open;
    if (open) this.device.trouble('cover-open');
    else this.device.mend('cover-open');
  }

  /** Clear the tray. The slips stay in the books. */
  tearOff(): void {
    this.#thrownAway = [...this.#thrownAway, ...this.device.collect()];
  }

  /** The next job is hit, once. Null: none is. */
  setTrap(
    trap: { readonly afterBytes: number; readonly trouble: PrinterTrouble } | null,
    onSprung: () => void,
  ): void {
    this.#trap = trap;
    this.#onSprung = onSprung;
  }

  /** Every slip that was ever cut off, oldest first. */
  get slips(): readonly Slip[] {
    return [...this.#thrownAway, ...this.device.slips];
  }

  snapshot(): BenchPrinter {
    const { hanging, slips } = this.device;
    const first = this.#thrownAway.length + 1;
    const shown = slips.map((slip, index) => this.#show(slip, first + index));
    if (isPrintedOn(hanging)) shown.push(this.#show(hanging, first + slips.length));
    return {
      plugged: this.#plugged,
      paperOut: this.device.paperMm <= 0,
      coverOpen: this.#coverOpen,
      slips: shown.reverse().slice(0, shownSlips),
    };
  }

  #show(slip: Slip, number: number): BenchSlip {
    return {
      number,
      svg: slip.cut ? this.#pictureOf(slip) : slipToSvg(slip, rigPrinterProfile.columns),
      text: slipLines(slip),
      qrTexts: slipQrTexts(slip),
      cut: slip.cut,
    };
  }

  /** A slip that has been cut off never changes. */
  #pictureOf(slip: Slip): string {
    const known = this.#pictures.get(slip);
    if (known !== undefined) return known;
    const picture = slipToSvg(slip, rigPrinterProfile.columns);
    this.#pictures.set(slip, picture);
    return picture;
  }

  #spring(bytes: Uint8Array): void {
    const trap = this.#trap;
    if (trap === null || bytes.length < jobBytes) return;
    this.#trap = null;
    this.device.troubleAfter(trap.afterBytes, trap.trouble);
    if (trap.trouble === 'switched-off') {
      this.#clock.after(darkMs, () => this.device.mend('switched-off'));
    }
    this.#onSprung();
  }
}
