import { describe, expect, it } from 'vitest';
import { renderLines } from '../../../hardware/printer/escpos.ts';
import type { PrintAnswer, ReadyAnswer } from '../../../hardware/printer/port.ts';
import { settledProfiles } from '../../../hardware/printer/profile.ts';
import { isPrintedOn, slipLines } from '../../../hardware/printer/simulated-roll.ts';
import { drawnBits } from './drawn-bits.ts';
import { type PrinterRig, printerRig } from './rig.ts';
import { sampleReceipt } from './sample.ts';

const modern = settledProfiles['gb18030-58mm'];
const plain = settledProfiles['gb18030-58mm-plain'];
const both = [
  ['with process ids', modern],
  ['without process ids', plain],
] as const;
const receipt = { receipt: sampleReceipt(), copy: 'original' } as const;

/** A page of 40 lines, each as wide as the paper. */
const page = (columns: number): readonly string[] =>
  Array.from({ length: 40 }, (_, line) => `  line ${line}`.padEnd(columns - 1, '.').concat('|'));

/** The answer, once as much time has passed as it takes. */
async function given<Answer>({ clock }: PrinterRig, answer: Promise<Answer>): Promise<Answer> {
  let isThere = false;
  void answer.finally(() => {
    isThere = true;
  });
  await clock.until(() => isThere);
  return answer;
}

const papers = ({ printer }: PrinterRig) => printer.slips.map(slipLines);

describe('lines for staff', () => {
  it.each(Object.entries(settledProfiles))(
    'are on paper as they stand, cut and confirmed: %s',
    async (_name, profile) => {
      const rig = await printerRig(profile);
      expect(await given(rig, rig.driver.printLines(page))).toEqual({ kind: 'printed' });
      expect(papers(rig)).toEqual([page(profile.columns)]);
      expect(isPrintedOn(rig.printer.hanging)).toBe(false);
      expect(rig.printer.protocolErrors).toEqual([]);
    },
  );

  it('that are too long are broken, and no text in them is a command', async () => {
    const rig = await printerRig(modern);
    const long = 'A'.repeat(40);
    const lines = () => ['\x1b@\x1dV\x42\x00\x10\x04\x01', long, '', 'end'];
    expect(await given(rig, rig.driver.printLines(lines))).toEqual({ kind: 'printed' });
    expect(papers(rig)).toEqual([[' @ VB    ', 'A'.repeat(32), 'A'.repeat(8), 'end']]);
    const { parts } = renderLines(lines(), modern, new Uint8Array());
    expect(Buffer.concat(parts).toString('latin1').split('\x1dV')).toHaveLength(2);
  });

  it.each(both)(
    'keep a receipt that is ordered meanwhile waiting, and do not refuse it: %s',
    async (_name, profile) => {
      for (let afterMs = 0; afterMs <= 8_000; afterMs += 250) {
        const rig = await printerRig(profile, { speedMmPerS: 30 });
        const lines = rig.driver.printLines(page);
        await rig.clock.advance(afterMs);
        const ready: Promise<ReadyAnswer> = rig.driver.ready();
        const printed: Promise<PrintAnswer> = rig.driver.print(receipt);
        expect(await given(rig, printed)).toEqual({ kind: 'printed' });
        expect(await lines).toEqual({ kind: 'printed' });
        // What was asked before the receipt was ordered is answered before it is begun.
        expect(await ready).toEqual({ kind: 'ready' });
        const [first, second, ...more] = papers(rig);
        expect(first).toEqual(page(profile.columns));
        expect([second?.[0], second?.at(-1)]).toEqual(['充值凭条', '感谢使用，请收好卡片']);
        expect(more).toEqual([]);
      }
    },
  );

  it('are refused while a receipt is being printed, and do not disturb it', async () => {
    const rig = await printerRig(modern, { speedMmPerS: 100 });
    const printed = rig.driver.print(receipt);
    expect(await rig.driver.printLines(page)).toEqual({ kind: 'not-printed', fault: 'busy' });
    expect(await rig.driver.print(receipt)).toEqual({ kind: 'not-printed', fault: 'busy' });
    expect(await given(rig, printed)).toEqual({ kind: 'printed' });
    expect(papers(rig)).toHaveLength(1);
  });

  it('are refused while others are being printed, for which a receipt waits all the same', async () => {
    const rig = await printerRig(modern, { speedMmPerS: 100 });
    const lines = rig.driver.printLines(page);
    expect(await rig.driver.printLines(page)).toEqual({ kind: 'not-printed', fault: 'busy' });
    expect(await given(rig, rig.driver.print(receipt))).toEqual({ kind: 'printed' });
    expect(await lines).toEqual({ kind: 'printed' });
    expect(papers(rig)).toHaveLength(2);
  });

  it('that have to be drawn are never wider than the paper', async () => {
    const rig = await printerRig(modern);
    const lines = () => ['Ł'.repeat(40)];
    expect(await given(rig, rig.driver.printLines(lines))).toEqual({ kind: 'printed' });
    expect(drawnBits(rig.printer.slips[0] ?? rig.printer.hanging)).toHaveLength(2);
    expect(rig.printer.protocolErrors).toEqual([]);
  });

  it.each(both)(
    'are called printed only if all of them are on paper, whatever byte the paper ends at: %s',
    async (_name, profile) => {
      const kinds = new Set<string>();
      for (let at = 0; at <= 2_000; at += 29) {
        const rig = await printerRig(profile);
        rig.printer.troubleAfter(at, 'paper-out');
        const answer = await given(rig, rig.driver.printLines(page));
        kinds.add(answer.kind);
        const whole = papers(rig).length === 1;
        if (answer.kind === 'printed') expect(whole).toBe(true);
        if (answer.kind === 'not-printed') expect(isPrintedOn(rig.printer.hanging)).toBe(false);
      }
      expect(kinds).toEqual(new Set(['not-printed', 'unknown', 'printed']));
    },
  );

  it('wait for nobody: without paper they are given up at once, and the next receipt is cut free of them', async () => {
    const rig = await printerRig(modern);
    rig.printer.troubleAfter(400, 'paper-out');
    const startMs = rig.clock.nowMs();
    const answer = await given(rig, rig.driver.printLines(page));
    expect(answer).toEqual({ kind: 'unknown', fault: 'paper-out' });
    expect(rig.clock.nowMs() - startMs).toBeLessThan(modern.deadlines.refillMs / 2);
    rig.printer.mend('paper-out');
    await rig.clock.advance(10_000);
    expect(await rig.print(receipt)).toEqual({ kind: 'printed' });
    const [remains, slip, ...more] = papers(rig);
    expect(remains?.[0]).toBe(page(32)[0]);
    expect(slip?.[0]).toBe('充值凭条');
    expect(slip?.join()).not.toContain('line');
    expect(more).toEqual([]);
  });
});
