import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import type { PrintAnswer, PrintOrder, ReceiptPrinter } from '../../../hardware/printer/port.ts';
import { type PrinterProfile, printerProfiles } from '../../../hardware/printer/profile.ts';
import { SimulatedPrinter } from '../../../hardware/printer/simulated.ts';
import { type Slip, slipLines } from '../../../hardware/printer/simulated-roll.ts';
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
  profile: PrinterProfile = printerProfiles['gb18030-80mm'],
  different: { readonly paperMm?: number; readonly speedMmPerS?: number } = {},
): Promise<PrinterRig> {
  const clock = new VirtualClock();
  const line = new SimulatedLine(clock);
  const printer = new SimulatedPrinter({
    clock,
    far: line.far,
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
  await clock.settle();
  const print = async (order: PrintOrder) => {
    let answer: PrintAnswer | null = null;
    void driver.print(order).then((given) => {
      answer = given;
    });
    await clock.until(() => answer !== null);
    if (answer === null) throw new Error('the driver has not answered');
    return answer;
  };
  return { clock, line, printer, driver, healths, print };
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
