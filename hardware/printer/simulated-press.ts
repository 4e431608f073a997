import type { ParsedCommand } from './simulated-commands.ts';
import type { RollAlign, RollItem, RollRun, Slip } from './simulated-roll.ts';

export type PressOptions = {
  readonly columns: number;
  readonly hasCutter: boolean;
  readonly paperMm: number;
  readonly onProtocolError: (what: string) => void;
};

type MechanicalCommand = Extract<
  ParsedCommand,
  {
    kind:
      | 'align'
      | 'bold'
      | 'size'
      | 'line-feed'
      | 'qr-set'
      | 'qr-module'
      | 'qr-store'
      | 'qr-print';
  }
>;

// 203 dpi: 8 dots a millimetre; characters 24 dots high on lines 30 dots apart (ESC/POS default, 1/6 inch on Epson).
const dotsPerMm = 8;
const lineDots = 30;
const characterDots = 24;
const dotsPerColumn = 12;
/** From the head to the knife. */
const cutterDots = 120;
/** Where the near-end sensor sits. */
const lowMm = 2_000;
// ISO/IEC 18004: bytes that versions 1 to 20 hold at level M.
const qrBytes = [
  ...[14, 26, 42, 62, 84, 106, 122, 152, 180, 213],
  ...[251, 287, 331, 362, 412, 450, 504, 560, 624, 666],
];

/** The mechanics: print buffer, head, paper and knife. Nothing is printed before its line is whole and there is paper for it. */
export class SimulatedPress {
  readonly #options: PressOptions;
  #paperDots: number;
  #fedDots = 0;
  #isEnded = false;
  #slips: Slip[] = [];
  #items: RollItem[] = [];
  #line: { -readonly [Key in keyof RollRun]: RollRun[Key] }[] = [];
  #lineColumns = 0;
  #align: RollAlign = 'left';
  #bold = false;
  #wide = 1;
  #tall = 1;
  #qrModuleDots = 3;
  #qrText = '';

  constructor(options: PressOptions) {
    this.#options = options;
    this.#paperDots = options.paperMm * dotsPerMm;
  }

  get slips(): readonly Slip[] {
    return this.#slips;
  }

  get hanging(): Slip {
    return { items: [...this.#items], cut: false };
  }

  get paperMm(): number {
    return this.#paperDots / dotsPerMm;
  }

  /** How much paper has ever passed the head. A roll that is taken out or put in does not move. */
  get fedMm(): number {
    return this.#fedDots / dotsPerMm;
  }

  get isOut(): boolean {
    return this.#isEnded || this.#paperDots < lineDots;
  }

  get isLow(): boolean {
    return this.#paperDots < lowMm * dotsPerMm;
  }

  collect(): readonly Slip[] {
    const slips = this.#slips;
    this.#slips = [];
    return slips;
  }

  loadPaper(paperMm: number): void {
    this.#paperDots = paperMm * dotsPerMm;
    this.#isEnded = false;
  }

  initialise(): void {
    this.#align = 'left';
    this.#bold = false;
    this.#wide = 1;
    this.#tall = 1;
    this.#qrModuleDots = 3;
    this.#qrText = '';
    this.clearLine();
  }

  clearLine(): void {
    this.#line = [];
    this.#lineColumns = 0;
  }

  /** One character, at the size that is set. The line is printed first when there is no room left on it. */
  type(text: string, columns: 1 | 2): boolean {
    const width = columns * this.#wide;
    if (this.#lineColumns + width > this.#options.columns && !this.#printLine()) return false;
    this.#lineColumns += width;
    const last = this.#line.at(-1);
    if (last?.bold === this.#bold && last.wide === this.#wide && last.tall === this.#tall) {
      last.text += text;
      last.columns += columns;
    } else {
      this.#line.push({ text, columns, bold: this.#bold, wide: this.#wide, tall: this.#tall });
    }
    return true;
  }

  take(command: MechanicalCommand): boolean {
    switch (command.kind) {
      case 'align':
        return this.#setAlign(command.align);
      case 'bold':
        this.#bold = command.on;
        return true;
      case 'size':
        this.#wide = command.wide;
        this.#tall = command.tall;
        return true;
      case 'line-feed':
        return this.#printLine();
      case 'qr-set':
        return true;
      case 'qr-module':
        this.#qrModuleDots = command.dots;
        return true;
      case 'qr-store':
        this.#qrText = Buffer.from(command.data).toString('utf8');
        return true;
      case 'qr-print':
        return this.#printQr();
    }
  }

  /** How large the stored QR code would be drawn; null when there is none, or in the middle of a line. */
  get qrDots(): number | null {
    const version = this.#qrVersion();
    const isAtLineStart = this.#lineColumns === 0;
    return this.#qrText !== '' && isAtLineStart && version > 0 ? this.#qrHeightDots(version) : null;
  }

  cut(feedDots: number): boolean {
    if (!this.#options.hasCutter) return true;
    if (this.#lineColumns > 0) return this.#refuse('cut in the middle of a line');
    if (!this.#feed(cutterDots + feedDots)) return false;
    this.#slips.push({ items: this.#items, cut: true });
    this.#items = [];
    return true;
  }

  printRaster(widthBytes: number, heightDots: number, bits: Uint8Array): boolean {
    if (this.#lineColumns > 0) return this.#refuse('raster in the middle of a line');
    if (widthBytes * 8 > this.#options.columns * dotsPerColumn + 7) {
      return this.#refuse('raster wider than the paper');
    }
    if (!this.#feed(heightDots)) return false;
    this.#items.push({ kind: 'raster', align: this.#align, widthBytes, heightDots, bits });
    return true;
  }

  #setAlign(align: number): boolean {
    const next = (['left', 'centre', 'right'] as const)[align];
    if (next === undefined) return this.#refuse(`align ${align}`);
    if (this.#lineColumns > 0) return this.#refuse('align in the middle of a line');
    this.#align = next;
    return true;
  }

  #printLine(): boolean {
    const tallest = this.#line.reduce((tall, run) => Math.max(tall, run.tall), 1);
    const heightDots = Math.max(lineDots, tallest * characterDots);
    if (!this.#feed(heightDots)) return false;
    if (this.#line.length === 0) this.#items.push({ kind: 'feed', dots: heightDots });
    else this.#items.push({ kind: 'text', align: this.#align, runs: this.#line });
    this.clearLine();
    return true;
  }

  #printQr(): boolean {
    if (this.#lineColumns > 0) return this.#refuse('QR code in the middle of a line');
    const version = this.#qrVersion();
    const heightDots = this.#qrHeightDots(version);
    const isTooLarge = heightDots > this.#options.columns * dotsPerColumn;
    if (version === 0 || isTooLarge) return this.#refuse('QR code too large');
    if (!this.#feed(heightDots)) return false;
    this.#items.push({
      kind: 'qr',
      align: this.#align,
      text: this.#qrText,
      moduleDots: this.#qrModuleDots,
      heightDots,
    });
    return true;
  }

  /** 0 when it is too long for any that is drawn here. */
  #qrVersion(): number {
    return qrBytes.findIndex((bytes) => bytes >= Buffer.byteLength(this.#qrText)) + 1;
  }

  #qrHeightDots(version: number): number {
    return (17 + 4 * version) * this.#qrModuleDots;
  }

  /** False, and out of paper, when there is not enough left. */
  #feed(dots: number): boolean {
    if (this.#paperDots < dots) {
      this.#isEnded = true;
      return false;
    }
    this.#paperDots -= dots;
    this.#fedDots += dots;
    return true;
  }

  #refuse(what: string): true {
    this.#options.onProtocolError(what);
    return true;
  }
}
