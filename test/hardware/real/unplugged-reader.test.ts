import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { visit } from './person.ts';
import { RealKiosk } from './real-kiosk.ts';
import { driverNames } from './real-rig.ts';
import { UsbReader } from './usb-reader.ts';

const creditForLoad = 0x52;

/** A hand needs that long to find the plug; pcscd lets go of a reader within about 1.2 s. */
const handMs = 2_000;

let reader: UsbReader;
beforeAll(async () => {
  reader = new UsbReader();
  await reader.start();
});
afterAll(() => reader.end());

let kiosk: RealKiosk;

async function plugIn(): Promise<void> {
  await sleep(handMs);
  reader.plug();
}

/** The reader has no power any more, and gives none to its card. */
function unplug(): void {
  reader.unplug();
  void kiosk.slot.losePower();
}

describe.each(driverNames)(
  'the reader is unplugged under a running pcscd, through %s',
  (driver) => {
    beforeEach(async () => {
      kiosk = await RealKiosk.start({ driver, timings: { cardReturnMs: 10_000 } });
      await kiosk.shows('attract');
    });
    afterEach(async () => {
      await kiosk.end();
      reader.plug();
    });

    const usual = { cardId: 'card-1', means: 'bank-card', manner: 'when-asked' } as const;

    async function plugAgain(): Promise<void> {
      await plugIn();
      await kiosk.until(() => kiosk.session.devices.reader.kind === 'up', 'a reader that is up');
      await kiosk.slot.reseat();
    }

    /** Unplug it when the card has carried this command out, or before it has. */
    function unplugAt(
      isIt: (command: Uint8Array) => boolean,
      when: 'before' | 'after',
    ): () => boolean {
      let isDone = false;
      kiosk.slot.strike((command, now) => {
        if (isDone || now !== when || !isIt(command)) return false;
        isDone = true;
        unplug();
        return true;
      });
      return () => isDone;
    }

    const isDown = (): boolean =>
      kiosk.session.devices.reader.kind === 'down' &&
      kiosk.session.devices.reader.fault === 'unplugged';

    it('while nobody is there: out of service, and back by itself, however often', async () => {
      for (let round = 0; round < 2; round += 1) {
        unplug();
        await kiosk.shows('out-of-service');
        expect(kiosk.screen.screen).toMatchObject({
          faults: [{ device: 'reader', fault: 'unplugged' }],
        });
        await plugIn();
        await kiosk.shows('attract');
      }
      await visit({ kiosk, ...usual, amountMinor: 1_000, receiptWanted: false });
      expect(kiosk.books.holds(1_000)).toBe(true);
      expect(kiosk.books.objections()).toEqual([]);
    });

    it('while a card is read: the card is read when the reader is back', async () => {
      const isUnplugged = unplugAt(() => kiosk.slot.commands === 3, 'before');
      const visiting = visit({ kiosk, ...usual, amountMinor: 1_000, receiptWanted: false });
      await kiosk.until(() => isUnplugged() && isDown(), 'an unplugged reader');
      await kiosk.shows('out-of-service');
      await plugAgain();
      await visiting;
      expect(kiosk.books.holds(1_000)).toBe(true);
      expect(kiosk.books.objections()).toEqual([]);
    });

    it.each(['before', 'after'] as const)(
      'in the middle of a load, %s the card is credited: it is finished once, when the reader is back',
      async (when) => {
        const isUnplugged = unplugAt((command) => command[1] === creditForLoad, when);
        const visiting = visit({ kiosk, ...usual, amountMinor: 1_000, receiptWanted: false });
        await kiosk.until(() => isUnplugged() && isDown(), 'an unplugged reader');
        expect(kiosk.books.holds(1_000)).toBe(when === 'after');
        await kiosk.shows('put-card-back');
        expect(kiosk.screen.screen).toMatchObject({ why: 'reader-down' });
        await plugAgain();
        await visiting;
        expect(kiosk.screen.kinds).toContain('done');
        expect(kiosk.books.holds(1_000)).toBe(true);
        expect(kiosk.books.objections()).toEqual([]);
        expect(kiosk.journal.unsettled()).toEqual([]);
      },
    );
  },
);
