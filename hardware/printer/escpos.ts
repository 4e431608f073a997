import type { Language } from '../../main/contract/language.ts';
import { charsetOf } from './charset.ts';
import { automaticStatusOn, initialise } from './commands.ts';
import { receiptDocument } from './document.ts';
import { drawLine } from './drawn-line.ts';
import { layOut, layOutLines, type PaperLine } from './layout.ts';
import { paperLanguage } from './paper-language.ts';
import type { PrintOrder } from './port.ts';
import type { SettledProfile } from './profile.ts';
import { type QrSymbol, qrRaster } from './qr-symbol.ts';
import { type Raster, withoutCommands } from './raster.ts';

/** A slip as bytes. */
export type PrintJob = {
  /** Sets the printer up and puts nothing on paper. */
  readonly preamble: Uint8Array;
  /** Whole commands: status may be asked between two parts, never inside one. At most 512 bytes, but for a long command. */
  readonly parts: readonly Uint8Array[];
};

/** Printers take DLE bytes for data while their buffer is full: small parts leave it room. */
export const chunkBytes = 512;

// Sources: Epson ESC/POS reference; the subset that all makers share.
const chineseOn = [0x1c, 0x26];
const chineseOff = [0x1c, 0x2e];
const lineFeed = 0x0a;
const qrModel2 = [0x1d, 0x28, 0x6b, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00];
const qrModule = [0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x43];
const qrLevelM = [0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x45, 0x31];
const qrPrint = [0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x51, 0x30];
const rasterHeadBytes = 8;
const tearOffLines = 5;

/** GS V: feed to the cutter and cut. Without a cutter, feed to the tear bar. */
export function cutCommand(cut: SettledProfile['cut']): Uint8Array {
  if (cut === 'none') return new Uint8Array(tearOffLines).fill(lineFeed);
  return Uint8Array.of(0x1d, 0x56, cut === 'partial' ? 0x42 : 0x41, 0x00);
}

/** Make the bytes of one receipt, up to and including the cut and `confirmation`, the command that asks for an answer. */
export function renderReceipt(
  order: PrintOrder,
  profile: SettledProfile,
  confirmation: Uint8Array,
): PrintJob {
  const language = paperLanguage(order.receipt.language, profile.encoding);
  const blocks = receiptDocument(order, language);
  const lines = layOut(blocks, charsetOf(profile.encoding), profile.columns);
  return renderSlip(lines, language, profile, confirmation);
}

/** The same of plain lines, as they stand. One that is too long for the paper is broken. */
export function renderLines(
  texts: readonly string[],
  profile: SettledProfile,
  confirmation: Uint8Array,
): PrintJob {
  const lines = layOutLines(texts, charsetOf(profile.encoding), profile.columns);
  return renderSlip(lines, 'en', profile, confirmation);
}

/** `language`: of the letters that are drawn. */
function renderSlip(
  lines: readonly PaperLine[],
  language: Language,
  profile: SettledProfile,
  confirmation: Uint8Array,
): PrintJob {
  const parts = new Parts();
  let style: Style = { centre: false, bold: false, double: false };
  for (const line of lines) {
    if (line.kind === 'qr') {
      parts.add(styleChange(style, { centre: true, bold: false, double: false }));
      style = { centre: true, bold: false, double: false };
      // The symbol needs white around it: at its sides there is enough, above and below it that is a line.
      parts.add([lineFeed]);
      for (const command of qrCommands(line.symbol, profile)) parts.add(command);
      parts.add([lineFeed]);
    } else if (line.glyphs.some((glyph) => glyph.bytes === null)) {
      // Weight and size are in the dots.
      const next = { ...style, centre: line.align === 'centre' };
      parts.add(styleChange(style, next));
      const lettering = { language, isBold: line.bold, isDouble: line.double };
      for (const band of rasterBands(drawLine(line.glyphs, lettering))) parts.add(band);
      style = next;
    } else {
      const next = { centre: line.align === 'centre', bold: line.bold, double: line.double };
      parts.add(styleChange(style, next));
      parts.add(lineBytes(line));
      style = next;
    }
  }
  parts.add(styleChange(style, { centre: false, bold: false, double: false }));
  parts.add(cutCommand(profile.cut));
  parts.add(confirmation);
  return { preamble: preamble(profile), parts: parts.done() };
}

function preamble(profile: SettledProfile): Uint8Array {
  const { encoding } = profile;
  const mode =
    encoding.kind === 'code-page' ? [...chineseOff, 0x1b, 0x74, encoding.number] : chineseOn;
  return Uint8Array.from([...initialise, ...automaticStatusOn, ...mode]);
}

type Style = { readonly centre: boolean; readonly bold: boolean; readonly double: boolean };

/** Alignment only counts at the beginning of a line; so these come before the line's text. */
function styleChange(from: Style, to: Style): number[] {
  const bytes: number[] = [];
  if (from.centre !== to.centre) bytes.push(0x1b, 0x61, to.centre ? 1 : 0);
  if (from.bold !== to.bold) bytes.push(0x1b, 0x45, to.bold ? 1 : 0);
  if (from.double !== to.double) bytes.push(0x1d, 0x21, to.double ? 0x11 : 0x00);
  return bytes;
}

function lineBytes(line: Extract<PaperLine, { kind: 'text' }>): number[] {
  const bytes: number[] = [];
  for (const glyph of line.glyphs) {
    for (const byte of glyph.bytes ?? []) bytes.push(byte);
  }
  bytes.push(lineFeed);
  return bytes;
}

function qrCommands(symbol: QrSymbol, profile: SettledProfile): ArrayLike<number>[] {
  if (profile.hasNativeQr) {
    const data = Buffer.from(symbol.text, 'utf8');
    const length = data.length + 3;
    const store = [0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, 0x50, 0x30, ...data];
    return [qrModel2, [...qrModule, symbol.moduleDots], qrLevelM, store, qrPrint];
  }
  return [rasterCommand(qrRaster(symbol))];
}

/** GS v 0: rows of dots, printed where the paper is, aligned as text is. */
function rasterCommand({ widthBytes, heightDots, bits }: Raster): Uint8Array {
  const size = [widthBytes & 0xff, widthBytes >> 8, heightDots & 0xff, heightDots >> 8];
  return Uint8Array.from([0x1d, 0x76, 0x30, 0x00, ...size, ...bits]);
}

/** A raster as several of at most `chunkBytes`, one below the other: the printer can be asked how it is between them. */
function rasterBands(raster: Raster): Uint8Array[] {
  const { widthBytes, heightDots, bits } = withoutCommands(raster);
  const rows = Math.floor((chunkBytes - rasterHeadBytes) / widthBytes);
  const bands: Uint8Array[] = [];
  for (let top = 0; top < heightDots; top += rows) {
    const height = Math.min(rows, heightDots - top);
    const band = bits.subarray(top * widthBytes, (top + height) * widthBytes);
    bands.push(rasterCommand({ widthBytes, heightDots: height, bits: band }));
  }
  return bands;
}

/** Packs whole commands into parts of at most `chunkBytes`; a longer command is a part of its own. */
class Parts {
  readonly #parts: Uint8Array[] = [];
  readonly #open = new Uint8Array(chunkBytes);
  #length = 0;

  add(command: ArrayLike<number>): void {
    if (this.#length + command.length > chunkBytes) this.#close();
    if (command.length > chunkBytes) {
      this.#parts.push(Uint8Array.from(command));
    } else {
      this.#open.set(command, this.#length);
      this.#length += command.length;
    }
  }

  done(): readonly Uint8Array[] {
    this.#close();
    return this.#parts;
  }

  #close(): void {
    if (this.#length > 0) this.#parts.push(this.#open.slice(0, this.#length));
    this.#length = 0;
  }
}
