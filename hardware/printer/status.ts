import type { DeviceFault } from '../../main/contract/device.ts';

/** One thing that a printer says. */
export type PrinterReport =
  /** XON or XOFF. */
  | { readonly kind: 'flow' }
  /** GS ( H: everything before this process id is printed. */
  | { readonly kind: 'process'; readonly id: string }
  /** GS ( k function 182: the size of a QR code that the printer would draw by itself. */
  | { readonly kind: 'symbol' }
  /** DLE DC4 8: the buffers are empty. */
  | { readonly kind: 'cleared' }
  /** GS I: maker, model, language. */
  | { readonly kind: 'identity'; readonly text: string }
  /** Automatic status back: four bytes, at each change. */
  | { readonly kind: 'automatic'; readonly bytes: readonly number[] }
  /** The answer to DLE EOT n; which n, only the asker knows. */
  | { readonly kind: 'real-time'; readonly byte: number }
  /** The answer to GS r 1. */
  | { readonly kind: 'paper'; readonly byte: number }
  /** Nothing that a printer says. */
  | { readonly kind: 'garbled'; readonly byte: number };

const processBytes = 7;
// 37 36, two sizes of up to five digits, a fixed value, another, three separators.
const symbolBytesMax = 18;
const identityBytesMax = 80;
const separator = 0x1f;

/**
 * Takes a printer's one stream of bytes apart. The kinds are told apart by fixed bits (Epson, Bixolon and HPRT manuals agree),
 * tried in this order: XON/XOFF, 37…00 blocks, 5F…00 blocks, automatic status, real-time status, GS r.
 */
export class StatusDemultiplexer {
  #block: number[] = [];

  /** Forget a block that has begun: what follows is another conversation. */
  reset(): void {
    this.#block = [];
  }

  push(bytes: Uint8Array, onReport: (report: PrinterReport) => void): void {
    for (const byte of bytes) this.#take(byte, onReport);
  }

  #take(byte: number, onReport: (report: PrinterReport) => void): void {
    const [first] = this.#block;
    if (byte === 0x11 || byte === 0x13) onReport({ kind: 'flow' });
    else if (first === undefined) this.#begin(byte, onReport);
    else if (first === 0x37 || first === 0x5f) this.#text(byte, onReport);
    else this.#automatic(byte, onReport);
  }

  #begin(byte: number, onReport: (report: PrinterReport) => void): void {
    if (byte === 0x37 || byte === 0x5f || (byte & 0x93) === 0x10) this.#block = [byte];
    else if ((byte & 0x93) === 0x12) onReport({ kind: 'real-time', byte });
    else if ((byte & 0x90) === 0) onReport({ kind: 'paper', byte });
    else onReport({ kind: 'garbled', byte });
  }

  #text(byte: number, onReport: (report: PrinterReport) => void): void {
    if (byte === 0) {
      onReport(textReport(this.#takeBlock()));
    } else if (byte < 0x20 && !(byte === separator && isSymbol(this.#block))) {
      // Below 20 nothing but the end belongs into a block: a real-time status may come between.
      onReport({ kind: (byte & 0x93) === 0x12 ? 'real-time' : 'garbled', byte });
    } else {
      this.#block.push(byte);
      if (this.#block.length < bytesMax(this.#block)) return;
      this.#takeBlock();
      onReport({ kind: 'garbled', byte });
    }
  }

  #automatic(byte: number, onReport: (report: PrinterReport) => void): void {
    // Bytes 2 to 4 have bits 4 and 7 clear; a byte that has not is something else.
    if ((byte & 0x93) === 0x12) {
      onReport({ kind: 'real-time', byte });
    } else if ((byte & 0x90) !== 0) {
      const [begun = 0] = this.#takeBlock();
      onReport({ kind: 'garbled', byte: begun });
      this.#begin(byte, onReport);
    } else {
      this.#block.push(byte);
      if (this.#block.length === 4) onReport({ kind: 'automatic', bytes: this.#takeBlock() });
    }
  }

  #takeBlock(): readonly number[] {
    const block = this.#block;
    this.#block = [];
    return block;
  }
}

function isSymbol(block: readonly number[]): boolean {
  return block[0] === 0x37 && block[1] === 0x36;
}

function bytesMax(block: readonly number[]): number {
  if (block[0] === 0x5f) return identityBytesMax;
  return isSymbol(block) ? symbolBytesMax : processBytes;
}

function textReport(block: readonly number[]): PrinterReport {
  const [first, second] = block;
  if (first === 0x5f) return { kind: 'identity', text: latin1(block.slice(1)) };
  if (second === 0x22 && block.length === processBytes - 1) {
    return { kind: 'process', id: latin1(block.slice(2)) };
  }
  if (second === 0x36) return { kind: 'symbol' };
  if (second === 0x25) return { kind: 'cleared' };
  return { kind: 'garbled', byte: second ?? 0 };
}

function latin1(bytes: readonly number[]): string {
  return String.fromCharCode(...bytes);
}

/** What the sensors say. */
export type PrinterSensors = {
  readonly offline: boolean;
  readonly coverOpen: boolean;
  readonly paperOut: boolean;
  readonly paperLow: boolean;
  readonly cutterJam: boolean;
  readonly headHot: boolean;
  /** An error that it does not recover from by itself. */
  readonly broken: boolean;
};

/** From the answers to DLE EOT 1, 2, 3 and 4. */
export function sensorsFromRound(round: readonly number[]): PrinterSensors {
  const [printer = 0, causes = 0, errors = 0, paper = 0] = round;
  return {
    offline: (printer & 0x08) !== 0,
    coverOpen: (causes & 0x04) !== 0,
    paperOut: (causes & 0x20) !== 0 || (paper & 0x60) !== 0,
    paperLow: (paper & 0x0c) !== 0,
    ...errorBits(errors),
  };
}

/** From the four bytes of an automatic status. */
export function sensorsFromAutomatic(bytes: readonly number[]): PrinterSensors {
  const [printer = 0, errors = 0, paper = 0] = bytes;
  return {
    offline: (printer & 0x08) !== 0,
    coverOpen: (printer & 0x20) !== 0,
    paperOut: (paper & 0x0c) !== 0,
    paperLow: (paper & 0x03) !== 0,
    ...errorBits(errors),
  };
}

function errorBits(errors: number): Pick<PrinterSensors, 'cutterJam' | 'headHot' | 'broken'> {
  return {
    cutterJam: (errors & 0x08) !== 0,
    headHot: (errors & 0x40) !== 0,
    broken: (errors & 0x24) !== 0,
  };
}

/** What keeps it from printing, the most tangible cause first; null when nothing does. */
export function sensorFault(sensors: PrinterSensors): DeviceFault | null {
  if (sensors.coverOpen) return 'cover-open';
  if (sensors.paperOut) return 'paper-out';
  if (sensors.cutterJam) return 'cutter-jam';
  if (sensors.headHot) return 'head-hot';
  return sensors.broken || sensors.offline ? 'not-ready' : null;
}
