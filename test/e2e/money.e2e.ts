import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { receiptWords } from '../../hardware/printer/words.ts';
import { en } from '../../renderer/text/en.ts';
import type { Words } from '../../renderer/text/words.ts';
import { zhHans } from '../../renderer/text/zh-hans.ts';
import { zhHant } from '../../renderer/text/zh-hant.ts';
import { hurriedStation } from './hurried-station.ts';
import { type Station, startStation } from './station.ts';
import { Walk } from './walk.ts';

/** Longer than a pulled card is waited for. */
const untilClaimedMs = 30_000;

let station: Station;
let walk: Walk;

beforeAll(async () => {
  station = await startStation(hurriedStation);
  walk = await Walk.start(station);
});

afterEach(async () => {
  await walk.home();
  expect(walk.complaints).toEqual([]);
});

afterAll(async () => {
  await walk.end();
  await station.end();
});

/** Pay ¥50, and have the card pulled just before or after it is written. */
async function payAndPull(trap: string): Promise<void> {
  await walk.sees(zhHans.attract.title);
  await walk.speak(en);
  await walk.springTrap(trap);
  await walk.insert();
  await walk.chooseFifty(en);
  await walk.approve();
  await walk.sees(en.putCardBack.why['card-away'].title);
}

/** The station's process is killed, and another one starts on its journal. */
async function killAndStart(): Promise<void> {
  await station.kill();
  await walk.sees(en.oneMoment.title);
  station = await station.startAgain();
  await walk.open(station);
}

/** Done with the last screen of a visit: on to the first one. */
async function leave(key: string): Promise<void> {
  await walk.touch(key);
  await walk.sees(en.takeCard.title);
  await walk.pull();
}

/** From the first screen to the question whose money it is. */
async function findMoney(words: Words): Promise<void> {
  await walk.sees(zhHans.attract.title);
  await walk.speak(words);
  await walk.touch(words.keys.findMoney);
  await walk.sees(words.findMoney.title);
}

async function keyIn(reference: string): Promise<void> {
  for (const name of reference.replace('-', '')) {
    await walk.kiosk.getByRole('button', { name, exact: true }).click();
  }
}

/** The reference on the kiosk's screen. */
async function shownReference(): Promise<string> {
  return /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await walk.text())?.[0] ?? '?';
}

/** The bank terminal's last payment in its own books: how much, and how it stands. */
async function lastPayment(): Promise<readonly string[]> {
  const row = walk.bench.locator('.books').first().locator('tr').first();
  return (await row.locator('td').allTextContents()).slice(1);
}

/** What a clerk is told who has the claim, the station's public key and a look at its journal. */
function verify(claim: string): unknown {
  const { journal } = station;
  const publicKey = `${journal}.pem`;
  const node = (...args: readonly string[]) =>
    execFileSync(process.execPath, args, { encoding: 'utf8' });
  writeFileSync(publicKey, node('db/journal-cli.ts', 'public-key', journal));
  const by = ['--public-key', publicKey, '--journal', journal];
  return JSON.parse(node('db/claim-cli.ts', 'verify', claim, '--json', ...by));
}

describe('a person has paid, their card is gone, and the process is killed', () => {
  test.each([
    {
      what: 'loaded, and claimed',
      trap: 'Pulled just after the write',
      dies: 'claimed',
      choice: null,
      by: 'card',
    },
    {
      what: 'not loaded, and waited for',
      trap: 'Pulled just before the write',
      dies: 'waiting',
      choice: en.keys.finishTopUp,
      by: 'reference',
    },
  ])(
    'it was $what, when the process died: the next tap finishes it, charged and loaded once; the $by tells',
    { timeout: 150_000 },
    async ({ trap, dies, choice, by }) => {
      const beforeMinor = await walk.purseMinor();
      await payAndPull(trap);
      if (dies === 'waiting') await killAndStart();

      await walk.sees(en.seeStaff.title, untilClaimedMs);
      const reference = await shownReference();
      await walk.kiosk.getByText(en.slip.printed).waitFor();
      const claim = await walk.scanNewestSlip();
      expect(await walk.scanScreen(en.seeStaff.qr)).toBe(claim);
      const facts = [reference, '￥50.00', '**** 9432'];
      const claimSlip = await walk.newestPaper();
      for (const fact of [receiptWords.en.title.unresolved, ...facts]) {
        expect(claimSlip).toContain(fact);
      }
      expect(verify(claim)).toMatchObject({
        genuine: true,
        claim: { reference, amountMinor: 5_000, card: { lastDigits: '9432' } },
        standing: { kind: 'open', money: 'authorised', card: 'writing' },
      });
      // Who holds a claim is not waited for after a start: others are served at once.
      if (dies === 'claimed') await killAndStart();
      else await walk.touch(en.keys.finish);

      await findMoney(en);
      await walk.insert();
      if (choice !== null) {
        await walk.sees(en.unfinished.title);
        expect(await walk.text()).toContain(reference);
        await walk.touch(choice);
      }
      await walk.sees(en.done.title);
      await walk.sees(en.receipt.printed.title);
      const receipt = await walk.newestPaper();
      for (const fact of [receiptWords.en.title['top-up'], ...facts]) {
        expect(receipt).toContain(fact);
      }
      expect(receipt).not.toContain(receiptWords.en.duplicate);
      await expect.poll(() => walk.purseMinor()).toBe(beforeMinor + 5_000);
      await expect.poll(lastPayment).toEqual(['¥50.00', 'captured']);
      expect(verify(claim)).toMatchObject({
        genuine: true,
        standing: { kind: 'settled', money: 'captured', card: 'written' },
      });
      await leave(en.keys.finish);

      await findMoney(en);
      if (by === 'card') {
        await walk.insert();
      } else {
        await keyIn(reference);
        await walk.touch(en.keys.lookUp);
      }
      await walk.sees(en.account.ending.loaded.title);
      expect(await walk.text()).toContain(reference);
      await walk.touch(en.keys.printReceipt);
      await walk.sees(en.receipt.printed.title);
      const copy = await walk.newestPaper();
      for (const fact of [receiptWords.en.duplicate, ...facts]) expect(copy).toContain(fact);
    },
  );

  test('it was not loaded, and they ask for their money: it goes back, all of it', async () => {
    const beforeMinor = await walk.purseMinor();
    await payAndPull('Pulled just before the write');
    const reference = await shownReference();
    await killAndStart();
    await walk.insert();
    await walk.sees(en.unfinished.title);
    await walk.touch(en.keys.payBack);
    await walk.sees(en.moneyBack.step.released.title);
    expect(await walk.text()).toContain(reference);
    await walk.kiosk.getByText(en.slip.printed).waitFor();
    expect(await walk.newestPaper()).toContain(receiptWords.en.title['paid-back']);
    await expect.poll(lastPayment).toEqual(['¥50.00', 'reversed']);
    expect(await walk.purseMinor()).toBe(beforeMinor);
    await walk.touch(en.keys.understood);
  });
});

test('who keys in a reference that nobody has is told so, in each language, and puts the card in', async () => {
  const reference = '7K2M-94QX';
  await findMoney(en);
  await walk.touch(en.keys.back);
  await findMoney(zhHans);
  await keyIn(reference);
  await walk.touch(zhHans.keys.lookUp);
  for (const words of [zhHans, zhHant, en]) {
    await walk.speak(words);
    await walk.sees(words.findMoney.title);
    await walk.kiosk.getByText(words.findMoney.unknown(reference)).waitFor();
  }
  await walk.insert('4477');
  await walk.sees(en.account.none.title);
});

test('a bank terminal that leaves two payments in a row unanswered is suspended, and the first screen says so', async () => {
  for (const _nth of [1, 2]) {
    await walk.sees(zhHans.attract.title);
    await walk.speak(en);
    await walk.springTrap('The approval is lost on its way');
    await walk.insert();
    await walk.chooseFifty(en);
    await walk.approve();
    await walk.touch(en.keys.cancel);
    await walk.sees(en.moneyBack.step.released.title);
    await expect.poll(lastPayment).toEqual(['¥50.00', 'reversed']);
    await leave(en.keys.understood);
  }
  for (const words of [zhHans, zhHant, en]) {
    await walk.speak(words);
    await walk.sees(words.attract.title);
    await walk.kiosk.getByText(words.attract.suspended['bank-card']).waitFor();
  }
  await walk.insert();
  await walk.chooseAmount(en);
  await walk.touch(en.keys.confirm);
  await walk.sees(en.chooseMeans.title);
  const bankCard = walk.kiosk.getByRole('button', { name: en.means['bank-card'] });
  expect(await bankCard.getAttribute('aria-disabled')).toBe('true');
});
