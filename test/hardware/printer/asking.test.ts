import { describe, expect, it } from 'vitest';
import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { type FoundPrinter, settleMs } from '../../../hardware/printer/attendant.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import type { PrintAnswer } from '../../../hardware/printer/port.ts';
import { parsePrinterProfile, printerProfiles } from '../../../hardware/printer/profile.ts';
import {
  SimulatedPrinter,
  type SimulatedPrinterOptions,
} from '../../../hardware/printer/simulated.ts';
import { slipLines, slipQrTexts } from '../../../hardware/printer/simulated-roll.ts';
import type { DeviceFault } from '../../../main/contract/device.ts';
import { receiptQrText } from '../../../main/contract/receipt.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { sampleReceipt } from './sample.ts';

type Kind = Partial<Omit<SimulatedPrinterOptions, 'clock' | 'far'>>;

/** A driver that is told nothing but the width of the paper, and a printer of some kind. */
async function stranger(kind: Kind, profile = printerProfiles['80mm']) {
  const clock = new VirtualClock();
  const line = new SimulatedLine(clock);
  const printer = new SimulatedPrinter({ clock, far: line.far, columns: 48, ...kind });
  const found: FoundPrinter[] = [];
  const faults: (DeviceFault | null)[] = [];
  const driver = createReceiptPrinter({
    line,
    profile,
    clock,
    onFound: (what) => found.push(what),
  });
  driver.watch((health) => faults.push(health.kind === 'up' ? null : health.fault));
  const print = async (): Promise<PrintAnswer | undefined> => {
    const answers: PrintAnswer[] = [];
    void driver
      .print({ receipt: sampleReceipt({ stationName: 'A' }), copy: 'original' })
      .then((answer) => answers.push(answer));
    await clock.until(() => answers.length > 0);
    return answers[0];
  };
  await clock.advance(settleMs);
  return { clock, line, printer, driver, found, faults, print };
}

const clone: Kind = {
  knowsProcessId: false,
  knowsQr: false,
  knowsClear: false,
  identity: null,
  encoding: { kind: 'code-page', name: 'cp437', number: 0 },
};
const kinds: readonly (readonly [string, Kind, string, readonly boolean[]])[] = [
  [
    'a mainland printer of a good maker',
    { encoding: { kind: 'gb18030' } },
    '充值凭条',
    [true, true],
  ],
  ['a Taiwan printer', { encoding: { kind: 'big5' } }, '增值收據', [true, true]],
  [
    'one that says GB2312',
    { encoding: { kind: 'gb18030' }, identity: { 69: 'CHINA GB2312' } },
    '充值凭条',
    [true, true],
  ],
  [
    'one that says BIG-5E',
    { encoding: { kind: 'big5' }, identity: { 69: 'TAIWAN BIG-5E' } },
    '增值收據',
    [true, true],
  ],
  [
    'one with Japanese characters',
    {
      encoding: { kind: 'code-page', name: 'cp437', number: 0 },
      identity: { 66: 'EPSON', 69: 'KANJI JAPANESE' },
    },
    'TOP-UP RECEIPT',
    [true, true],
  ],
  [
    'one without process ids',
    { encoding: { kind: 'gb18030' }, knowsProcessId: false },
    '充值凭条',
    [false, true],
  ],
  [
    'one that draws no QR codes',
    { encoding: { kind: 'gb18030' }, knowsQr: false },
    '充值凭条',
    [true, false],
  ],
  ['a clone that knows none of it', clone, 'TOP-UP RECEIPT', [false, false]],
];

describe('a printer that nothing is said of', () => {
  it.each(kinds)(
    '%s prints the right characters, and nothing of the questions',
    async (_name, kind, title, abilities) => {
      const { printer, print, found } = await stranger(kind);
      expect(await print()).toEqual({ kind: 'printed' });
      expect(await print()).toEqual({ kind: 'printed' });
      expect(printer.protocolErrors).toEqual([]);
      expect(printer.slips).toHaveLength(2);
      for (const slip of printer.slips) {
        expect(slipLines(slip)[0]).toBe(title);
        expect(slip.items.some((item) => item.kind === 'qr')).toBe(abilities[1]);
        expect(slip.items.some((item) => item.kind === 'raster')).toBe(!abilities[1]);
      }
      expect(found.map(({ hasProcessId, hasNativeQr }) => [hasProcessId, hasNativeQr])).toEqual([
        abilities,
      ]);
    },
  );

  it('is known by name to the technician: in one line, once, and whenever it is asked for', async () => {
    const { driver, found, clock, printer } = await stranger({});
    await clock.advance(120_000);
    printer.trouble('switched-off');
    await clock.advance(20_000);
    printer.mend('switched-off');
    await clock.advance(20_000);
    const texts = {
      maker: 'ADDVALUE',
      model: 'SIMULATED-80',
      serial: '00000001',
      language: 'CHINA GB18030',
    };
    expect(found).toEqual([
      { ...texts, encoding: 'gb18030', hasProcessId: true, hasNativeQr: true },
    ]);
    expect(driver.identity()).toEqual({ ...texts, paperLow: false, fault: null });
  });

  it('that is replaced by another is asked again, and its receipts are the other’s', async () => {
    const clock = new VirtualClock();
    const line = new SimulatedLine(clock);
    const big5 = new SimulatedPrinter({ clock, far: line.far, encoding: { kind: 'big5' } });
    const found: string[] = [];
    const driver = createReceiptPrinter({
      line,
      profile: printerProfiles['80mm'],
      clock,
      onFound: ({ encoding }) => found.push(encoding),
    });
    await clock.settle();
    line.unplug();
    const mainland = new SimulatedPrinter({ clock, far: line.far, encoding: { kind: 'gb18030' } });
    line.plug();
    await clock.advance(settleMs);
    const receipt = sampleReceipt();
    expect(await driver.print({ receipt, copy: 'original' })).toEqual({ kind: 'printed' });
    expect(found).toEqual(['big5', 'gb18030']);
    expect(big5.slips).toHaveLength(0);
    expect(mainland.slips.flatMap(slipQrTexts)).toEqual([receiptQrText(receipt)]);
  });

  it.each([
    ['with process ids', true],
    ['without process ids', false],
  ])(
    'an answer that was meant for what was sent long before is not taken for one to these questions, %s',
    async (_name, knowsProcessId) => {
      // It cannot be cleared, is slow, and still holds a receipt with its GS r 1 when the kiosk starts anew.
      const clock = new VirtualClock();
      const line = new SimulatedLine(clock);
      const printer = new SimulatedPrinter({
        clock,
        far: line.far,
        encoding: { kind: 'big5' },
        columns: 48,
        knowsClear: false,
        knowsProcessId,
        speedMmPerS: 20,
      });
      for (const byte of [0x41, 0x0a, 0x0a, 0x0a, 0x1d, 0x72, 0x01, 0x42, 0x0a]) {
        await line.write(Uint8Array.of(byte), 1_000);
      }
      const found: FoundPrinter[] = [];
      const driver = createReceiptPrinter({
        line,
        profile: printerProfiles['80mm'],
        clock,
        onFound: (what) => found.push(what),
      });
      await clock.until(() => found.length > 0);
      expect(found).toMatchObject([
        {
          maker: 'ADDVALUE',
          language: 'TAIWAN BIG-5',
          hasProcessId: knowsProcessId,
          hasNativeQr: true,
        },
      ]);
      expect(printer.protocolErrors).toEqual([]);
      await driver.close();
    },
  );

  it('is asked nothing that its profile says', async () => {
    const profile = parsePrinterProfile({
      encoding: { kind: 'big5' },
      columns: 48,
      hasProcessId: true,
      hasNativeQr: false,
      cut: 'partial',
    });
    const { printer, print } = await stranger(
      { encoding: { kind: 'big5' }, identity: { 69: 'CHINA GB2312' } },
      profile,
    );
    expect(await print()).toEqual({ kind: 'printed' });
    expect(slipLines(printer.slips[0] ?? printer.hanging)[0]).toBe('增值收據');
    expect(printer.slips[0]?.items.some((item) => item.kind === 'raster')).toBe(true);
  });

  it('without paper it says so, and is asked who it is after the refill', async () => {
    const rig = await stranger({ paperMm: 80_000 });
    rig.printer.trouble('switched-off');
    await rig.clock.advance(10_000);
    rig.printer.trouble('paper-out');
    rig.printer.mend('switched-off');
    await rig.clock.advance(10_000);
    expect(rig.faults.at(-1)).toBe('paper-out');
    rig.printer.mend('paper-out');
    await rig.clock.advance(10_000);
    expect(rig.faults.at(-1)).toBe(null);
    expect(await rig.print()).toEqual({ kind: 'printed' });
  });
});
