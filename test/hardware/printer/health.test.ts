import { describe, expect, it } from 'vitest';
import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import type { PrintAnswer } from '../../../hardware/printer/port.ts';
import { settledProfiles } from '../../../hardware/printer/profile.ts';
import type { PrinterTrouble, SimulatedPrinter } from '../../../hardware/printer/simulated.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { BytewiseLine, CountingLine, ReopenedLine } from './bad-lines.ts';
import { type PrinterRig, printerRig, rigOn, truth } from './rig.ts';
import { sampleReceipt } from './sample.ts';

const order = { receipt: sampleReceipt(), copy: 'original' } as const;
const modern = settledProfiles['gb18030-58mm'];

describe('health', () => {
  async function healthAfter(
    printer: SimulatedPrinter,
    clock: VirtualClock,
    deed: () => void,
    healths: readonly unknown[],
  ) {
    deed();
    await clock.advance(10_000);
    expect(printer.protocolErrors).toEqual([]);
    return healths.at(-1);
  }

  it.each([
    'paper-out',
    'cover-open',
    'head-hot',
    'switched-off',
  ] as const satisfies readonly PrinterTrouble[])(
    '%s is noticed while nobody prints, and its end as well',
    async (trouble) => {
      const { printer, clock, healths } = await printerRig();
      expect(healths.at(-1)).toEqual({ kind: 'up' });
      const fault = trouble === 'switched-off' ? 'silent' : trouble;
      const during = await healthAfter(printer, clock, () => printer.trouble(trouble), healths);
      expect(during).toEqual({ kind: 'down', fault });
      const after = await healthAfter(printer, clock, () => printer.mend(trouble), healths);
      expect(after).toEqual({ kind: 'up' });
    },
  );

  it('a printer that was switched off is ready again as soon as it answers', async () => {
    const rig = await printerRig();
    rig.printer.trouble('switched-off');
    await rig.clock.advance(8_100);
    expect(rig.healths.at(-1)).toEqual({ kind: 'down', fault: 'silent' });
    rig.printer.mend('switched-off');
    await rig.clock.advance(2_000);
    expect(rig.healths.at(-1)).toEqual({ kind: 'up' });
  });

  it('is told at each change and not more often', async () => {
    const rig = await printerRig();
    await rig.clock.advance(60_000);
    rig.printer.trouble('paper-out');
    await rig.clock.advance(60_000);
    rig.printer.mend('paper-out');
    await rig.clock.advance(60_000);
    const kinds = rig.healths.map((health) => (health.kind === 'up' ? 'up' : health.fault));
    expect(kinds.slice(kinds.indexOf('up'))).toEqual(['up', 'paper-out', 'up']);
  });

  it('a line that takes no bytes is a silent printer, and no call hangs', async () => {
    const rig = await printerRig();
    rig.line.setStuck(true);
    expect(await rig.print(order)).toEqual({ kind: 'not-printed', fault: 'silent' });
    await rig.clock.advance(10_000);
    expect(rig.healths.at(-1)).toEqual({ kind: 'down', fault: 'silent' });
    rig.line.setStuck(false);
    await rig.clock.advance(10_000);
    expect(rig.healths.at(-1)).toEqual({ kind: 'up' });
  });

  it('paper near its end is told to the technician, and keeps nobody from printing', async () => {
    const clock = new VirtualClock();
    const line = new SimulatedLine(clock);
    const low: boolean[] = [];
    const rig = await rigOn(line, line, clock, modern, { paperMm: 1_000 });
    const other = createReceiptPrinter({
      line,
      profile: modern,
      clock,
      onPaperLow: (is) => low.push(is),
    });
    await clock.advance(10_000);
    expect(low).toEqual([true]);
    expect(await rig.print(order)).toEqual({ kind: 'printed' });
    await other.close();
  });

  it('a receipt takes the time that the printer takes, and only then counts as printed', async () => {
    const rig = await printerRig(modern, { speedMmPerS: 50 });
    const startMs = rig.clock.nowMs();
    expect(await rig.print(order)).toEqual({ kind: 'printed' });
    expect(rig.clock.nowMs() - startMs).toBeGreaterThan(1_500);
    expect(rig.healths.at(-1)).toEqual({ kind: 'up' });
  });

  it('a printer that is closed in the middle of a receipt answers, and falls silent', async () => {
    const rig = await printerRig(modern, { speedMmPerS: 50 });
    const answers: PrintAnswer[] = [];
    void rig.driver.print(order).then((answer) => answers.push(answer));
    await rig.clock.advance(500);
    await rig.driver.close();
    await rig.clock.settle();
    expect(answers).toEqual([{ kind: 'unknown', fault: 'unplugged' }]);
    await expect(rig.clock.until(() => false)).rejects.toThrow('nothing is left to wait for');
  });
});

describe('a printer that is wired to be busy while it is off line', () => {
  const busy = { isBusyOffLine: true } as const;
  const faults = (rig: Omit<PrinterRig, 'line'>) =>
    rig.healths.map((health) => (health.kind === 'up' ? 'up' : health.fault));

  it('is said to have its cover open for as long as it is, although it cannot be asked', async () => {
    const clock = new VirtualClock();
    const cable = new SimulatedLine(clock);
    const rig = await rigOn(new ReopenedLine(cable), cable, clock, modern, busy);
    rig.printer.trouble('cover-open');
    await clock.advance(600_000);
    rig.printer.mend('cover-open');
    await rig.clock.advance(10_000);
    expect(faults(rig).slice(faults(rig).indexOf('up'))).toEqual(['up', 'cover-open', 'up']);
    expect(await rig.print(order)).toEqual({ kind: 'printed' });
  });

  it('is sent nothing while its cover is open, and the reason is told', async () => {
    const rig = await printerRig(modern, busy);
    rig.printer.trouble('cover-open');
    expect(await rig.print(order)).toEqual({ kind: 'not-printed', fault: 'cover-open' });
    rig.printer.mend('cover-open');
    await rig.clock.advance(30_000);
    expect(rig.printer.slips).toEqual([]);
  });

  it('finishes the receipt whose paper ran out, after the refill', async () => {
    for (const atByte of [100, 300, 600, 800]) {
      const rig = await printerRig(modern, { ...busy, speedMmPerS: 100, bufferBytes: 600 });
      rig.printer.troubleAfter(atByte, 'paper-out');
      rig.clock.after(12_000, () => rig.printer.mend('paper-out'));
      expect(await rig.print(order)).toEqual({ kind: 'printed' });
      expect(truth(rig.printer).whole).toBe(1);
      expect(rig.printer.protocolErrors).toEqual([]);
    }
  });
});

describe('asking before a receipt', () => {
  /** How many bytes the printer is sent until the first that prints. */
  async function bytesBefore(deed: (rig: Omit<PrinterRig, 'line'>) => Promise<unknown>) {
    const clock = new VirtualClock();
    const cable = new SimulatedLine(clock);
    const line = new CountingLine(cable, Number.POSITIVE_INFINITY);
    const rig = await rigOn(line, cable, clock, modern);
    const before = line.bytes;
    await deed(rig);
    return line.bytes - before;
  }

  it('is done once, whether somebody asked just before or not', async () => {
    const asked = await bytesBefore(async ({ driver, print }) => {
      expect(await driver.ready()).toEqual({ kind: 'ready' });
      await print(order);
    });
    expect(asked).toBe(await bytesBefore(({ print }) => print(order)));
  });

  it('is done again when the answer has become old', async () => {
    const rig = await printerRig();
    expect(await rig.driver.ready()).toEqual({ kind: 'ready' });
    await rig.clock.advance(1_500);
    rig.printer.trouble('switched-off');
    expect(await rig.print(order)).toEqual({ kind: 'not-printed', fault: 'silent' });
    rig.printer.mend('switched-off');
    await rig.clock.advance(30_000);
    expect(truth(rig.printer).ink).toBe(false);
  });

  it('is answered by what the printer said, also when it was just being asked anyway', async () => {
    const { pollMs } = modern.deadlines;
    for (let aroundMs = -8; aroundMs <= 8; aroundMs += 1) {
      const clock = new VirtualClock();
      const cable = new SimulatedLine(clock);
      const line = new BytewiseLine(cable, clock);
      // Near the end: of four bytes that say so, each taken for its neighbour is another fault.
      const rig = await rigOn(line, cable, clock, modern, { paperMm: 1_000 });
      await clock.advance(2 * pollMs + aroundMs - clock.nowMs());
      let answer: unknown = null;
      void rig.driver.ready().then((given) => {
        answer = given;
      });
      await clock.advance(pollMs);
      expect(answer).toEqual({ kind: 'ready' });
      const told = rig.healths.map(({ kind }) => kind);
      expect(told.slice(told.indexOf('up'))).toEqual(['up']);
      await rig.driver.close();
    }
  });

  it('a printer that has said in between that its paper is out is sent nothing', async () => {
    const rig = await printerRig();
    expect(await rig.driver.ready()).toEqual({ kind: 'ready' });
    rig.printer.trouble('paper-out');
    await rig.clock.settle();
    expect(await rig.print(order)).toEqual({ kind: 'not-printed', fault: 'paper-out' });
    rig.printer.mend('paper-out');
    await rig.clock.advance(30_000);
    expect(truth(rig.printer).ink).toBe(false);
  });
});
