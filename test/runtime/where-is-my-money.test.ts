import { createPublicKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { isClaimedCard, verdictOn } from '../../db/claim-verdict.ts';
import { readKey, usualKeyFile } from '../../db/key-file.ts';
import { JournalFault } from '../../db/port.ts';
import { openJournalToRead } from '../../db/sqlite-journal.ts';
import { slipQrTexts } from '../../hardware/printer/simulated-roll.ts';
import { traps } from '../../hardware/rig/traps.ts';
import { claimIn } from '../../main/contract/claim.ts';
import type { Screen } from '../../main/contract/view.ts';
import { attemptOf } from '../../main/runtime/attempt-record.ts';
import { journalPath } from '../db/journal-file.ts';
import { chooseFifty, payments, type Scene, shows, start } from './one-station.ts';

/** ¥50 are paid, and the card is pulled just `before` or `after` it is written. */
async function payAndPull(set: Scene, when: 'before' | 'after'): Promise<void> {
  const torn = traps.find(({ id }) => id === `credit-torn-${when}`);
  if (torn !== undefined) set.rig.arm(torn, true);
  await chooseFifty(set);
  set.screen.tap({ kind: 'confirm' });
  await shows(set, 'pay');
  await set.clock.until(() => set.rig.terminal('bank-card').approve());
  await shows(set, 'put-card-back');
}

type ScreenOf<K extends Screen['kind']> = Extract<Screen, { readonly kind: K }>;

function isScreen<K extends Screen['kind']>(screen: Screen, kind: K): screen is ScreenOf<K> {
  return screen.kind === kind;
}

function screenOf<K extends Screen['kind']>({ screen }: Scene, kind: K): ScreenOf<K> {
  const shown = screen.screen;
  if (!isScreen(shown, kind)) throw new Error(`on screen is ${shown.kind}, not ${kind}`);
  return shown;
}

async function findMoney(set: Scene): Promise<void> {
  await shows(set, 'attract');
  set.screen.tap({ kind: 'find-money' });
  await shows(set, 'find-money');
}

test('a card that does not come back leaves one claim, the same on screen, on paper and in the journal', async () => {
  const journalFile = journalPath();
  const set = await start(undefined, { journalFile });
  await payAndPull(set, 'after');
  await shows(set, 'see-staff');
  const { qrText, reference } = screenOf(set, 'see-staff');
  await set.clock.until(() => screenOf(set, 'see-staff').slip.state === 'printed');
  const slip = set.rig.books().slips.at(-1);
  expect(slip === undefined ? [] : slipQrTexts(slip)).toEqual([qrText]);

  const journal = openJournalToRead(journalFile);
  const row = journal.attempt(reference);
  journal.close();
  if (row === null) throw new Error('the journal does not know the top-up');
  const attempt = attemptOf(row);
  expect(attempt.claim).toBe(qrText);

  const key = readKey(usualKeyFile(journalFile));
  const verdict = verdictOn(qrText, createPublicKey(key.publicPem));
  expect(verdict).toMatchObject({
    kind: 'genuine',
    claim: {
      reference,
      terminalId: attempt.terminalId,
      currency: 'CNY',
      amountMinor: 5_000,
      means: 'bank-card',
      terminalReceipt: attempt.terminalReceipt,
      why: 'card-not-returned',
      card: { profile: attempt.profile, lastDigits: attempt.cardNumber.slice(-4) },
      load: { nth: 1, dateTime: attempt.loadTime, mark: attempt.loadMark },
    },
  });
  const claim = claimIn(qrText)?.claim;
  expect(claim !== undefined && isClaimedCard(claim, attempt.cardNumber, key)).toBe(true);
  expect(qrText).not.toContain(attempt.cardNumber);
});

test('who taps with the card that was loaded after all is told so, and pays once', async () => {
  const set = await start();
  const before = set.rig.books().purses.get('ordinary');
  await payAndPull(set, 'after');
  await findMoney(set);
  set.rig.insert('ordinary');
  await shows(set, 'done');
  expect(payments(set).map(({ status }) => status)).toEqual(['captured']);
  expect(set.rig.books().purses.get('ordinary')).toMatchObject({
    balanceMinor: (before?.balanceMinor ?? 0) + 5_000,
    loads: (before?.loads ?? 0) + 1,
  });
});

test.each([
  ['finish-top-up', 'done', 'captured', 5_000],
  ['pay-back', 'money-back', 'reversed', 0],
] as const)(
  'who taps with the card that was not loaded chooses (%s), and has the one or the other',
  async (choice, ending, status, loadedMinor) => {
    const set = await start();
    const before = set.rig.books().purses.get('ordinary')?.balanceMinor ?? 0;
    await payAndPull(set, 'before');
    await findMoney(set);
    set.rig.insert('ordinary');
    await shows(set, 'unfinished');
    set.screen.tap({ kind: choice });
    await shows(set, ending);
    await set.clock.until(() => payments(set)[0]?.status === status);
    expect(payments(set)).toHaveLength(1);
    expect(set.rig.books().purses.get('ordinary')?.balanceMinor).toBe(before + loadedMinor);
  },
);

test('the account of a card and of a reference say what the journal says', async () => {
  const set = await start();
  await chooseFifty(set);
  set.screen.tap({ kind: 'confirm' });
  await shows(set, 'pay');
  await set.clock.until(() => set.rig.terminal('bank-card').approve());
  await shows(set, 'receipt');
  const { reference } = screenOf(set, 'receipt');
  set.rig.pull();
  await set.clock.until(() => screenOf(set, 'receipt').state === 'printed');
  set.screen.tap({ kind: 'finish' });

  await findMoney(set);
  set.screen.tap({ kind: 'look-up', reference: 'TEST-0000' });
  await set.clock.settle();
  expect(set.screen.screen).toMatchObject({ kind: 'find-money', unknownReference: 'TEST-0000' });
  set.screen.tap({ kind: 'look-up', reference });
  await shows(set, 'account');
  const told = { reference, amountMinor: 5_000, ending: 'loaded', afterMinor: 8_620 };
  expect(set.screen.screen).toMatchObject({ maskedNumber: null, rows: [told] });
  set.screen.tap({ kind: 'cancel' });

  await findMoney(set);
  set.rig.insert('ordinary');
  await shows(set, 'account');
  expect(set.screen.screen).toMatchObject({ rows: [told] });
});

test.each(['the reference', 'the card'])(
  'a journal that fails when it is asked about %s stops the station, which serves again when it is whole',
  async (asked) => {
    const set = await start();
    await findMoney(set);
    set.journal.fault = new JournalFault('corrupt', 'damaged in the test');
    if (asked === 'the card') set.rig.insert('ordinary');
    else set.screen.tap({ kind: 'look-up', reference: 'TEST-0000' });
    await shows(set, 'out-of-service');
    expect(set.screen.screen).toMatchObject({
      faults: [{ device: 'journal', fault: 'corrupt' }],
      canFindMoney: false,
    });
    set.rig.pull();
    set.journal.fault = null;
    await findMoney(set);
    set.screen.tap({ kind: 'look-up', reference: 'TEST-0000' });
    await set.clock.settle();
    expect(set.screen.screen).toMatchObject({ unknownReference: 'TEST-0000' });
  },
);
