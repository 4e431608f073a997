import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../renderer/text/en.ts';
import type { Words } from '../../renderer/text/words.ts';
import { zhHans } from '../../renderer/text/zh-hans.ts';
import { zhHant } from '../../renderer/text/zh-hant.ts';
import { type Station, startStation } from './station.ts';
import { Walk } from './walk.ts';

let station: Station;
let walk: Walk;

beforeAll(async () => {
  station = await startStation();
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

describe('a person tops up a card', () => {
  test.each<[string, Words, string]>([
    ['in simplified Chinese', zhHans, '充值凭条'],
    ['in traditional Chinese', zhHant, '增值收據'],
    ['in English', en, 'TOP-UP RECEIPT'],
  ])(
    '%s, with four touches, and takes a receipt that can be scanned',
    async (_in, words, title) => {
      const beforeMinor = await walk.purseMinor();
      await walk.sees(zhHans.attract.title);
      await walk.speak(words);
      await walk.insert();
      await walk.chooseFifty(words);
      await walk.approve();
      await walk.sees(words.done.title);
      expect(walk.touches).toBeLessThanOrEqual(4);
      const screen = await walk.text();
      expect(screen).toContain('9432');
      await walk.sees(words.receipt.printed.title);
      await expect.poll(() => walk.purseMinor()).toBe(beforeMinor + 5_000);
      const reference = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await walk.text());
      const paper = await walk.newestPaper();
      for (const printed of [title, '￥50.00', '**** 9432', reference?.[0] ?? '?']) {
        expect(paper).toContain(printed);
      }
      const scanned = await walk.scanNewestSlip();
      expect(scanned.split('|')).toEqual(
        expect.arrayContaining([
          'ADDVALUE',
          'top-up',
          reference?.[0] ?? '?',
          'CNY',
          '5000',
          '9432',
        ]),
      );
    },
  );

  test('pulls the card while it is written, puts it back, and has been loaded once', async () => {
    const beforeMinor = await walk.purseMinor();
    await walk.speak(en);
    await walk.springTrap('Pulled just after the write');
    await walk.insert();
    await walk.chooseFifty(en);
    await walk.approve();
    await walk.sees(en.putCardBack.why['card-away'].title);
    await walk.insert();
    await walk.sees(en.done.title);
    await expect.poll(() => walk.purseMinor()).toBe(beforeMinor + 5_000);
  });

  test('is declined by the bank, and nothing has changed', async () => {
    const beforeMinor = await walk.purseMinor();
    await walk.speak(en);
    await walk.insert();
    await walk.chooseFifty(en);
    await walk.bench.getByRole('button', { name: 'Decline' }).first().click();
    await walk.sees(en.declined.declined.title);
    expect(await walk.text()).toContain(en.declined.noMoney);
    expect(await walk.purseMinor()).toBe(beforeMinor);
  });

  test('is told before paying that there is no paper, and gets the receipt as a code', async () => {
    await walk.speak(en);
    await walk.bench.getByLabel('No paper').click();
    await walk.insert();
    await walk.chooseAmount(en);
    expect(await walk.text()).toContain(en.obstacle.device.printer);
    await walk.touch(en.keys.confirm);
    await walk.touch(en.means['bank-card']);
    await walk.sees(en.pay.present['bank-card'].title);
    await walk.approve();
    await walk.sees(en.receipt['not-printed'].title);
    await walk.kiosk.getByRole('img', { name: en.receipt.qr }).waitFor();
    const slips = await walk.bench.locator('.slip').count();
    await walk.bench.getByLabel('No paper').click();
    // The key comes up by itself with the paper, and the receipt is no copy of anything.
    await walk.touch(en.keys.printReceipt);
    await walk.sees(en.receipt.printed.title);
    await expect.poll(() => walk.bench.locator('.slip').count()).toBe(slips + 1);
    expect(await walk.newestPaper()).not.toContain('DUPLICATE');
  });

  test('asks for a copy where the printer lost power in mid-slip, and it is marked as one', async () => {
    await walk.speak(en);
    await walk.springTrap('The printer loses power in mid-slip');
    await walk.insert();
    await walk.chooseFifty(en);
    await walk.approve();
    // A printer without power says nothing: it is waited for.
    await walk.sees(en.receipt['maybe-printed'].title, 40_000);
    await walk.touch(en.keys.printCopy);
    await walk.sees(en.receipt.printed.title);
    await expect.poll(() => walk.newestPaper()).toContain('DUPLICATE');
  });

  test('waits for a new roll where the paper ends in mid-slip, and takes a whole receipt', async () => {
    await walk.speak(en);
    await walk.springTrap('The paper ends in mid-slip');
    await walk.insert();
    await walk.chooseFifty(en);
    await walk.approve();
    await walk.sees(en.receipt['paper-out'].title);
    await walk.kiosk.getByRole('img', { name: en.receipt.qr }).waitFor();
    await walk.bench.getByLabel('No paper').click();
    await walk.sees(en.receipt.printed.title);
    const reference = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await walk.text());
    expect((await walk.scanNewestSlip()).split('|')).toContain(reference?.[0] ?? '?');
  });

  test('sees one line for two terminals that are both away, and goes on when they are back', async () => {
    const cables = walk.bench.locator('.terminal .cable');
    await cables.nth(0).click();
    await cables.nth(1).click();
    await walk.sees(zhHans.outOfService.title);
    expect((await walk.text()).split(zhHans.device.terminal)).toHaveLength(2);
    await cables.nth(0).click();
    await cables.nth(1).click();
    await walk.sees(zhHans.attract.title);
  });

  test('switches the language on the confirm screen and loses nothing', async () => {
    await walk.speak(en);
    await walk.insert();
    await walk.chooseAmount(en, /¥100\.00/);
    await walk.touch(en.confirm.no);
    await walk.speak(zhHant);
    await walk.sees(zhHant.confirm.title);
    expect(await walk.text()).toContain('100.00');
    const no = walk.kiosk.getByRole('button', { name: zhHant.confirm.no, exact: true });
    expect(await no.getAttribute('aria-pressed')).toBe('true');
  });

  test('taps the key to pay twice, and pays once', async () => {
    const beforeMinor = await walk.purseMinor();
    // The bank terminal's own books, newest first.
    const payments = walk.bench.locator('.books').first().locator('tr');
    const lastBefore = await payments.first().textContent();
    await walk.speak(en);
    await walk.insert();
    await walk.chooseAmount(en);
    await walk.touch(en.keys.confirm);
    await walk.sees(en.chooseMeans.title);
    await walk.kiosk.getByRole('button', { name: en.means['bank-card'] }).dblclick();
    await walk.sees(en.pay.present['bank-card'].title);
    await walk.approve();
    await walk.sees(en.done.title);
    await expect.poll(() => payments.nth(1).textContent()).toBe(lastBefore);
    await expect.poll(() => payments.first().textContent()).toContain('captured');
    await expect.poll(() => walk.purseMinor()).toBe(beforeMinor + 5_000);
  });

  test('has the power cut while the card is written, and is finished after the start', async () => {
    const beforeMinor = await walk.purseMinor();
    await walk.speak(en);
    await walk.springTrap('Pulled just after the write');
    await walk.insert();
    await walk.chooseFifty(en);
    await walk.approve();
    await walk.sees(en.putCardBack.why['card-away'].title);
    await walk.cutThePower();
    await walk.sees(en.putCardBack.why['card-away'].title);
    await walk.insert();
    await walk.sees(en.done.title);
    await expect.poll(() => walk.purseMinor()).toBe(beforeMinor + 5_000);
  });
});
