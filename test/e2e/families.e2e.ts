import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../renderer/text/en.ts';
import type { Words } from '../../renderer/text/words.ts';
import { zhHans } from '../../renderer/text/zh-hans.ts';
import { zhHant } from '../../renderer/text/zh-hant.ts';
import { type Station, startStation } from './station.ts';
import { Walk } from './walk.ts';

const cityCard = '9432';
const studentCard = '8826';
const metroCard = '2090';

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

async function topUp(words: Words, lastDigits: string): Promise<void> {
  const beforeMinor = await walk.purseMinor(lastDigits);
  await walk.speak(words);
  await walk.insert(lastDigits);
  await walk.chooseFifty(words);
  await walk.approve();
  await walk.sees(words.done.title);
  expect(await walk.text()).toContain(lastDigits);
  await expect.poll(() => walk.purseMinor(lastDigits)).toBe(beforeMinor + 5_000);
}

/** Pull the plug of one family's load authority at the bench, or put it back. */
async function turnSam(family: string): Promise<void> {
  const foot = walk.bench.locator('.part-foot', { hasText: `SAM of ${family} cards` });
  const before = await foot.textContent();
  await foot.getByRole('button').click();
  await expect.poll(() => foot.textContent(), { timeout: 10_000 }).not.toBe(before);
}

describe('a person with a DESFire card', () => {
  test.each<[string, Words, string, string]>([
    ['a student card in simplified Chinese', zhHans, studentCard, '学生卡'],
    ['a metro card in traditional Chinese', zhHant, metroCard, '地鐵卡'],
    ['a student card in English', en, studentCard, 'Student card'],
  ])('tops up %s, called by its name', async (_what, words, lastDigits, title) => {
    await walk.speak(words);
    await walk.insert(lastDigits);
    await walk.sees(words.card.title);
    expect(await walk.text()).toContain(title);
    await walk.pull();
    await walk.sees(zhHans.attract.title);
    await topUp(words, lastDigits);
  });

  test('pulls it while it is written, puts it back, and has been loaded once', async () => {
    const beforeMinor = await walk.purseMinor(studentCard);
    await walk.speak(en);
    await walk.springTrap('Pulled just after the write');
    await walk.insert(studentCard);
    await walk.chooseFifty(en);
    await walk.approve();
    await walk.sees(en.putCardBack.why['card-away'].title);
    await walk.insert(studentCard);
    await walk.sees(en.done.title);
    await expect.poll(() => walk.purseMinor(studentCard)).toBe(beforeMinor + 5_000);
  });
});

/** A plug that is back says so, and is no longer among those that are out. */
async function plugEverythingIn(): Promise<void> {
  const out = walk.bench.getByRole('button', { name: 'Unplugged' });
  for (let left = await out.count(); left > 0; left -= 1) {
    await out.first().click();
    await expect.poll(() => out.count(), { timeout: 10_000 }).toBe(left - 1);
  }
}

describe('the load authority of one family is away', () => {
  afterEach(plugEverythingIn);

  test('its cards are named on the first screen and keep their balance; others are topped up', async () => {
    await walk.speak(en);
    await turnSam('desfire');
    await expect
      .poll(() => walk.text())
      .toContain(en.attract.balanceOnly('Student card and Metro card'));
    await walk.insert(studentCard);
    await walk.sees(en.card.notHere.title);
    expect(await walk.text()).toContain(en.card.notHere.thisKind);
    await walk.pull();
    await walk.sees(zhHans.attract.title);
    await topUp(en, cityCard);
  });

  test('with none left it is out of service, and serves by itself when one is back', async () => {
    await walk.speak(en);
    await turnSam('desfire');
    await turnSam('pboc');
    await walk.sees(en.outOfService.title);
    await turnSam('pboc');
    await walk.sees(en.attract.title);
    await walk.speak(zhHans);
  });
});
