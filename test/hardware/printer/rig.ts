import type { Line } from '../../../hardware/line/port.ts';
import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { settleMs } from '../../../hardware/printer/attendant.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import type { PrintAnswer, PrintOrder, ReceiptPrinter } from '../../../hardware/printer/port.ts';
import { type SettledProfile, settledProfiles } from '../../../hardware/printer/profile.ts';
import {
  SimulatedPrinter,
  type SimulatedPrinterOptions,
} from '../../../hardware/printer/simulated.ts';
import { isPrintedOn, type Slip, slipLines } from '../../../hardware/printer/simulated-roll.ts';
import type { Health } from '../../../main/contract/device.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

export type PrinterRig = {
  readonly clock: VirtualClock;
  readonly line: SimulatedLine;
  readonly printer: SimulatedPrinter;
  readonly driver: ReceiptPrinter;
  readonly healths: Health[];
  /** Print and let as much time pass as that takes. */
  readonly print: (order: PrintOrder) => Promise<PrintAnswer>;
};

/** A driver and a simulated printer that fits its profile, ready to print unless `paperMm` says otherwise. */
export async function printerRig(
  profile: SettledProfile = settledProfiles['gb18030-80mm'],
  different: Partial<Omit<SimulatedPrinterOptions, 'clock' | 'far'>> = {},
): Promise<PrinterRig> {
  const clock = new VirtualClock();
  const line = new SimulatedLine(clock);
  return { line, ...(await rigOn(line, line, clock, profile, different)) };
}

/** The same, where the driver's line need not be the cable itself. */
export async function rigOn(
  line: Line,
  cable: SimulatedLine,
  clock: VirtualClock,
  profile: SettledProfile,
  different: Partial<Omit<SimulatedPrinterOptions, 'clock' | 'far'>> = {},
): Promise<Omit<PrinterRig, 'line'>> {
  const printer = new SimulatedPrinter({
    clock,
    far: cable.far,
    encoding: profile.encoding,
    columns: profile.columns,
    knowsProcessId: profile.hasProcessId,
    knowsQr: profile.hasNativeQr,
    hasCutter: profile.cut !== 'none',
    ...different,
  });
  const driver = createReceiptPrinter({ line, profile, clock });
  const healths: Health[] = [];
  driver.watch((health) => healths.push(health));
  // One without process ids is listened to for a moment longer.
  await clock.advance(settleMs);
  const print = async (order: PrintOrder) => {
    let answer: PrintAnswer | null = null;
    void driver.print(order).then((given) => {
      answer = given;
    });
    await clock.until(() => answer !== null);
    if (answer === null) throw new Error('the driver has not answered');
    return answer;
  };
  return { clock, printer, driver, healths, print };
}

/** The words on the only slip in the tray. Throws when there is not exactly one. */
export function onlySlip(printer: SimulatedPrinter): Slip {
  const [slip, ...others] = printer.slips;
  if (slip === undefined || others.length > 0) {
    throw new Error(`${printer.slips.length} slips in the tray`);
  }
  return slip;
}

export function onlySlipLines(printer: SimulatedPrinter): readonly string[] {
  return slipLines(onlySlip(printer));
}

/** What is really on paper: how many whole receipts lie in the tray, and whether there is any ink at all. */
export function truth(printer: SimulatedPrinter): {
  readonly whole: number;
  readonly ink: boolean;
} {
  const whole = printer.slips.filter((slip) => {
    const lines = slipLines(slip);
    const hasQr = slip.items.some((item) => item.kind === 'qr' || item.kind === 'raster');
    return lines[0] === '充值凭条' && hasQr && lines.at(-1) === '感谢使用，请收好卡片';
  });
  const ink = [...printer.slips, printer.hanging].some(isPrintedOn);
  return { whole: whole.length, ink };
}

/** No false comfort and no false alarm: throws when an answer is not what the paper says. */
export function expectTrue(answer: PrintAnswer, printer: SimulatedPrinter): void {
  const { whole, ink } = truth(printer);
  if (answer.kind === 'printed' && whole !== 1) throw new Error(`"printed", but ${whole} receipts`);
  if (answer.kind === 'not-printed' && ink) throw new Error('"not-printed", but there is ink');
  if (whole > 1) throw new Error(`${whole} receipts for one order`);
}
