import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type SimulatedCard,
  SimulatedGarbledCard,
  SimulatedMuteCard,
} from '../../../hardware/card/simulated.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { visit } from './person.ts';
import { RealKiosk } from './real-kiosk.ts';
import { type DriverName, driverNames, drivers } from './real-rig.ts';
import { UsbReader } from './usb-reader.ts';

let usb: UsbReader;
beforeAll(() => {
  usb = new UsbReader();
});
afterAll(async () => {
  await usb.end();
  const rows = recoveries.map(
    ({ driver, cause, ms }) =>
      `${driver.padEnd(9)} ${String(Math.round(ms)).padStart(5)} ms  ${cause}`,
  );
  console.log(['From the cause going away to the right screen:', ...rows].join('\n'));
});

const recoveries: { readonly driver: DriverName; readonly cause: string; readonly ms: number }[] =
  [];

/** A hand needs that long; pcscd lets go of a reader within about 1.2 s. */
const handMs = 2_000;

let kiosk: RealKiosk;

describe.each(driverNames)('a kiosk that is kept from its cards, through %s', (driver) => {
  beforeEach(async () => {
    usb.plug();
    await usb.start();
    kiosk = await RealKiosk.start({ driver, timings: { cardReturnMs: 10_000 } });
    await kiosk.shows('attract');
  });
  afterEach(async () => {
    await kiosk.end();
    await usb.pcscd.kill();
  });

  /** The cause goes away; how long until the screen is right again. */
  async function recovers(
    cause: string,
    goAway: () => Promise<void> | void,
    right: () => Promise<void> = () => kiosk.shows('attract'),
  ): Promise<void> {
    await goAway();
    const since = performance.now();
    await right();
    recoveries.push({ driver, cause, ms: performance.now() - since });
  }

  async function isOutOfService(fault: string): Promise<void> {
    await kiosk.shows('out-of-service');
    expect(kiosk.screen.screen).toMatchObject({ faults: [{ device: 'reader', fault }] });
  }

  async function serves(): Promise<void> {
    const usual = { cardId: 'card-1', means: 'bank-card', manner: 'when-asked' } as const;
    await visit({ kiosk, ...usual, amountMinor: 9_000, receiptWanted: false });
    expect(kiosk.books.holds(9_000)).toBe(true);
    expect(kiosk.books.objections()).toEqual([]);
  }

  it('says so while pcscd is stopped, and serves when it is started', async () => {
    process.kill(Number.parseInt(readFileSync('/run/pcscd/pcscd.pid', 'utf8'), 10), 'SIGTERM');
    await isOutOfService('service-down');
    await recovers('pcscd stopped', () => usb.start());
    await serves();
  });

  it('says so while pcscd is dead, and serves when it is started', async () => {
    await usb.pcscd.kill();
    await isOutOfService('service-down');
    await recovers('pcscd killed', () => usb.start());
    await serves();
  });

  it('serves when pcscd was restarted at once', async () => {
    await usb.pcscd.kill();
    await recovers(
      'pcscd restarted',
      () => usb.start(),
      async () => {
        await kiosk.until(() => kiosk.said.length > 0, 'a reader that was lost');
        await kiosk.shows('attract');
      },
    );
    await serves();
  });

  it('says so while the reader is unplugged, and serves when it is back', async () => {
    usb.unplug();
    await isOutOfService('unplugged');
    await sleep(handMs);
    await recovers('reader unplugged', () => usb.plug());
    await serves();
  });

  it.each<readonly [string, SimulatedCard, string]>([
    // vpcd waits for ever for a card that says nothing: to the kiosk its reader hangs.
    ['keeps its reader waiting', new SimulatedMuteCard({ answersReset: true }), 'reader-fault'],
    ['talks nonsense', new SimulatedGarbledCard(), 'unreadable'],
  ])('refuses a card that %s, and serves the next one', async (what, card, reason) => {
    await kiosk.slot.insert(card);
    await kiosk.shows('refused-card');
    expect(kiosk.screen.screen).toMatchObject({ reason });
    await recovers(`a card that ${what}`, () => kiosk.slot.pull());
    await serves();
  });

  it('writes no card that somebody else holds, and goes on when they let go', async () => {
    const other = drivers[driver].open({
      readerName: '^Virtual PCD .. 00$',
      clock: systemClock,
      log: () => {},
    });
    let isThere = false;
    other.watch(
      ({ kind }) => {
        isThere = kind === 'present';
      },
      () => {},
    );
    let isHeld = false;
    const visiting = visit({
      kiosk,
      cardId: 'card-1',
      means: 'bank-card',
      manner: 'when-asked',
      receiptWanted: false,
      amountMinor: 1_000,
      // Between the reading and the choice of an amount nobody holds it.
      looksAway: () => kiosk.screen.screen.kind === 'card' && !isHeld,
    });
    await kiosk.shows('card');
    await kiosk.until(() => isThere, 'a card for the others too');
    const held = await other.connect();
    if (held.kind === 'failed') throw new Error(`not held: ${held.fault.kind}`);
    isHeld = true;
    await kiosk.shows('put-card-back');
    expect(kiosk.screen.screen).toMatchObject({ why: 'reader-down' });
    expect(kiosk.books.holds(1_000)).toBe(false);
    await recovers(
      'somebody else held the card',
      () => held.connection.release(),
      () => kiosk.until(() => kiosk.screen.kinds.includes('done'), 'a finished top-up'),
    );
    await visiting;
    expect(kiosk.books.holds(1_000)).toBe(true);
    expect(kiosk.books.objections()).toEqual([]);
    await other.close();
  });

  it('hangs with pcscd no longer than a command may take, and serves when it goes on', async () => {
    usb.pcscd.suspend();
    await kiosk.slot.insert(kiosk.card('card-1'));
    await sleep(1_000);
    // Nobody can see a card that pcscd does not report, but the screen lives on.
    kiosk.screen.tap({ kind: 'choose-language', language: 'en' });
    expect(kiosk.screen.view.language).toBe('en');
    await recovers(
      'pcscd hung',
      () => usb.pcscd.resume(),
      () => kiosk.shows('card'),
    );
    await kiosk.slot.pull();
    await kiosk.shows('attract');
    await serves();
  });
});
