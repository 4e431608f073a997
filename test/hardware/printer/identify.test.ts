import { expect, it } from 'vitest';
import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { identifyPrinter, type PrinterIdentity } from '../../../hardware/printer/identify.ts';
import {
  SimulatedPrinter,
  type SimulatedPrinterOptions,
} from '../../../hardware/printer/simulated.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

type Different = Partial<Omit<SimulatedPrinterOptions, 'clock' | 'far'>>;

/** A printer on a line that no driver uses. */
function printerAlone(different: Different = {}) {
  const clock = new VirtualClock();
  const line = new SimulatedLine(clock);
  const printer = new SimulatedPrinter({ clock, far: line.far, ...different });
  const identify = async (): Promise<PrinterIdentity | null> => {
    const answers: (PrinterIdentity | null)[] = [];
    void identifyPrinter(line, clock, 5_000).then((answer) => answers.push(answer));
    await clock.until(() => answers.length > 0);
    return answers[0] ?? null;
  };
  return { clock, line, printer, identify };
}

const unknown = { maker: null, model: null, serial: null, language: null };

it('a technician is told who the printer is, and that nothing is wrong with it', async () => {
  const { identify, clock } = printerAlone();
  expect(await identify()).toEqual({
    maker: 'ADDVALUE',
    model: 'SIMULATED-80',
    serial: '00000001',
    language: 'CHINA GB18030',
    paperLow: false,
    fault: null,
  });
  expect(clock.nowMs()).toBeLessThan(1_000);
});

it('a printer that keeps some of it to itself has no other fact put in its place', async () => {
  const { identify } = printerAlone({ identity: { 66: 'EPSON', 69: 'TAIWAN BIG-5' } });
  expect(await identify()).toMatchObject({
    maker: 'EPSON',
    model: null,
    serial: null,
    language: 'TAIWAN BIG-5',
  });
});

it('a plain printer that knows none of the questions is there all the same, and stays blank', async () => {
  const { identify, printer, line, clock } = printerAlone({
    identity: null,
    knowsProcessId: false,
    knowsQr: false,
    knowsClear: false,
  });
  expect(await identify()).toEqual({ ...unknown, paperLow: false, fault: null });
  // What it took for letters does not wait for the next line feed either.
  await line.write(Uint8Array.of(0x0a), 1_000);
  await clock.settle();
  expect(printer.hanging.items.map((item) => item.kind)).toEqual(['feed']);
  expect(printer.protocolErrors).toEqual([]);
});

it('what is wrong with it is told although it answers nothing else', async () => {
  const { identify, printer } = printerAlone({ paperMm: 1_000 });
  printer.trouble('cover-open');
  expect(await identify()).toEqual({ ...unknown, paperLow: true, fault: 'cover-open' });
});

it('nothing that answers is no printer, and neither is an unplugged line', async () => {
  const { identify, printer, line, clock } = printerAlone();
  printer.trouble('switched-off');
  expect(await identify()).toBe(null);
  expect(clock.nowMs()).toBe(5_000);
  printer.mend('switched-off');
  line.unplug();
  expect(await identify()).toBe(null);
});

it('a printer that is plugged in while it is looked for is found', async () => {
  const { identify, line, clock } = printerAlone();
  line.unplug();
  clock.after(2_000, () => line.plug());
  expect(await identify()).toMatchObject({ maker: 'ADDVALUE' });
});
