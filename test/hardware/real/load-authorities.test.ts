import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pbocSamCard } from '../../../hardware/card/pboc/sam-card.ts';
import type { SimulatedCard } from '../../../hardware/card/simulated.ts';
import { simulatedFamilies } from '../../../hardware/rig/simulated-families.ts';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import { SamCard } from '../../../hardware/sam/card.ts';
import type { Sam } from '../../../hardware/sam/port.ts';
import { openRemoteSam } from '../../../hardware/sam/remote.ts';
import { SimulatedSamHost } from '../../../hardware/sam/simulated-host.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { Random } from '../../support/random.ts';
import { testTerms } from '../../support/terms.ts';
import { issueSam, samSettings } from '../sam/card-slot.ts';
import { credentials, StationFiles } from '../sam/remote-station.ts';
import { CardSlot } from './card-slot.ts';
import { visit } from './person.ts';
import { RealKiosk } from './real-kiosk.ts';
import { type DriverName, driverNames, drivers } from './real-rig.ts';
import { readerNameOf } from './virtual-readers.ts';

const pcscd = new Pcscd();
beforeAll(() => pcscd.start());
afterAll(() => pcscd.kill());

let kiosk: RealKiosk;
afterEach(() => kiosk.end());

const usual = { means: 'bank-card', manner: 'when-asked', receiptWanted: false } as const;
const amountMinor = 1_000;

const isInitializeForLoad = ([cla, ins]: Uint8Array): boolean => cla === 0x80 && ins === 0x50;
const isCreditForLoad = ([cla, ins]: Uint8Array): boolean => cla === 0x80 && ins === 0x52;
const isCommit = ([cla, ins]: Uint8Array): boolean => cla === 0x90 && ins === 0xc7;

function nothingIsLost(): void {
  expect(kiosk.books.objections()).toEqual([]);
  expect(kiosk.journal.unsettled()).toEqual([]);
}

/** Once, when the customer's card has carried this command out, before its answer leaves. */
function afterCommand(isIt: (command: Uint8Array) => boolean, deed: () => void): void {
  let isDone = false;
  kiosk.slot.strike((command, when) => {
    if (!isDone && when === 'after' && isIt(command)) {
      isDone = true;
      deed();
    }
    return false;
  });
}

async function isTopUpWorking(cardId: string): Promise<void> {
  await kiosk.shows('attract');
  await visit({ kiosk, ...usual, cardId, amountMinor });
  expect(kiosk.screen.kinds).toContain('done');
  expect(kiosk.books.holds(amountMinor)).toBe(true);
  nothingIsLost();
}

describe.each(driverNames)('a DESFire card in a real PC/SC reader, through %s', (driver) => {
  it.each(['campus-desfire', 'transit-desfire'])(
    '%s is topped up, and proves it',
    async (cardId) => {
      kiosk = await RealKiosk.start({ driver });
      await isTopUpWorking(cardId);
    },
  );

  it.each(['before', 'after'] as const)(
    'pulled %s its load is committed, it is put back and loaded once',
    async (when) => {
      kiosk = await RealKiosk.start({ driver });
      await kiosk.shows('attract');
      let isPulled = false;
      kiosk.slot.strike((command, now) => {
        if (isPulled || now !== when || !isCommit(command)) return false;
        isPulled = true;
        void kiosk.slot.pull();
        return true;
      });
      await visit({ kiosk, ...usual, cardId: 'campus-desfire', amountMinor });
      expect(isPulled).toBe(true);
      expect(kiosk.screen.kinds).toEqual(expect.arrayContaining(['put-card-back', 'done']));
      expect(kiosk.books.holds(amountMinor)).toBe(true);
      nothingIsLost();
    },
  );
});

/** The virtual reader's second slot, where the SAM lies. */
const samSlot = new CardSlot(1);

function openSamCard(driver: DriverName): Sam {
  return new SamCard({
    family: 'pboc',
    reader: drivers[driver].open({
      readerName: readerNameOf(1),
      clock: systemClock,
      log: () => {},
    }),
    applet: (channel) => pbocSamCard.applet(channel, samSettings),
    clock: systemClock,
    log: () => {},
  });
}

describe.each(driverNames)('a SAM card in the second virtual reader, through %s', (driver) => {
  afterEach(() => samSlot.pull());

  async function start(sam: SimulatedCard = issueSam()): Promise<void> {
    await samSlot.insert(sam);
    kiosk = await RealKiosk.start({ driver, openSams: () => [openSamCard(driver)] });
  }

  it('a city card is topped up', async () => {
    await start();
    await isTopUpWorking('card-1');
  });

  it('while it is out, nobody is asked for money; put back, it serves at once', async () => {
    await start();
    await kiosk.shows('attract');
    await samSlot.pull();
    await kiosk.shows('out-of-service');
    expect(kiosk.screen.screen).toMatchObject({
      faults: expect.arrayContaining([{ device: 'sam', which: 'pboc', fault: 'unplugged' }]),
      balanceWorks: true,
    });
    await samSlot.insert(issueSam());
    await isTopUpWorking('card-1');
  });

  it('pulled before it was asked for the load: the money goes back', async () => {
    await start();
    await kiosk.shows('attract');
    afterCommand(isInitializeForLoad, () => void samSlot.pull());
    await visit({ kiosk, ...usual, cardId: 'card-1', amountMinor });
    expect(kiosk.screen.kinds).toContain('money-back');
    expect(kiosk.screen.kinds).not.toContain('done');
    expect(kiosk.books.holds(amountMinor)).toBe(false);
    nothingIsLost();
  });

  it('pulled when the card was loaded and before it could verify that: loaded and paid once', async () => {
    await start();
    await kiosk.shows('attract');
    afterCommand(isCreditForLoad, () => void samSlot.pull());
    await visit({ kiosk, ...usual, cardId: 'card-1', amountMinor });
    expect(kiosk.screen.kinds).toContain('done');
    expect(kiosk.books.holds(amountMinor)).toBe(true);
    nothingIsLost();
  });
});

describe('a remote SAM over TLS, cards through pcsc', () => {
  let host: SimulatedSamHost;
  let files: StationFiles;

  async function start(): Promise<void> {
    const random = new Random(11);
    const randomBytes = (length: number): Uint8Array =>
      Uint8Array.from({ length }, () => random.below(256));
    files = new StationFiles();
    host = new SimulatedSamHost({
      credentials: { ca: credentials.operator.certificate, ...credentials.host },
      stations: [testTerms.terminalId],
      applets: Object.fromEntries(
        simulatedFamilies.map(({ name, authority }) => [name, authority(randomBytes)]),
      ),
    });
    await host.listen();
    kiosk = await RealKiosk.start({
      driver: 'pcsc',
      openSams: () => [
        openRemoteSam({
          families: ['pboc', 'desfire'],
          host: '127.0.0.1',
          port: host.port,
          caFile: files.caFile,
          certificateFile: files.certificateFile,
          privateKeyFile: files.privateKeyFile,
          station: testTerms.terminalId,
          clock: systemClock,
          log: () => {},
        }),
      ],
    });
  }
  afterEach(async () => {
    await host.vanish();
    files.remove();
  });

  it.each(['card-1', 'campus-desfire', 'transit-desfire'])('%s is topped up', async (cardId) => {
    await start();
    await isTopUpWorking(cardId);
  });

  it('one family’s keys are gone: its cards are out, the others are topped up', async () => {
    await start();
    await kiosk.shows('attract');
    host.setReadiness('desfire', { kind: 'not-ready', detail: 'its key ceremony is due' });
    await kiosk.until(
      () => kiosk.session.devices.sams.desfire?.kind === 'down',
      'a family without keys',
    );
    expect(kiosk.screen.screen).toMatchObject({
      kind: 'attract',
      cardsOut: [
        { family: 'desfire', fault: 'not-ready' },
        { family: 'desfire', fault: 'not-ready' },
      ],
    });
    await isTopUpWorking('card-1');
  });

  it.each<readonly [string, string, (command: Uint8Array) => boolean]>([
    ['card-1', 'loaded', isCreditForLoad],
    ['campus-desfire', 'committed', isCommit],
    ['transit-desfire', 'committed', isCommit],
  ])(
    'it is lost when %s was %s: loaded and paid once, as soon as it can be told',
    async (cardId, _what, isIt) => {
      await start();
      await kiosk.shows('attract');
      afterCommand(isIt, () => void host.vanish());
      await visit({ kiosk, ...usual, cardId, amountMinor });
      expect(kiosk.books.holds(amountMinor)).toBe(true);
      await host.listen();
      await kiosk.until(
        () => Object.values(kiosk.session.devices.sams).every(({ kind }) => kind === 'up'),
        'a host that is back',
      );
      if (kiosk.journal.unsettled().length > 0) {
        await visit({ kiosk, ...usual, cardId, amountMinor, asksForMoney: true });
      }
      nothingIsLost();
    },
  );
});
