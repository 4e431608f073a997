import { describe, expect, test } from 'vitest';
import { JournalFault } from '../../db/port.ts';
import { slipLines } from '../../hardware/printer/simulated-roll.ts';
import { receiptWords } from '../../hardware/printer/words.ts';
import { minorUnits } from '../../main/contract/money.ts';
import { testTerms } from '../support/terms.ts';

import { chooseFifty, payments, type Scene, shows, start } from './one-station.ts';

function receiptState(set: Scene): string | null {
  const { screen } = set.screen;
  return screen.kind === 'receipt' ? screen.state : null;
}

function canPrint(set: Scene): boolean {
  const { screen } = set.screen;
  return screen.kind === 'receipt' && screen.canPrint;
}

/** Every slip in the tray, as it calls itself. */
function slipMarks(set: Scene): readonly string[] {
  const marks: readonly string[] = Object.values(receiptWords).map(({ duplicate }) => duplicate);
  return set.rig.books().slips.map((slip) => {
    const isMarked = slipLines(slip).some((line) => marks.includes(line.trim()));
    return isMarked ? 'duplicate' : 'original';
  });
}

describe('a station', () => {
  test('shows a whole top-up as the sequence of its screens', async () => {
    const set = await start();
    await chooseFifty(set);
    set.screen.tap({ kind: 'confirm' });
    await shows(set, 'pay');
    await set.clock.until(() => set.rig.terminal('bank-card').approve());
    await shows(set, 'receipt');
    set.screen.tap({ kind: 'finish' });
    set.rig.pull();
    await shows(set, 'attract');
    expect(set.screen.kinds).toEqual([
      'starting',
      'attract',
      'reading',
      'card',
      'amount',
      'confirm',
      'pay',
      'hold-card',
      'done',
      'receipt',
      'take-card',
      'attract',
    ]);
    expect(set.journal.rows).toEqual([
      'started',
      'terminal-opened',
      'payment-approved',
      'credit-prepared',
      'credit-proved',
      'payment-captured',
      'printer-ready',
      'receipt-printed',
    ]);
  });

  test('holds a tap void that answers a question no longer asked', async () => {
    const set = await start();
    await chooseFifty(set);
    const { seq } = set.screen;
    set.screen.tap({ kind: 'back' }, seq);
    set.screen.tap({ kind: 'choose-amount', amountMinor: minorUnits(10_000) });
    // The finger that meant the fifty arrives only now.
    set.screen.tap({ kind: 'confirm' }, seq);
    await set.clock.advance(1_000);
    expect(set.screen.screen).toMatchObject({ kind: 'confirm', amountMinor: 10_000 });
    expect(payments(set)).toEqual([]);
  });

  test('pays once when the key to pay is tapped twice', async () => {
    const set = await start();
    await chooseFifty(set);
    const { seq } = set.screen;
    set.screen.tap({ kind: 'confirm' }, seq);
    set.screen.tap({ kind: 'confirm' }, seq);
    await shows(set, 'pay');
    await set.clock.until(() => set.rig.terminal('bank-card').approve());
    await shows(set, 'done');
    expect(payments(set).map(({ status }) => status)).toEqual(['captured']);
  });

  test('refuses what is no message of the screen, and says which field', async () => {
    const set = await start();
    set.screen.sendRaw({ seq: 1, command: { kind: 'capture' } });
    set.screen.sendRaw('4100000000000017');
    expect(set.log.lines).toHaveLength(2);
    expect(set.log.lines.join()).toContain('command.kind');
    expect(set.log.lines.join()).not.toContain('4100000000000017');
  });

  test('asks for no money that it could not write down', async () => {
    const set = await start();
    await chooseFifty(set);
    set.journal.fault = new JournalFault('disk-full', 'no room in the test');
    set.screen.tap({ kind: 'confirm' });
    await shows(set, 'out-of-service');
    expect(payments(set)).toEqual([]);
    expect(set.rig.terminal('bank-card').approve()).toBe(false);
    set.journal.fault = null;
    // Back by itself; the card has lain in the reader all the while, and is read anew.
    await shows(set, 'card');
  });

  test('takes up what was under way when the journal failed', async () => {
    const set = await start();
    await chooseFifty(set);
    set.screen.tap({ kind: 'confirm' });
    await shows(set, 'pay');
    set.journal.fault = new JournalFault('disk-full', 'no room in the test');
    await set.clock.until(() => set.rig.terminal('bank-card').approve());
    await shows(set, 'out-of-service');
    expect(payments(set).map(({ status }) => status)).toEqual(['authorised']);
    set.journal.fault = null;
    await set.clock.until(() => payments(set)[0]?.status === 'reversed', 120_000);
    expect(set.rig.books().purses.get('ordinary')?.balanceMinor).toBe(3_620);
  });

  test('says so when the journal fails again with the first step of a new start', async () => {
    const set = await start();
    await chooseFifty(set);
    set.screen.tap({ kind: 'confirm' });
    await shows(set, 'pay');
    // The row that the money is reserved, the next one never, then that the kiosk has started.
    set.journal.roomForRows = 1;
    await set.clock.until(() => set.rig.terminal('bank-card').approve());
    await shows(set, 'out-of-service');
    set.journal.roomForRows = 1;
    const started = set.journal.rows.length + 1;
    await set.clock.until(() => set.journal.rows.length === started, 120_000);
    await set.clock.settle();
    expect(set.screen.screen).toMatchObject({
      kind: 'out-of-service',
      faults: [{ device: 'journal', fault: 'disk-full' }],
    });
    set.journal.roomForRows = null;
    await set.clock.until(() => payments(set)[0]?.status === 'reversed', 120_000);
  });

  test('starts out of service while its journal cannot be opened, and serves when it can', async () => {
    const set = await start((journal) => {
      journal.fault = new JournalFault('corrupt', 'not a journal');
    });
    expect(set.screen.screen).toMatchObject({
      kind: 'out-of-service',
      faults: [{ device: 'journal', fault: 'corrupt' }],
    });
    set.screen.tap({ kind: 'choose-language', language: 'en' });
    expect(set.screen.view.language).toBe('en');
    set.journal.fault = null;
    await shows(set, 'attract');
  });

  test('says so on screen when it cannot understand what an earlier version left open', async () => {
    const set = await start((journal) => {
      journal.leave({
        wallMs: 0,
        kind: 'payment-approved',
        attempt: '7K2M-94QX',
        settled: false,
        body: '{"money":"escrowed"}',
      });
    });
    const { screen } = set.screen;
    expect(screen).toMatchObject({ kind: 'out-of-service', faults: [{ fault: 'corrupt' }] });
    expect(screen.kind === 'out-of-service' ? screen.notes.join() : '').toContain('7K2M-94QX');
  });

  test('gives the language back at the end of a visit, and when nobody touches the screen', async () => {
    const set = await start();
    await shows(set, 'attract');
    set.screen.tap({ kind: 'choose-language', language: 'en' });
    expect(set.screen.view.language).toBe('en');
    await set.clock.advance(testTerms.timings.idleMs + 1);
    expect(set.screen.view.language).toBe('zh-Hans');
    set.rig.insert('ordinary');
    await shows(set, 'card');
    set.screen.tap({ kind: 'choose-language', language: 'en' });
    set.screen.tap({ kind: 'cancel' });
    expect(set.screen).toMatchObject({ screen: { kind: 'take-card' }, view: { language: 'en' } });
    set.rig.pull();
    await shows(set, 'attract');
    expect(set.screen.view.language).toBe('zh-Hans');
  });

  test('warns a person who reads for long, and gives them time for the asking', async () => {
    const set = await start();
    await shows(set, 'attract');
    set.rig.insert('ordinary');
    await shows(set, 'card');
    for (let extension = 0; extension < 12; extension += 1) {
      await set.clock.until(() => set.screen.view.idleWarning !== null, 120_000);
      expect(set.screen.view.idleWarning?.remainingMs).toBeGreaterThanOrEqual(20_000);
      set.screen.tap({ kind: 'more-time' });
      expect(set.screen.view.idleWarning).toBeNull();
    }
    await shows(set, 'take-card');
  });

  test('waits for paper that runs out, and then shows what to photograph instead', async () => {
    const set = await start();
    await chooseFifty(set);
    set.screen.tap({ kind: 'confirm' });
    await shows(set, 'pay');
    set.rig.printer.device.troubleAfter(200, 'paper-out');
    await set.clock.until(() => set.rig.terminal('bank-card').approve());
    await set.clock.until(
      () => set.screen.screen.kind === 'receipt' && set.screen.screen.state === 'maybe-printed',
      120_000,
    );
  });

  test('says that the paper has run out while the slip waits for it, and prints it once', async () => {
    const set = await start();
    await chooseFifty(set);
    set.screen.tap({ kind: 'confirm' });
    await shows(set, 'pay');
    set.rig.printer.device.troubleAfter(200, 'paper-out');
    await set.clock.until(() => set.rig.terminal('bank-card').approve());
    await set.clock.until(() => receiptState(set) === 'paper-out');
    set.rig.printer.device.mend('paper-out');
    await set.clock.until(() => receiptState(set) === 'printed');
    expect(slipMarks(set)).toEqual(['original']);
  });

  test('prints a copy for who asks for it, marked, where the first may have come', async () => {
    const set = await start();
    await chooseFifty(set);
    set.screen.tap({ kind: 'confirm' });
    await shows(set, 'pay');
    set.rig.printer.device.troubleAfter(200, 'switched-off');
    await set.clock.until(() => set.rig.terminal('bank-card').approve());
    await set.clock.until(() => receiptState(set) === 'maybe-printed', 120_000);
    expect(set.screen.screen).toMatchObject({ canPrint: false });
    set.rig.printer.device.mend('switched-off');
    await set.clock.until(() => canPrint(set), 120_000);
    set.screen.tap({ kind: 'print-again' });
    await set.clock.until(() => receiptState(set) === 'printed');
    expect(canPrint(set)).toBe(false);
    expect(slipMarks(set).at(-1)).toBe('duplicate');
    expect(set.journal.rows.filter((kind) => kind === 'printer-ready')).toHaveLength(2);
  });

  test('stops a payment for a card that could no longer be written', async () => {
    const set = await start();
    await chooseFifty(set);
    set.screen.tap({ kind: 'confirm' });
    await set.clock.until(() => set.rig.terminal('bank-card').device.waiting);
    set.rig.setCable('sam', false);
    expect(set.screen.screen).toMatchObject({ kind: 'pay', step: 'cancelling' });
    await shows(set, 'declined');
    expect(set.screen.screen).toMatchObject({ canRetry: false });
    expect(payments(set).filter(({ status }) => status !== 'declined')).toEqual([]);
  });

  test('offers nobody another try whose card is gone', async () => {
    const set = await start();
    await chooseFifty(set);
    set.screen.tap({ kind: 'confirm' });
    await set.clock.until(() => set.rig.terminal('bank-card').device.waiting);
    set.rig.pull();
    await shows(set, 'declined');
    expect(set.screen.screen).toMatchObject({ reason: 'cancelled', canRetry: false });
  });

  test.each([
    ['expired', { kind: 'card', topUpObstacle: { kind: 'card-expired' } }],
    ['blocked', { kind: 'refused-card', reason: 'card-blocked' }],
    ['foreign', { kind: 'refused-card', reason: 'unknown-card', name: 'bank-card' }],
  ])('says of a card that is %s what it is', async (card, expected) => {
    const set = await start();
    await shows(set, 'attract');
    set.rig.insert(card);
    await set.clock.until(() => !['attract', 'reading'].includes(set.screen.screen.kind));
    expect(set.screen.screen).toMatchObject(expected);
  });
});
