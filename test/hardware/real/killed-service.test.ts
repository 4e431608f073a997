import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Pcscd } from '../../../hardware/rig/virtual/pcscd.ts';
import type { ScreenKind } from '../../../main/contract/view.ts';
import type { StateKind } from '../../../main/session/session.ts';
import { decisions } from '../../../main/session/transition.ts';
import { type Manner, visit } from './person.ts';
import { RealKiosk } from './real-kiosk.ts';
import { type DriverName, driverNames } from './real-rig.ts';

const pcscd = new Pcscd();

const initializeForLoad = 0x50;
const creditForLoad = 0x52;

/** How a visit comes into a state, and what may stand on screen there once the kiosk knows that pcscd is gone. */
type Scene = {
  readonly meanwhile: readonly ScreenKind[];
  readonly cardId?: string;
  readonly manner?: Manner;
  readonly arrange?: (kiosk: RealKiosk) => void;
  readonly asksForMoney?: boolean;
  /** Somebody was here before. */
  readonly before?: (kiosk: RealKiosk) => Promise<void>;
};

/** The card comes out as this command arrives, once. */
function pullAt(ins: number, when: 'before' | 'after'): (kiosk: RealKiosk) => void {
  return (kiosk) => {
    let isDone = false;
    kiosk.slot.strike((command, now) => {
      if (isDone || command[1] !== ins || now !== when) return false;
      isDone = true;
      void kiosk.slot.pull();
      return true;
    });
  };
}

function bank({ terminals }: RealKiosk) {
  const [terminal] = terminals;
  if (terminal === undefined) throw new Error('there is no bank terminal');
  return terminal.device;
}

/** Somebody paid, their card came out as it was to be written, and they went away with it. */
async function leavesUnloaded(running: RealKiosk): Promise<void> {
  pullAt(creditForLoad, 'before')(running);
  await visit({
    kiosk: running,
    cardId: 'card-1',
    amountMinor: 1_500,
    means: 'bank-card',
    manner: 'leaves',
    receiptWanted: false,
  });
  expect(running.journal.unsettled()).toHaveLength(1);
  running.slot.strike(() => false);
}

const beforeTheWrite: readonly ScreenKind[] = ['pay', 'declined', 'hold-card', 'put-card-back'];

/**
 * A state that is added to the session has to be given a scene here. Of two that ask only the journal (looking-up, claiming)
 * the answer follows at once: pcscd is killed as they are entered, and the kiosk hears of it in the state that comes next.
 */
const scenes: Readonly<Record<StateKind, Scene>> = {
  starting: { meanwhile: ['starting', 'out-of-service'] },
  idle: { meanwhile: ['out-of-service'] },
  finding: { meanwhile: ['find-money'], asksForMoney: true },
  'looking-up': { meanwhile: ['find-money', 'account', 'out-of-service'], asksForMoney: true },
  account: { meanwhile: ['account', 'out-of-service'], asksForMoney: true },
  reading: { meanwhile: ['out-of-service', 'reading', 'refused-card'] },
  card: { meanwhile: ['card', 'out-of-service'] },
  amount: { meanwhile: ['amount', 'out-of-service'] },
  confirm: { meanwhile: ['confirm', 'out-of-service'] },
  means: { meanwhile: ['means', 'out-of-service'] },
  'refused-card': { meanwhile: ['refused-card', 'out-of-service'], cardId: 'foreign' },
  declined: {
    meanwhile: ['declined', 'out-of-service'],
    arrange: (kiosk) => bank(kiosk).present({ kind: 'decline' }, 'next'),
  },
  opening: { meanwhile: beforeTheWrite },
  authorising: { meanwhile: beforeTheWrite },
  preparing: { meanwhile: ['hold-card', 'put-card-back'] },
  crediting: { meanwhile: ['hold-card', 'put-card-back'] },
  checking: {
    meanwhile: ['hold-card', 'put-card-back'],
    arrange: pullAt(creditForLoad, 'after'),
  },
  'awaiting-card': {
    meanwhile: ['put-card-back'],
    arrange: pullAt(initializeForLoad, 'before'),
  },
  unfinished: { meanwhile: ['unfinished', 'money-back'], before: leavesUnloaded },
  claiming: {
    meanwhile: ['see-staff'],
    manner: 'leaves',
    arrange: pullAt(creditForLoad, 'after'),
  },
  capturing: { meanwhile: ['done'] },
  reversing: {
    meanwhile: ['money-back'],
    manner: 'cancels',
    arrange: pullAt(initializeForLoad, 'before'),
  },
  inquiring: {
    meanwhile: ['checking-payment', 'pay'],
    arrange: (kiosk) => bank(kiosk).present({ kind: 'line-drop-after-approving' }, 'next'),
  },
  resting: {
    meanwhile: ['money-back'],
    manner: 'cancels',
    arrange(kiosk) {
      pullAt(initializeForLoad, 'before')(kiosk);
      bank(kiosk).answer('reverse', { kind: 'refused', code: 0x6c }, 'next');
    },
  },
  closing: { meanwhile: ['done', 'receipt', 'out-of-service'] },
  'take-card': { meanwhile: ['out-of-service', 'take-card'] },
};

const states = Object.keys(decisions) as readonly StateKind[];

/** Those in which the card is spoken to, or could be, with money at risk. */
const withTheCard = ['preparing', 'crediting', 'checking', 'awaiting-card'] as const;

function statesFor(driver: DriverName): readonly StateKind[] {
  return driver === 'pcsc' ? states : withTheCard;
}

let kiosk: RealKiosk | null = null;
beforeEach(() => pcscd.start());
afterEach(async () => {
  await kiosk?.end();
  kiosk = null;
  await pcscd.kill();
});

/** A visit that goes wrong, and a person who does nothing more until the kiosk knows. */
async function beginVisit(running: RealKiosk, scene: Scene, isTold: () => boolean) {
  await running.shows('attract');
  await scene.before?.(running);
  scene.arrange?.(running);
  const visiting = visit({
    kiosk: running,
    cardId: scene.cardId ?? 'card-1',
    amountMinor: 1_000,
    means: 'bank-card',
    manner: scene.manner ?? 'when-asked',
    receiptWanted: false,
    asksForMoney: scene.asksForMoney ?? false,
    looksAway: () => !isTold(),
  });
  visiting.catch(() => {});
  return visiting;
}

/** In service again by itself: the next visit goes well and leaves nothing open. */
async function servesAgain(running: RealKiosk): Promise<void> {
  await running.shows('attract');
  expect(running.books.objections()).toEqual([]);
  running.onStep(() => {});
  running.slot.strike(() => false);
  const usual = { kiosk: running, cardId: 'card-1', means: 'bank-card' } as const;
  const next = { ...usual, manner: 'when-asked', receiptWanted: false } as const;
  await visit({ ...next, amountMinor: 2_000 });
  // The first one may have gone into finishing what was left open.
  if (!running.books.holds(2_000)) await visit({ ...next, amountMinor: 3_000 });
  expect(running.books.holds(2_000) || running.books.holds(3_000)).toBe(true);
  expect(running.books.objections()).toEqual([]);
  expect(running.journal.unsettled()).toEqual([]);
}

/** Returns when pcscd does nothing more: the card's answer must not reach it before. */
function hang(): void {
  const pid = Number.parseInt(readFileSync('/run/pcscd/pcscd.pid', 'utf8'), 10);
  pcscd.suspend();
  // The state behind the name in parentheses (proc(5)): T is stopped.
  while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') T ')) {}
}

const isDown = (running: RealKiosk): boolean => running.session.devices.reader.kind === 'down';

describe.each(driverNames)('pcscd is killed, through %s', (driver) => {
  it.each(statesFor(driver))('while the kiosk is %s', async (state) => {
    const scene = scenes[state];
    kiosk = await RealKiosk.start({ driver });
    const running = kiosk;
    let isKilled = false;
    let isTold = false;
    const kill = (): void => {
      isKilled = true;
      void pcscd.kill();
    };
    let visiting: Promise<void> | null = null;
    if (state === 'starting') kill();
    else if (state === 'idle') await running.shows('attract').then(kill);
    else {
      running.onStep(({ next }) => {
        if (next.state.kind === state && !isKilled) kill();
      });
      visiting = beginVisit(running, scene, () => !isKilled || isTold);
    }
    await running.until(() => isKilled && isDown(running), `a ${state} kiosk without a reader`);
    expect(scene.meanwhile).toContain(running.screen.screen.kind);
    isTold = true;
    await pcscd.start();
    await running.slot.reseat();
    await visiting;
    await servesAgain(running);
  });

  it.each(['before', 'after'] as const)('%s the card has carried out the CREDIT', async (when) => {
    kiosk = await RealKiosk.start({ driver });
    const running = kiosk;
    let isKilled = false;
    running.slot.strike((command, now) => {
      if (isKilled || command[1] !== creditForLoad || now !== when) return false;
      isKilled = true;
      void pcscd.kill();
      return true;
    });
    const visiting = beginVisit(running, { meanwhile: [] }, () => true);
    await running.until(() => isKilled && isDown(running), 'a kiosk without a reader');
    expect(running.books.holds(1_000)).toBe(when === 'after');
    await running.until(
      () => running.screen.screen.kind === 'put-card-back',
      'a person who is told to wait',
    );
    expect(running.screen.screen).toMatchObject({ why: 'reader-down' });
    await pcscd.start();
    await running.slot.reseat();
    await visiting;
    expect(running.books.holds(1_000)).toBe(true);
    await servesAgain(running);
  });

  it('and again as soon as it runs', async () => {
    kiosk = await RealKiosk.start({ driver });
    const running = kiosk;
    let isKilled = false;
    running.onStep(({ next }) => {
      if (next.state.kind !== 'crediting' || isKilled) return;
      isKilled = true;
      void pcscd.kill();
    });
    const visiting = beginVisit(running, { meanwhile: [] }, () => true);
    await running.until(() => isKilled && isDown(running), 'a kiosk without a reader');
    await pcscd.start();
    await pcscd.kill();
    await pcscd.start();
    await running.slot.reseat();
    await visiting;
    await servesAgain(running);
  });

  it('not killed, but hung in the middle of a CREDIT: it goes on', async () => {
    kiosk = await RealKiosk.start({ driver });
    const running = kiosk;
    let isHung = false;
    running.slot.strike((command, now) => {
      if (isHung || command[1] !== creditForLoad || now !== 'after') return false;
      isHung = true;
      hang();
      return false;
    });
    const visiting = beginVisit(running, { meanwhile: [] }, () => true);
    await running.until(() => isHung, 'a CREDIT');
    // Past the command's own deadline the kiosk no longer waits for it.
    await running.until(() => running.session.state.kind !== 'crediting', 'an unknown CREDIT');
    expect(running.screen.screen.kind).not.toBe('done');
    pcscd.resume();
    await visiting;
    expect(running.books.holds(1_000)).toBe(true);
    await servesAgain(running);
  });
});
