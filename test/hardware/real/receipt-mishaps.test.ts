import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PrinterTrouble } from '../../../hardware/printer/simulated.ts';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import type { PaperState } from '../../../main/session/attempt.ts';
import { type Errand, visit } from './person.ts';
import { RealKiosk } from './real-kiosk.ts';

const pcscd = new Pcscd();
beforeAll(() => pcscd.start());
afterAll(() => pcscd.kill());

let kiosk: RealKiosk;
beforeEach(async () => {
  // As fast as a real one: a receipt takes a second or so, and can be interrupted.
  kiosk = await RealKiosk.start({
    driver: 'pcsc',
    printMmPerS: 150,
    timings: { closingMs: 20_000 },
  });
  await kiosk.shows('attract');
});
afterEach(() => kiosk.end());

const somewhere = 400;

function topUp(amountMinor: number, more: Partial<Errand> = {}): Promise<void> {
  const usual = { kiosk, cardId: 'card-1', means: 'bank-card', manner: 'when-asked' } as const;
  return visit({ ...usual, receiptWanted: true, amountMinor, ...more });
}

function paperOf(amountMinor: number): PaperState | undefined {
  return kiosk.books.attempts.find((attempt) => attempt.amountMinor === amountMinor)?.paper;
}

/** So much of a receipt is on paper that something hangs in the printer, and it is not done. */
async function inMidReceipt(): Promise<void> {
  await kiosk.until(() => kiosk.printer.hanging.items.length > 3, 'half a receipt');
}

describe('the serial cable is pulled in the middle of a receipt', () => {
  it('the money is done, the slip may be printed, none is printed blindly, the next is whole', async () => {
    const visiting = topUp(1_000);
    await inMidReceipt();
    await kiosk.cable.unplug();
    await visiting;
    expect(kiosk.books.holds(1_000)).toBe(true);
    expect(paperOf(1_000)).toBe('maybe-printed');
    expect(kiosk.books.objections()).toEqual([]);

    await kiosk.cable.plug();
    await kiosk.until(() => kiosk.session.devices.printer.kind === 'up', 'a printer that is up');
    await topUp(2_000);
    expect(paperOf(2_000)).toBe('printed');
    expect(kiosk.books.slipsOf(2_000)).toMatchObject([{ kind: 'top-up', copy: 'original' }]);
    // The printer may have finished the first one from its buffer; nobody has sent it twice.
    expect(kiosk.books.slipsOf(1_000).length).toBeLessThanOrEqual(1);
    expect(kiosk.books.objections()).toEqual([]);
    expect(kiosk.printer.hanging.items).toEqual([]);
  });

  it('another one is marked as a duplicate, and comes only when it is asked for', async () => {
    const visiting = topUp(1_000, { onReceipt: () => askForCopy() });
    await inMidReceipt();
    await kiosk.cable.unplug();
    await kiosk.until(
      () => kiosk.screen.screen.kind === 'receipt' && kiosk.screen.screen.state === 'maybe-printed',
      'a person who is told that it may not have come',
    );
    await kiosk.cable.plug();
    await visiting;
    expect(paperOf(1_000)).toBe('printed');
    expect(kiosk.books.objections()).toEqual([]);
    expect(kiosk.books.slipsOf(1_000)).toContainEqual(
      expect.objectContaining({ copy: 'duplicate' }),
    );
  });

  /** Ask once it can be had; true while they stay. */
  function askForCopy(): boolean {
    const { screen } = kiosk.screen;
    if (screen.kind !== 'receipt' || screen.state === 'printed') return false;
    if (screen.state === 'maybe-printed' && screen.canPrint) {
      kiosk.books.askedForCopy(screen.reference);
      kiosk.screen.tap({ kind: 'print-again' });
    }
    return true;
  }
});

describe('what somebody at the kiosk can mend', () => {
  it.each<readonly [PrinterTrouble, string]>([
    ['paper-out', 'paper-out'],
    ['cover-open', 'cover-open'],
  ])(
    '%s in the middle of a receipt: exactly one comes, once it is mended, and is confirmed',
    async (trouble, told) => {
      kiosk.printer.troubleAfter(somewhere, trouble);
      const visiting = topUp(1_000);
      await kiosk.until(
        () => kiosk.screen.screen.kind === 'receipt' && kiosk.screen.screen.state === told,
        `a person who is told of ${told}`,
      );
      expect(kiosk.books.slipsOf(1_000)).toEqual([]);
      kiosk.printer.mend(trouble);
      await visiting;
      expect(paperOf(1_000)).toBe('printed');
      expect(kiosk.books.slipsOf(1_000)).toMatchObject([{ kind: 'top-up', copy: 'original' }]);
      expect(kiosk.slips).toHaveLength(1);
      expect(kiosk.books.objections()).toEqual([]);
      expect(kiosk.printer.protocolErrors).toEqual([]);
    },
  );
});

describe('the printer is switched off in the middle of a receipt', () => {
  it('the slip may be printed, and the next one is whole', async () => {
    kiosk.printer.troubleAfter(somewhere, 'switched-off');
    await topUp(1_000);
    expect(kiosk.books.holds(1_000)).toBe(true);
    expect(paperOf(1_000)).toBe('maybe-printed');
    kiosk.printer.mend('switched-off');
    await kiosk.until(() => kiosk.session.devices.printer.kind === 'up', 'a printer that is up');
    await topUp(2_000);
    expect(paperOf(2_000)).toBe('printed');
    expect(kiosk.books.slipsOf(2_000)).toMatchObject([{ kind: 'top-up', copy: 'original' }]);
    expect(kiosk.books.objections()).toEqual([]);
  });
});
