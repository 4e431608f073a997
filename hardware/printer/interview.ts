import type { DeviceFault } from '../../main/contract/device.ts';
import { initialise, paperQuery, processIdCommand } from './commands.ts';
import type { PrinterReport } from './status.ts';

/** What a printer says of itself (GS I 66 to 69), as it says it; null where it does not. */
export type PrinterTexts = {
  readonly maker: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  /** Of its two-byte characters: CHINA GB2312, CHINA GB18030, TAIWAN BIG-5, KANJI JAPANESE, … */
  readonly language: string | null;
};

/** Who a printer is, and how. */
export type PrinterIdentity = PrinterTexts & {
  /** The paper is near its end; null when the printer does not say. */
  readonly paperLow: boolean | null;
  /** What keeps it from printing; null when nothing is known to. */
  readonly fault: DeviceFault | null;
};

type InterviewFindings = PrinterTexts & {
  readonly hasProcessId: boolean;
  readonly hasNativeQr: boolean;
};

const texts = { maker: 0x42, model: 0x43, serial: 0x44, language: 0x45 } as const;
type Question = keyof typeof texts | 'process-id' | 'native-qr';

// GS ( k functions 180 and 182 of QR codes: store "A", transmit the symbol's size. The answer is 37 36 width 1F height 1F 31 1F
// possible 00; it comes only at the beginning of a line (Epson TM command manual 10.0 p. 538, the same with Bixolon, HPRT, NCR).
const askQrSize = [
  ...[0x1d, 0x28, 0x6b, 0x04, 0x00, 0x31, 0x50, 0x30, 0x41],
  ...[0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x52, 0x30],
];

/**
 * Asks a printer what it can do. Every question is queued and has GS r 1 behind it, which all printers answer: what has come when
 * that answer comes is the answer to the question, and nothing is none. Puts nothing on paper.
 */
export class Interview {
  /** To be sent in this order, each whole. The printer's settings are its defaults afterwards. */
  readonly commands: readonly Uint8Array[];
  readonly #questions: readonly Question[];
  readonly #id: string;
  #heard: PrinterReport[] = [];

  /** `id`: a process id that was not used before. */
  constructor(id: string, ask: { readonly processId: boolean; readonly nativeQr: boolean }) {
    this.#id = id;
    this.#questions = [
      ...(ask.processId ? (['process-id'] as const) : []),
      ...(['maker', 'model', 'serial', 'language'] as const),
      ...(ask.nativeQr ? (['native-qr'] as const) : []),
    ];
    // Initialised after each: a printer that does not know a question holds the rest of it as letters on its line.
    this.commands = this.#questions.map((question) =>
      Uint8Array.from([...this.#command(question), ...initialise, ...paperQuery]),
    );
  }

  hear(report: PrinterReport): void {
    this.#heard.push(report);
    // The id is new: whatever came before its answer was about something else.
    if (this.#isOwnId(report)) this.#heard = [report];
  }

  /** Everything has been answered, and the answers can be no others': they began with the id of this interview. */
  get isCertain(): boolean {
    return this.#hasOwnId() && this.#fences() >= this.#questions.length;
  }

  /** Enough has been answered, unless more is still on its way: an answer may belong to what was sent long before. */
  get isAnswered(): boolean {
    return this.#hasOwnId() || this.#fences() >= this.#questions.length;
  }

  findings(): InterviewFindings {
    const answers = this.#answers();
    const text = (question: Question) => {
      const heard = answers(question).find((report) => report.kind === 'identity');
      return heard?.kind === 'identity' && heard.text !== '' ? heard.text : null;
    };
    return {
      maker: text('maker'),
      model: text('model'),
      serial: text('serial'),
      language: text('language'),
      hasProcessId: this.#hasOwnId(),
      hasNativeQr: answers('native-qr').some((report) => report.kind === 'symbol'),
    };
  }

  #command(question: Question): ArrayLike<number> & Iterable<number> {
    if (question === 'process-id') return processIdCommand(this.#id);
    if (question === 'native-qr') return askQrSize;
    return [0x1d, 0x49, texts[question]];
  }

  #isOwnId(report: PrinterReport): boolean {
    return report.kind === 'process' && report.id === this.#id;
  }

  #hasOwnId(): boolean {
    return this.#heard.some((report) => this.#isOwnId(report));
  }

  #fences(): number {
    return this.#heard.filter((report) => report.kind === 'paper').length;
  }

  /** What was said to each question. Read from the end: what was answered before the first of them belongs to nobody. */
  #answers(): (question: Question) => readonly PrinterReport[] {
    const groups: PrinterReport[][] = [[]];
    for (const report of this.#heard) {
      if (report.kind === 'paper') groups.push([]);
      else groups.at(-1)?.push(report);
    }
    groups.pop();
    const first = groups.length - this.#questions.length;
    return (question) => {
      const asked = this.#questions.indexOf(question);
      return asked < 0 ? [] : (groups[first + asked] ?? []);
    };
  }
}
