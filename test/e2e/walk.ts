import jsqr from 'jsqr';
import type { Browser, Locator, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { expect } from 'vitest';
import { en } from '../../renderer/text/en.ts';
import type { Words } from '../../renderer/text/words.ts';
import { zhHans } from '../../renderer/text/zh-hans.ts';
import { zhHant } from '../../renderer/text/zh-hant.ts';
import { type Station, startBrowser } from './station.ts';

/** The longest that anything a person waits for may take here, the machine being busy. */
const patienceMs = 20_000;

/** A simulated station that was started as a person starts it, and a browser with the kiosk and the bench side by side. */
export class Walk {
  readonly kiosk: Page;
  readonly bench: Page;
  /** What was touched on the kiosk's screen since the card went in. */
  touches = 0;
  /** What the two pages said on their consoles that they should not: errors, and breaches of their policy. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;

  private constructor(kiosk: Page, bench: Page, browser: Browser) {
    this.kiosk = kiosk;
    this.bench = bench;
    this.#browser = browser;
    for (const page of [kiosk, bench]) {
      page.on('pageerror', (error) => this.complaints.push(error.message));
      page.on('console', (message) => {
        // That a station which was killed is missed is no complaint.
        const isMissed = message.text().includes('net::ERR_CONNECTION_REFUSED');
        if (message.type() === 'error' && !isMissed) this.complaints.push(message.text());
      });
    }
  }

  static async start(station: Pick<Station, 'kiosk' | 'bench'>): Promise<Walk> {
    const browser = await startBrowser();
    const kioskContext = await browser.newContext({ viewport: { width: 1080, height: 1920 } });
    const benchContext = await browser.newContext({ viewport: { width: 1600, height: 1000 } });
    const walk = new Walk(await kioskContext.newPage(), await benchContext.newPage(), browser);
    await walk.open(station);
    return walk;
  }

  /** Open the two pages of a station: the one at the beginning, or the one that was started again. */
  async open({ kiosk, bench }: Pick<Station, 'kiosk' | 'bench'>): Promise<void> {
    await this.kiosk.goto(kiosk);
    await this.bench.goto(bench);
  }

  /** Close the browser. */
  async end(): Promise<void> {
    await this.#browser.close();
  }

  /** The screen asks this question. */
  async sees(title: string, timeout = patienceMs): Promise<void> {
    const asked = this.kiosk.getByRole('heading', { level: 1 });
    await expect.poll(() => asked.textContent(), { timeout }).toBe(title);
  }

  /** Touch a key of the kiosk. */
  async touch(name: string | RegExp): Promise<void> {
    this.touches += 1;
    await this.kiosk.getByRole('button', { name }).first().click();
  }

  async speak(words: Words): Promise<void> {
    const key = this.kiosk.getByRole('button', { name: words.name, exact: true });
    await key.click();
    await expect.poll(() => key.getAttribute('aria-pressed'), { timeout: patienceMs }).toBe('true');
  }

  /** Put the everyday card in, whatever it holds by now. */
  async insert(lastDigits = '9432'): Promise<void> {
    await this.bench.locator('.card-button', { hasText: lastDigits }).click();
    this.touches = 0;
  }

  async pull(): Promise<void> {
    await this.bench.getByRole('button', { name: 'Pull the card out' }).click();
  }

  /** Up to the question whether it is right: top up, so much. */
  async chooseAmount(words: Words, amount = /¥50\.00/): Promise<void> {
    await this.sees(words.card.title);
    await this.touch(words.keys.topUp);
    await this.sees(words.amount.title);
    await this.touch(amount);
    await this.sees(words.confirm.title);
  }

  /** Up to the payment: top up, ¥50, confirm, bank card. */
  async chooseFifty(words: Words): Promise<void> {
    await this.chooseAmount(words);
    await this.touch(words.keys.confirm);
    await this.sees(words.chooseMeans.title);
    await this.touch(words.means['bank-card']);
    await this.sees(words.pay.present['bank-card'].title);
  }

  async approve(): Promise<void> {
    await this.bench.getByRole('button', { name: 'Approve' }).first().click();
  }

  async springTrap(title: string): Promise<void> {
    await this.bench.getByRole('button', { name: title }).click();
  }

  /** The kiosk's process dies where it stands, and starts again. */
  async cutThePower(): Promise<void> {
    const cuts = this.bench.getByText('Cuts so far').locator('..');
    const before = await cuts.textContent();
    await this.bench.getByRole('button', { name: 'Cut the power' }).click();
    await expect.poll(() => cuts.textContent()).not.toBe(before);
  }

  /** What the everyday card holds, in minor units, as the bench's loupe reads it. */
  async purseMinor(lastDigits = '9432'): Promise<number> {
    const face = this.bench.locator('.card-face', { hasText: lastDigits }).first();
    const amount = (await face.locator('.card-balance').textContent()) ?? '';
    return Math.round(Number(amount.slice(1).replaceAll(',', '')) * 100);
  }

  /** All that stands on the kiosk's screen. */
  async text(): Promise<string> {
    return (await this.kiosk.locator('body').textContent()) ?? '';
  }

  /** What is on the newest slip, in words. */
  async newestPaper(): Promise<string> {
    return (await this.bench.locator('.slip img').first().getAttribute('alt')) ?? '';
  }

  /** The QR code on the newest slip, as a camera sees it. */
  async scanNewestSlip(): Promise<string> {
    await this.bench.locator('.slip button').first().click();
    const scanned = await scan(this.bench.locator('.slip-large:popover-open img'));
    await this.bench.keyboard.press('Escape');
    return scanned;
  }

  /** The QR code of this name on the kiosk's screen, as a camera sees it. */
  async scanScreen(name: string): Promise<string> {
    return await scan(this.kiosk.getByRole('img', { name }));
  }

  /** Bring the station back to its first screen, whatever happened before. */
  async home(): Promise<void> {
    const title = this.kiosk.getByRole('heading', { level: 1 });
    const pull = this.bench.getByRole('button', { name: 'Pull the card out' });
    const finish = this.kiosk.getByRole('button', {
      name: anyLanguage((words) => words.keys.finish),
    });
    const isHome = async (): Promise<boolean> => {
      if (await pull.isEnabled()) await pull.click();
      if (await finish.isVisible()) await finish.click();
      return (await title.textContent()) === zhHans.attract.title;
    };
    await expect.poll(isHome, { timeout: 40_000, interval: 500 }).toBe(true);
  }
}

async function scan(code: Locator): Promise<string> {
  const png = PNG.sync.read(await code.screenshot());
  const pixels = new Uint8ClampedArray(png.data);
  return jsqr.default(pixels, png.width, png.height)?.data ?? '';
}

function anyLanguage(word: (words: Words) => string): RegExp {
  return new RegExp(`^(${[zhHans, zhHant, en].map(word).join('|')})$`);
}
