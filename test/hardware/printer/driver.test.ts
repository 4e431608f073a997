import { describe, expect, it } from 'vitest';
import { SimulatedLine } from '../../../hardware/line/simulated.ts';
import { settledProfiles } from '../../../hardware/printer/profile.ts';
import { isPrintedOn, slipLines } from '../../../hardware/printer/simulated-roll.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { CountingLine, CreepingLine, SlowLine } from './bad-lines.ts';
import { drawnBits } from './drawn-bits.ts';
import { expectTrue, printerRig, rigOn, truth } from './rig.ts';
import { sampleReceipt } from './sample.ts';

/** The driver asks the printer how it is before each receipt: DLE EOT 1 to 4. */
const questionBytes = 12;
const order = { receipt: sampleReceipt(), copy: 'original' } as const;
const modern = settledProfiles['gb18030-58mm'];
const plain = settledProfiles['gb18030-58mm-plain'];
const both = [
  ['with process ids', modern, 11],
  // Mostly the QR code's dots: not each of them.
  ['without process ids', plain, 97],
] as const;

/** Bytes that one receipt makes the printer work through. */
async function receiptBytes(profile: typeof modern): Promise<number> {
  const clock = new VirtualClock();
  const cable = new SimulatedLine(clock);
  const line = new CountingLine(cable, Number.POSITIVE_INFINITY);
  const rig = await rigOn(line, cable, clock, profile);
  const before = line.bytes;
  await rig.print(order);
  return line.bytes - before;
}

describe('the answer is what the paper says', () => {
  it.each(both)('when paper runs out at any byte, %s', async (_name, profile, step) => {
    const bytes = await receiptBytes(profile);
    const kinds = new Set<string>();
    for (let at = 0; at <= bytes + step; at += step) {
      const rig = await printerRig(profile);
      rig.printer.troubleAfter(at, 'paper-out');
      const answer = await rig.print(order);
      expectTrue(answer, rig.printer);
      if (answer.kind !== 'printed') expect(answer.fault).toBe('paper-out');
      kinds.add(answer.kind);
    }
    expect(kinds).toEqual(new Set(['not-printed', 'unknown', 'printed']));
  });

  it.each(both)('when its plug is pulled and the line gives a 0, %s', async (_name, profile) => {
    const kinds = new Set<string>();
    for (let atMs = 0; atMs <= 4_000; atMs += 80) {
      const rig = await printerRig(profile, { speedMmPerS: 50 });
      rig.clock.after(atMs, () => {
        rig.printer.trouble('switched-off');
        rig.line.far.send(Uint8Array.of(0));
      });
      const answer = await rig.print(order);
      expectTrue(answer, rig.printer);
      kinds.add(answer.kind);
    }
    expect(kinds).toContain('unknown');
    expect(kinds).toContain('printed');
  });

  it('when the line gives a 0 before all is sent, and the paper runs out afterwards', async () => {
    const clock = new VirtualClock();
    const cable = new SimulatedLine(clock);
    const rig = await rigOn(new SlowLine(cable, clock), cable, clock, plain);
    clock.after(100, () => cable.far.send(Uint8Array.of(0)));
    clock.after(200, () => rig.printer.trouble('paper-out'));
    const answer = await rig.print(order);
    expect(answer).toEqual({ kind: 'unknown', fault: 'paper-out' });
    expectTrue(answer, rig.printer);
  });

  it.each(both)('when there is paper for any length of it, %s', async (_name, profile) => {
    const kinds = new Set<string>();
    for (let paperMm = 0; paperMm <= 150; paperMm += 3) {
      const rig = await printerRig(profile, { paperMm });
      const answer = await rig.print(order);
      expectTrue(answer, rig.printer);
      kinds.add(answer.kind);
    }
    expect(kinds).toEqual(new Set(['not-printed', 'unknown', 'printed']));
  });

  it.each(both)('when the cable is pulled after any byte, %s', async (_name, profile, step) => {
    const bytes = await receiptBytes(profile);
    const kinds = new Set<string>();
    for (let at = 0; at <= bytes + step; at += step) {
      const clock = new VirtualClock();
      const cable = new SimulatedLine(clock);
      const line = new CountingLine(cable, Number.POSITIVE_INFINITY);
      const rig = await rigOn(line, cable, clock, profile);
      line.pullAfter(at);
      const answer = await rig.print(order);
      expectTrue(answer, rig.printer);
      if (answer.kind !== 'printed') expect(answer.fault).toBe('unplugged');
      kinds.add(answer.kind);

      // Whatever has remained in the printer does not spoil the next person's receipt.
      cable.plug();
      await clock.until(() => rig.healths.at(-1)?.kind === 'up');
      line.pullAfter(Number.POSITIVE_INFINITY);
      rig.printer.collect();
      expect(await rig.print(order)).toEqual({ kind: 'printed' });
      const lines = slipLines(rig.printer.slips.at(-1) ?? rig.printer.hanging);
      expect(lines.filter((text) => text === '充值凭条')).toHaveLength(1);
      expect([lines[0], lines.at(-1)]).toEqual(['充值凭条', '感谢使用，请收好卡片']);
    }
    expect(kinds).toEqual(new Set(['not-printed', 'unknown', 'printed']));
  });

  it.each([
    ['cover-open', 'cover-open'],
    ['head-hot', 'head-hot'],
    ['switched-off', 'silent'],
    ['cutter-jam', 'cutter-jam'],
  ] as const)('when this happens at any byte: %s', async (trouble, fault) => {
    const bytes = await receiptBytes(modern);
    for (let at = 0; at <= bytes; at += 37) {
      const rig = await printerRig(modern);
      rig.printer.troubleAfter(at, trouble);
      const answer = await rig.print(order);
      expectTrue(answer, rig.printer);
      if (answer.kind !== 'printed') expect(answer.fault).toBe(fault);
    }
  });
});

describe('a fault in the middle of a receipt', () => {
  it.each(both)(
    'paper that runs out at any byte and is refilled gives exactly one receipt, %s',
    async (_name, profile, step) => {
      const bytes = await receiptBytes(profile);
      for (let at = questionBytes; at <= bytes; at += step) {
        const rig = await printerRig(profile);
        rig.printer.troubleAfter(at, 'paper-out');
        rig.clock.after(12_000, () => rig.printer.mend('paper-out'));
        expect(await rig.print(order)).toEqual({ kind: 'printed' });
        await rig.clock.advance(60_000);
        expect(truth(rig.printer).whole).toBe(1);
        expect(isPrintedOn(rig.printer.hanging)).toBe(false);
      }
    },
  );

  it('paper that runs out in the middle of a drawn line is refilled, and the line is whole', async () => {
    const receipt = sampleReceipt({ stationName: 'Łódź' });
    const drawn = async (atByte: number | null) => {
      const rig = await printerRig(modern);
      if (atByte !== null) rig.printer.troubleAfter(atByte, 'paper-out');
      rig.clock.after(12_000, () => rig.printer.mend('paper-out'));
      expect(await rig.print({ receipt, copy: 'original' })).toEqual({ kind: 'printed' });
      expect(truth(rig.printer).whole).toBe(1);
      expect(rig.printer.protocolErrors).toEqual([]);
      return drawnBits(rig.printer.slips[0] ?? rig.printer.hanging);
    };
    const whole = await drawn(null);
    expect(whole).toHaveLength(1);
    for (let atByte = questionBytes; atByte <= 2_400; atByte += 41) {
      expect(await drawn(atByte)).toEqual(whole);
    }
  });

  it('paper that is refilled goes on at once, however long the roll was', async () => {
    const rig = await printerRig(modern, { speedMmPerS: 100 });
    rig.printer.troubleAfter(400, 'paper-out');
    rig.clock.after(12_000, () => rig.printer.mend('paper-out'));
    expect(await rig.print(order)).toEqual({ kind: 'printed' });
    expect(rig.clock.nowMs()).toBeLessThan(16_000);
    expect(truth(rig.printer).whole).toBe(1);
  });

  it.each(['cover-open', 'head-hot'] as const)(
    '%s for a while delays the receipt',
    async (trouble) => {
      const rig = await printerRig(modern);
      rig.printer.troubleAfter(400, trouble);
      rig.clock.after(8_000, () => rig.printer.mend(trouble));
      expect(await rig.print(order)).toEqual({ kind: 'printed' });
      expect(rig.clock.nowMs()).toBeGreaterThanOrEqual(8_000);
      expect(truth(rig.printer).whole).toBe(1);
    },
  );

  it('a slow printer that is too busy to be asked how it is, is not disturbed', async () => {
    // Its buffer holds the receipt and hardly more: the questions have to wait until most of it is printed.
    const patient = { ...modern, deadlines: { ...modern.deadlines, confirmMs: 60_000 } };
    const rig = await printerRig(patient, { speedMmPerS: 5, bufferBytes: 1_300 });
    const receipt = sampleReceipt({ stationName: '站'.repeat(230) });
    expect(await rig.print({ receipt, copy: 'original' })).toEqual({ kind: 'printed' });
    const kinds = rig.healths.map((health) => (health.kind === 'up' ? 'up' : health.fault));
    expect(kinds.slice(kinds.indexOf('up'))).toEqual(['up', 'silent', 'up']);
    expect(truth(rig.printer).whole).toBe(1);
    expect(rig.printer.protocolErrors).toEqual([]);
  });

  it('paper that runs out in the middle of an image is waited for without a word: it would be drawn', async () => {
    for (const afterMs of [60, 100, 200, 300, 400]) {
      const clock = new VirtualClock();
      const cable = new SimulatedLine(clock);
      const rig = await rigOn(new SlowLine(cable, clock), cable, clock, plain);
      clock.after(afterMs, () => rig.printer.trouble('paper-out'));
      clock.after(12_000, () => rig.printer.mend('paper-out'));
      expect(await rig.print(order)).toEqual({ kind: 'printed' });
      expect(rig.printer.protocolErrors).toEqual([]);
      expect(truth(rig.printer).whole).toBe(1);
    }
  });

  it('a printer without paper that is too full to be asked is out of paper, not silent', async () => {
    const rig = await printerRig(modern, { speedMmPerS: 20, bufferBytes: 850 });
    rig.clock.after(200, () => rig.printer.trouble('paper-out'));
    expect(await rig.print(order)).toEqual({ kind: 'unknown', fault: 'paper-out' });
    expect(rig.healths.at(-1)).toEqual({ kind: 'down', fault: 'paper-out' });
  });

  it('a line that was away for a moment ends the receipt at once: bytes are missing', async () => {
    const clock = new VirtualClock();
    const cable = new SimulatedLine(clock);
    const line = new CountingLine(cable, Number.POSITIVE_INFINITY);
    const rig = await rigOn(line, cable, clock, modern);
    line.blinkAfter(questionBytes + 100);
    const startMs = clock.nowMs();
    expect(await rig.print(order)).toEqual({ kind: 'unknown', fault: 'unplugged' });
    expect(clock.nowMs() - startMs).toBeLessThan(1_000);
    expect(await rig.print(order)).toEqual({ kind: 'printed' });
  });

  it('a refill that comes too late finds the receipt given up, and prints none behind the back', async () => {
    const rig = await printerRig(modern);
    rig.printer.troubleAfter(400, 'paper-out');
    expect(await rig.print(order)).toEqual({ kind: 'unknown', fault: 'paper-out' });
    rig.printer.mend('paper-out');
    await rig.clock.advance(60_000);
    expect(truth(rig.printer).whole).toBe(0);
    expect(rig.healths.at(-1)).toEqual({ kind: 'up' });
  });

  it('what is left of a broken receipt is cut off before the next one', async () => {
    const rig = await printerRig(modern);
    rig.printer.troubleAfter(400, 'paper-out');
    await rig.print(order);
    rig.printer.mend('paper-out');
    await rig.clock.advance(5_000);
    expect(await rig.print(order)).toEqual({ kind: 'printed' });
    const [remains, receipt] = rig.printer.slips.map(slipLines);
    expect(remains?.at(-1)).not.toBe('感谢使用，请收好卡片');
    expect(receipt?.[0]).toBe('充值凭条');
    expect(await rig.print(order)).toEqual({ kind: 'printed' });
    expect(rig.printer.slips).toHaveLength(3);
  });

  it('a jammed cutter is tried again by itself once somebody has freed it', async () => {
    const rig = await printerRig(modern);
    rig.printer.trouble('cutter-jam');
    expect(await rig.print(order)).toEqual({ kind: 'unknown', fault: 'cutter-jam' });
    expect(rig.clock.nowMs()).toBeLessThan(1_000);
    await rig.clock.advance(60_000);
    expect(rig.healths.at(-1)).toEqual({ kind: 'down', fault: 'cutter-jam' });
    rig.printer.mend('cutter-jam');
    await rig.clock.advance(60_000);
    expect(rig.healths.at(-1)).toEqual({ kind: 'up' });
    expect(await rig.print(order)).toEqual({ kind: 'printed' });
  });

  it.each(both)(
    'the end of an earlier receipt is never taken for the end of this one, %s',
    async (_name, profile) => {
      // A slow printer that cannot be cleared: it goes on with what the driver has given up.
      const rig = await printerRig(profile, {
        speedMmPerS: 2,
        knowsClear: false,
        bufferBytes: 65_536,
      });
      expect(await rig.print(order)).toEqual({ kind: 'unknown', fault: 'silent' });
      const second = await rig.print({ ...order, copy: 'duplicate' });
      const isDuplicate = (lines: readonly string[]) => lines.includes('补打');
      expect(rig.printer.slips.map(slipLines).some(isDuplicate)).toBe(false);
      expect(second.kind).toBe('not-printed');
      await rig.clock.advance(120_000);
      expect(truth(rig.printer).whole).toBe(1);
    },
  );
});

describe('before a receipt', () => {
  it.each([
    ['paper-out', 'paper-out'],
    ['cover-open', 'cover-open'],
    ['head-hot', 'head-hot'],
    ['switched-off', 'silent'],
  ] as const)('a printer with %s is told apart, and nothing is sent', async (trouble, fault) => {
    const rig = await printerRig();
    rig.printer.trouble(trouble);
    expect(await rig.print(order)).toEqual({ kind: 'not-printed', fault });
    rig.printer.mend(trouble);
    await rig.clock.advance(30_000);
    expect(truth(rig.printer).ink).toBe(false);
    expect(await rig.print(order)).toEqual({ kind: 'printed' });
  });

  it('an unplugged line is no printer', async () => {
    const rig = await printerRig();
    rig.line.unplug();
    expect(await rig.print(order)).toEqual({ kind: 'not-printed', fault: 'unplugged' });
  });

  it('a second order while one is being printed is refused and does not disturb it', async () => {
    const rig = await printerRig(modern, { speedMmPerS: 100 });
    const first = rig.print(order);
    expect(await rig.print(order)).toEqual({ kind: 'not-printed', fault: 'busy' });
    expect(await first).toEqual({ kind: 'printed' });
    expect(truth(rig.printer).whole).toBe(1);
  });

  it('a printer that does not confirm as its profile says is not ready, rather than printing in doubt', async () => {
    const rig = await printerRig(modern, { knowsProcessId: false });
    expect(rig.healths.at(-1)).toEqual({ kind: 'down', fault: 'not-ready' });
    expect(await rig.print(order)).toEqual({ kind: 'not-printed', fault: 'not-ready' });
    expect(truth(rig.printer).ink).toBe(false);
  });
});

it('a line that takes a part now and then does not hold the answer back for long', async () => {
  const clock = new VirtualClock();
  const cable = new SimulatedLine(clock);
  const rig = await rigOn(new CreepingLine(cable, clock), cable, clock, plain);
  const startMs = clock.nowMs();
  await rig.print(order);
  const { writeMs, refillMs, confirmMs } = plain.deadlines;
  const parts = 10;
  expect(clock.nowMs() - startMs).toBeLessThan(parts * writeMs + refillMs + confirmMs);
});
