import { afterEach, describe, expect, it } from 'vitest';
import { charsetOf } from '../../../hardware/printer/charset.ts';
import { drawLine } from '../../../hardware/printer/drawn-line.ts';
import type { EscPosPrinter } from '../../../hardware/printer/driver.ts';
import type { PrintAnswer } from '../../../hardware/printer/port.ts';
import { type PrinterProfile, parsePrinterProfile } from '../../../hardware/printer/profile.ts';
import { withoutCommands } from '../../../hardware/printer/raster.ts';
import type {
  SimulatedPrinter,
  SimulatedPrinterOptions,
} from '../../../hardware/printer/simulated.ts';
import { isPrintedOn, slipLines, slipQrTexts } from '../../../hardware/printer/simulated-roll.ts';
import type { Health } from '../../../main/contract/device.ts';
import { receiptQrText } from '../../../main/contract/receipt.ts';
import { drawnBits } from './drawn-bits.ts';
import { expectTrue, truth } from './rig.ts';
import { sampleReceipt } from './sample.ts';

/** A driver, a printer, and the wire between them. */
export type PrinterWire = {
  readonly driver: EscPosPrinter;
  readonly printer: SimulatedPrinter;
  /** Wait until it holds. Rejects when it never does. */
  readonly until: (condition: () => boolean) => Promise<void>;
  readonly pull: () => void | Promise<void>;
  readonly plugIn: () => void | Promise<void>;
  readonly dispose: () => Promise<void>;
};

export type PrinterKind = Partial<Omit<SimulatedPrinterOptions, 'clock' | 'far'>>;
export type MakePrinterWire = (
  profile: PrinterProfile,
  kind: PrinterKind,
) => PrinterWire | Promise<PrinterWire>;

/** In real time nobody wants to wait as long as people may take. */
const deadlines = { pollMs: 50, statusMs: 1_000, silentMs: 400, confirmMs: 5_000, refillMs: 2_000 };
const asking = parsePrinterProfile({
  encoding: { kind: 'ask' },
  columns: 48,
  hasProcessId: 'ask',
  hasNativeQr: 'ask',
  cut: 'partial',
  deadlines,
});
const kinds: readonly (readonly [string, PrinterKind])[] = [
  ['with process ids', {}],
  [
    'that knows nothing but how to print',
    { knowsProcessId: false, knowsQr: false, knowsClear: false },
  ],
];
const order = { receipt: sampleReceipt(), copy: 'original' } as const;

/** What every printer on every wire owes to a person and to the books. */
export function describePrinter(name: string, makeWire: MakePrinterWire): void {
  describe(`a printer on ${name}`, () => {
    let open: PrinterWire | null = null;
    afterEach(async () => {
      await open?.driver.close();
      await open?.dispose();
      open = null;
    });

    /** A wire whose printer is ready, and its health. */
    async function wire(kind: PrinterKind = {}) {
      const made = await makeWire(asking, { speedMmPerS: 400, ...kind });
      open = made;
      const healths: Health[] = [];
      made.driver.watch((health) => healths.push(health));
      const isUp = () => healths.at(-1)?.kind === 'up';
      await made.until(isUp);
      const print = async (
        what: Parameters<EscPosPrinter['print']>[0] = order,
      ): Promise<PrintAnswer> => {
        const answers: PrintAnswer[] = [];
        void made.driver.print(what).then((answer) => answers.push(answer));
        await made.until(() => answers.length > 0);
        return answers[0] ?? { kind: 'unknown', fault: 'silent' };
      };
      return { ...made, healths, isUp, print };
    }

    it.each(kinds)(
      '%s puts the whole receipt on paper before it is called printed',
      async (_kind, kind) => {
        const { print, printer } = await wire(kind);
        expect(await print()).toEqual({ kind: 'printed' });
        expect(truth(printer).whole).toBe(1);
        expect(isPrintedOn(printer.hanging)).toBe(false);
        const [slip = printer.hanging] = printer.slips;
        expect(slipLines(slip).map((line) => line.trim())).toContain('￥50.00');
        if (kind.knowsQr !== false)
          expect(slipQrTexts(slip)).toEqual([receiptQrText(order.receipt)]);
        expect(printer.protocolErrors).toEqual([]);
      },
    );

    it('a name that it has no characters for arrives dot by dot', async () => {
      const { print, printer } = await wire();
      const stationName = 'Orléans – Łódź';
      const receipt = sampleReceipt({ stationName });
      expect(await print({ receipt, copy: 'original' })).toEqual({ kind: 'printed' });
      const row = `站点${stationName.padStart(43)}`;
      const drawn = drawLine(charsetOf({ kind: 'gb18030' }).glyphs(row), {
        language: 'zh-Hans',
        isBold: false,
        isDouble: false,
      });
      expect(drawnBits(printer.slips[0] ?? printer.hanging)).toEqual([
        Buffer.from(withoutCommands(drawn).bits).toString('hex'),
      ]);
      expect(printer.protocolErrors).toEqual([]);
    });

    it.each(kinds)(
      '%s without paper in mid-receipt finishes it after the refill: one receipt',
      async (_kind, kind) => {
        const { print, printer, until, healths } = await wire(kind);
        printer.troubleAfter(300, 'paper-out');
        const printed = print();
        const isOut = () => {
          const health = healths.at(-1);
          return health?.kind === 'down' && health.fault === 'paper-out';
        };
        await until(isOut);
        printer.mend('paper-out');
        expect(await printed).toEqual({ kind: 'printed' });
        expect(truth(printer).whole).toBe(1);
        expect(isPrintedOn(printer.hanging)).toBe(false);
      },
    );

    it('a receipt whose paper never came is given up, and the next one is whole and alone', async () => {
      const { print, printer, until, isUp } = await wire();
      printer.troubleAfter(300, 'paper-out');
      expect(await print()).toEqual({ kind: 'unknown', fault: 'paper-out' });
      printer.mend('paper-out');
      await until(isUp);
      expect(truth(printer).whole).toBe(0);
      expect(await print()).toEqual({ kind: 'printed' });
      expect(truth(printer).whole).toBe(1);
    });

    it('a pulled cable is told, prints nothing, and is forgotten once it is back', async () => {
      const { print, printer, until, isUp, pull, plugIn, driver } = await wire();
      await pull();
      await until(() => !isUp());
      expect(await print()).toEqual({ kind: 'not-printed', fault: 'unplugged' });
      expect(await driver.ready()).toEqual({ kind: 'not-ready', fault: 'unplugged' });
      expect(truth(printer).ink).toBe(false);
      await plugIn();
      await until(isUp);
      expect(await print()).toEqual({ kind: 'printed' });
      expect(truth(printer).whole).toBe(1);
    });

    it.each(kinds)(
      '%s and a cable that is pulled in mid-receipt: the answer is what the paper says',
      async (_kind, kind) => {
        const { print, printer, until, isUp, pull, plugIn } = await wire({
          ...kind,
          speedMmPerS: 100,
        });
        const printed = print();
        await until(() => isPrintedOn(printer.hanging));
        await pull();
        const answer = await printed;
        expect(answer).toEqual({ kind: 'unknown', fault: 'unplugged' });
        expectTrue(answer, printer);
        await plugIn();
        await until(isUp);
        printer.collect();
        expect(await print()).toEqual({ kind: 'printed' });
        expect(truth(printer).whole).toBe(1);
      },
    );

    it('one that is switched off is silent, and ready again when it answers', async () => {
      const { print, printer, until, isUp } = await wire();
      printer.trouble('switched-off');
      await until(() => !isUp());
      expect(await print()).toEqual({ kind: 'not-printed', fault: 'silent' });
      printer.mend('switched-off');
      await until(isUp);
      expect(await print()).toEqual({ kind: 'printed' });
      expect(truth(printer).whole).toBe(1);
    });

    it('a second order waits for nobody and disturbs nothing', async () => {
      const { print, printer, driver } = await wire({ speedMmPerS: 100 });
      const first = print();
      expect(await driver.print(order)).toEqual({ kind: 'not-printed', fault: 'busy' });
      expect(await driver.ready()).toEqual({ kind: 'not-ready', fault: 'busy' });
      expect(await first).toEqual({ kind: 'printed' });
      expect(truth(printer).whole).toBe(1);
    });

    it('is known by name', async () => {
      const { driver } = await wire({
        identity: { 66: 'EPSON', 67: 'TM-T88V', 69: 'CHINA GB18030' },
      });
      expect(driver.identity()).toEqual({
        maker: 'EPSON',
        model: 'TM-T88V',
        serial: null,
        language: 'CHINA GB18030',
        paperLow: false,
        fault: null,
      });
    });
  });
}
