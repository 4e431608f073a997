import { describe, expect, it } from 'vitest';
import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { createReceiptPrinter } from '../../../hardware/printer/driver.ts';
import type { PrintAnswer } from '../../../hardware/printer/port.ts';
import { settledProfiles } from '../../../hardware/printer/profile.ts';
import type { PrinterTrouble, SimulatedPrinter } from '../../../hardware/printer/simulated.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { printerRig, rigOn } from './rig.ts';
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
    await clock.advance(3_000);
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
