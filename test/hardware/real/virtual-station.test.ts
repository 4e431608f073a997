import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BenchCommand, BenchView } from '../../../main/contract/bench.ts';
import type { Command } from '../../../main/contract/command.ts';
import { minorUnits } from '../../../main/contract/money.ts';
import type { ScreenKind } from '../../../main/contract/view.ts';
import type { Bench } from '../../../main/shell/bench.ts';
import { openVirtual } from '../../../main/shell/bench-virtual-station.ts';
import type { StartOptions } from '../../../main/shell/options.ts';
import { quietLog } from '../../support/quiet-log.ts';
import { TestScreen } from '../../support/screen.ts';
import { driverNames, drivers } from './real-rig.ts';

// A printer is given 20 s to confirm a slip.
const patience = { timeout: 40_000, interval: 5 };
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let bench: Bench;
let screen: TestScreen;
let seen: BenchView;
let hand: (command: BenchCommand) => void;
const log = quietLog();
const options: StartOptions = {
  configFile: null,
  journalFile: null,
  shell: null,
  station: 'virtual',
  port: null,
  dev: false,
};

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'addvalue-virtual-'));
  await start(null);
  await ready();
});

async function start(configFile: string | null): Promise<void> {
  const journalFile = path.join(folder, 'journal.sqlite');
  bench = await openVirtual({ ...options, configFile, journalFile }, log);
  screen = new TestScreen();
  bench.attachKiosk(screen);
  bench.attachBench({
    send: (view) => {
      seen = view;
    },
    watch(onMessage) {
      hand = onMessage;
      return () => {};
    },
    close: () => {},
  });
}

afterEach(async () => {
  await bench.close();
  rmSync(folder, { recursive: true });
});

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, patience).toBe(true);
}

async function shows(kind: ScreenKind): Promise<void> {
  await expect.poll(() => screen.screen.kind, patience).toBe(kind);
}

/** Cards can be topped up, with a receipt. */
async function ready(): Promise<void> {
  await until(
    () =>
      screen.screen.kind === 'attract' &&
      screen.screen.topUpObstacle === null &&
      screen.screen.receiptObstacle === null,
  );
}

async function tap(on: ScreenKind, command: Command): Promise<void> {
  await shows(on);
  screen.tap(command);
}

/** Up to the payment: top up, ¥50, confirm, bank card. */
async function choose(): Promise<void> {
  await tap('card', { kind: 'begin-top-up' });
  await tap('amount', { kind: 'choose-amount', amountMinor: minorUnits(5_000) });
  await tap('confirm', { kind: 'confirm' });
  await tap('means', { kind: 'choose-means', means: 'bank-card' });
}

/** The bank card is held to the terminal as soon as the terminal asks for it. */
async function pay(): Promise<void> {
  await until(() => seen.terminals[0]?.waitingMinor === 5_000);
  hand({ kind: 'approve-payment', terminal: 'bank-card' });
}

function insert(): void {
  hand({ kind: 'insert-card', card: 'ordinary' });
}

async function arm(trap: string): Promise<void> {
  hand({ kind: 'arm-trap', trap, armed: true });
  await until(() => seen.traps.some(({ id, armed }) => id === trap && armed));
}

function purse() {
  return seen.cards.find(({ id }) => id === 'ordinary')?.purse;
}

function payments(): readonly string[] {
  return (seen.terminals[0]?.books ?? []).map(({ status }) => status);
}

/** One load on the card, one payment in the terminal's books, nothing open in the journal. */
async function isLoadedAndPaidOnce(): Promise<void> {
  await until(() => seen.journal.unsettled === 0 && payments()[0] !== 'authorised');
  expect(purse()).toMatchObject({ balanceMinor: 8_620, loads: 8 });
  expect(payments()).toEqual(['captured']);
}

test('a card is topped up through pcscd, and its receipt comes out of a serial port', async () => {
  expect(seen.station).toBe('virtual');
  expect(seen.real).toEqual([]);
  insert();
  await choose();
  await pay();
  await tap('done', { kind: 'finish' });
  await until(() => seen.printer.slips[0]?.cut === true);
  await isLoadedAndPaidOnce();
  expect(seen.printer.slips).toHaveLength(1);
  expect(seen.printer.slips[0]?.text.join('\n')).toContain('50.00');
  const whats = seen.trace.map(({ what }) => what.split(' ').slice(0, 3).join(' '));
  expect(whats).toContain('CREDIT FOR LOAD');
  expect(log.lines.join('\n')).not.toContain('REAL READER');
});

describe('a trap for the card does what it promises', () => {
  test('pulled just before the write: put back, loaded once, then paid', async () => {
    await arm('credit-torn-before');
    insert();
    await choose();
    await pay();
    await shows('put-card-back');
    expect(seen.inserted).toBeNull();
    expect(purse()?.balanceMinor).toBe(3_620);
    expect(payments()).toEqual(['authorised']);
    insert();
    await shows('done');
    await isLoadedAndPaidOnce();
  });

  test('pulled just after the write: put back, found loaded, not loaded again', async () => {
    await arm('credit-torn-after');
    insert();
    await choose();
    await pay();
    await shows('put-card-back');
    await until(() => purse()?.balanceMinor === 8_620);
    insert();
    await shows('done');
    await isLoadedAndPaidOnce();
  });

  test('pulled in the write and put back before pcscd looks again: it is seen to have gone', async () => {
    await arm('credit-torn-before');
    insert();
    await choose();
    await pay();
    await until(() => seen.inserted === null);
    insert();
    await shows('done');
    expect(screen.kinds).toContain('put-card-back');
    await isLoadedAndPaidOnce();
  });

  test('the answer to the write is damaged: found loaded, without a word to the customer', async () => {
    await arm('credit-garbled');
    insert();
    await choose();
    await pay();
    await shows('done');
    await isLoadedAndPaidOnce();
    expect(screen.kinds).not.toContain('put-card-back');
    expect(seen.inserted).toBe('ordinary');
  });

  test('the card does not hear the write: found not loaded, and paid back', async () => {
    await arm('credit-mute');
    insert();
    await choose();
    await pay();
    await shows('money-back');
    await until(() => seen.journal.unsettled === 0);
    expect(purse()).toMatchObject({ balanceMinor: 3_620, loads: 7 });
    expect(payments()).toEqual(['reversed']);
    expect(seen.inserted).toBe('ordinary');
  });

  test('pulled while it is read: put in again, no money at risk', async () => {
    await arm('read-torn');
    insert();
    await until(() => seen.inserted === null && seen.traps.every(({ armed }) => !armed));
    insert();
    await shows('card');
    expect(seen.journal.rows.filter(({ attempt }) => attempt !== '-')).toEqual([]);
  });
});

describe('a trap for the paper does what it promises', () => {
  test('the paper ends in mid-slip: after the refill there is one whole receipt', async () => {
    await arm('paper-out');
    insert();
    await choose();
    await pay();
    await tap('done', { kind: 'finish' });
    await until(() => seen.printer.paperOut);
    hand({ kind: 'set-paper', out: false });
    await until(() => seen.printer.slips[0]?.cut === true);
    expect(seen.printer.slips).toHaveLength(1);
    await isLoadedAndPaidOnce();
  });

  test('the printer loses power in mid-slip: the slip may be missing, and its code is shown', async () => {
    await arm('printer-dark');
    insert();
    await choose();
    await pay();
    await tap('done', { kind: 'finish' });
    await until(() => screen.screen.kind === 'receipt' && screen.screen.state === 'maybe-printed');
    const { qrText } = screen.screen.kind === 'receipt' ? screen.screen : { qrText: '' };
    expect(qrText).toContain('ADDVALUE');
    await isLoadedAndPaidOnce();
  });
});

describe('a hand at the bench', () => {
  test('pulls the card out, and puts another one in its place', async () => {
    insert();
    await shows('card');
    hand({ kind: 'pull-card' });
    await shows('attract');
    insert();
    await shows('card');
    hand({ kind: 'insert-card', card: 'other' });
    await until(
      () => screen.screen.kind === 'card' && screen.screen.card.maskedNumber.endsWith('7718'),
    );
  });

  test('pulls the reader’s plug: pcscd is gone; put back, the card that stayed in is read', async () => {
    hand({ kind: 'set-cable', cable: 'reader', plugged: false });
    await shows('out-of-service');
    const { faults } = screen.screen.kind === 'out-of-service' ? screen.screen : { faults: [] };
    expect(faults).toContainEqual({ device: 'reader', which: null, fault: 'service-down' });
    insert();
    hand({ kind: 'set-cable', cable: 'reader', plugged: true });
    await shows('card');
    expect(seen.inserted).toBe('ordinary');
  });

  test('fumbles with the plugs: where they end is what counts', async () => {
    for (const cable of ['reader', 'printer']) {
      for (const plugged of [false, true, false, true]) hand({ kind: 'set-cable', cable, plugged });
    }
    insert();
    await shows('card');
    hand({ kind: 'pull-card' });
    await ready();
    hand({ kind: 'set-cable', cable: 'printer', plugged: true });
    hand({ kind: 'set-cable', cable: 'printer', plugged: false });
    await until(() => screen.screen.kind === 'attract' && screen.screen.receiptObstacle !== null);
  });

  test.each<[string, string, BenchCommand, BenchCommand]>([
    [
      'unplugs the printer',
      'unplugged',
      { kind: 'set-cable', cable: 'printer', plugged: false },
      { kind: 'set-cable', cable: 'printer', plugged: true },
    ],
    [
      'takes the paper',
      'paper-out',
      { kind: 'set-paper', out: true },
      { kind: 'set-paper', out: false },
    ],
    [
      'opens the cover',
      'cover-open',
      { kind: 'set-cover', open: true },
      { kind: 'set-cover', open: false },
    ],
  ])('%s: the kiosk knows (%s), until it is put right', async (_what, fault, away, back) => {
    hand(away);
    await until(
      () =>
        screen.screen.kind === 'attract' &&
        screen.screen.receiptObstacle?.kind === 'device-down' &&
        screen.screen.receiptObstacle.fault === fault,
    );
    hand(back);
    await ready();
  });

  test.each(['sam', 'bank-card'])('unplugs the %s, and plugs it in again', async (cable) => {
    hand({ kind: 'set-cable', cable: 'mobile', plugged: false });
    hand({ kind: 'set-cable', cable, plugged: false });
    await until(() => screen.screen.kind !== 'attract' || screen.screen.topUpObstacle !== null);
    hand({ kind: 'set-cable', cable, plugged: true });
    hand({ kind: 'set-cable', cable: 'mobile', plugged: true });
    await ready();
  });
});

describe('a configuration that mixes real and simulated devices', () => {
  /** The manual's: a printer and a bank terminal on the network, neither of them there. */
  function written(reader: object): string {
    const manual = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
    const [, mixed = ''] = [...manual.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json);
    const config = JSON.parse(mixed.replaceAll(/192\.168\.1\.\d+/g, '127.0.0.1'));
    config.devices.reader = reader;
    const file = path.join(folder, 'mixed.json');
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  test.each(driverNames)('keeps its real ones, and the virtual reader by "%s"', async (driver) => {
    await drivers[driver].assertUsable();
    const file = written({ driver, pattern: 'Virtual PCD 00 00' });
    await bench.close();
    await start(file);
    expect(seen.real).toEqual(['printer', 'bank-card']);
    expect(seen.traps.map(({ place }) => place)).not.toContain('paper');
    insert();
    await shows('card');
  });

  test('is refused where its reader is another one: the machine’s own pcscd is not seen', async () => {
    const file = written({ driver: 'pcsc', pattern: 'ACR1252' });
    await expect(openVirtual({ ...options, configFile: file }, log)).rejects.toThrow(
      /mixed\.json: "devices\.reader\.pattern" .* "Virtual PCD 00 00"/,
    );
  });
});

describe('the power is cut while the card is written', () => {
  async function untilStep(step: 'paid' | 'writing'): Promise<void> {
    insert();
    await choose();
    await pay();
    await until(() => screen.screen.kind === 'hold-card' && screen.screen.step === step);
  }

  async function isCutAndSettled(): Promise<void> {
    hand({ kind: 'kill-process' });
    await until(() => seen.kills === 1);
    await until(() => {
      // Nobody wants the load any more that the card proves not to have.
      if (screen.screen.kind === 'unfinished') screen.tap({ kind: 'pay-back' });
      return seen.journal.unsettled === 0 && !payments().includes('authorised');
    });
  }

  test.each([
    ['paid', 0],
    ['paid', 50],
    ['paid', 100],
    ['writing', 0],
    ['writing', 20],
    ['writing', 60],
  ] as const)(
    '%s, and %i ms later: it is loaded once and paid once, or neither',
    async (step, delayMs) => {
      await untilStep(step);
      await sleep(delayMs);
      await isCutAndSettled();
      const loaded = purse()?.balanceMinor === 8_620;
      expect(purse()).toMatchObject(
        loaded ? { balanceMinor: 8_620, loads: 8 } : { balanceMinor: 3_620 },
      );
      expect(payments()).toEqual([loaded ? 'captured' : 'reversed']);
    },
  );

  test('and does not hear it: the card is asked after the start, and the money comes back on request', async () => {
    await arm('credit-mute');
    await untilStep('writing');
    await until(() => seen.traps.every(({ armed }) => !armed));
    await isCutAndSettled();
    expect(purse()).toMatchObject({ balanceMinor: 3_620, loads: 7 });
    expect(payments()).toEqual(['reversed']);
  });
});
