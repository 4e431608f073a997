import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Shown } from '../../../main/contract/channel.ts';
import { currencies } from '../../../main/contract/money.ts';
import { systemClock } from '../../../main/runtime/clock.ts';
import { buildRendererIfStale, rendererFolder } from '../../../main/shell/build.ts';
import { kioskSurface } from '../../../main/shell/web/kiosk-surface.ts';
import { createWebServer, type WebServer } from '../../../main/shell/web/server.ts';

const ready: Shown = {
  seq: 7,
  view: {
    language: 'en',
    currency: currencies.CNY,
    stationName: 'Platform 2',
    helpLine: '400',
    idleWarning: null,
    screen: {
      kind: 'attract',
      topUpObstacle: null,
      cardsOut: [],
      receiptObstacle: null,
      means: [{ id: 'bank-card', kind: 'bank-card', obstacle: null }],
    },
  },
};

describe('the web shell in a browser', { timeout: 20_000 }, () => {
  let browser: Browser;
  let server: WebServer;
  let page: Page;
  let received: unknown[];
  let complaints: string[];

  async function open(port: number): Promise<WebServer> {
    const quiet = () => {};
    return createWebServer({
      port,
      surfaces: [
        kioskSurface((channel) => {
          channel.send(ready);
          return channel.watch((message) => received.push(message));
        }),
      ],
      rendererFolder,
      clock: systemClock,
      log: { info: quiet, warn: quiet, error: quiet },
    });
  }

  beforeAll(async () => {
    await buildRendererIfStale();
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
  }, 60_000);

  afterAll(() => browser?.close());

  beforeEach(async () => {
    received = [];
    complaints = [];
    server = await open(0);
    page = await (await browser.newContext()).newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(server.newAddress('/'));
    await page.getByText('Platform 2').first().waitFor();
  });

  afterEach(async () => {
    await page.context().close();
    await server.close();
  });

  test('draws the kiosk under its strict policy, and takes the token out of the address', async () => {
    expect(new URL(page.url()).search).toBe('');
    await page.evaluate('document.fonts.ready');
    expect(complaints).toEqual([]);
  });

  test('a tap arrives and names the view it answers', async () => {
    await page.getByRole('button').first().click();
    await expect.poll(() => received).toHaveLength(1);
    expect(received[0]).toMatchObject({ seq: 7, command: { kind: expect.any(String) } });
  });

  test('a reload goes on with the same station', async () => {
    for (let times = 0; times < 3; times += 1) {
      await page.reload();
      await page.getByText('Platform 2').first().waitFor();
    }
    expect(server.connected('/')).toBe(true);
  });

  test('a second window says that the station is open elsewhere, until the first is closed', async () => {
    const second = await page.context().newPage();
    await second.goto(page.url());
    await second.getByText('open in another window').waitFor();
    await page.close();
    await expect.poll(() => server.connected('/')).toBe(false);
    await second.getByRole('link').click();
    await second.getByText('Platform 2').first().waitFor();
  });

  test('a station that goes away is missed, and shown again when it is back', async () => {
    const { port } = server;
    const cookies = await page.context().cookies();
    await server.close();
    await page.getByText('Platform 2').first().waitFor({ state: 'hidden' });
    server = await open(port);
    // Only a station that has not been restarted knows the browser: a new process prints a new address.
    await page.goto(server.newAddress('/'));
    await page.getByText('Platform 2').first().waitFor();
    expect((await page.context().cookies())[0]?.value).not.toBe(cookies[0]?.value);
  });

  test('a renderer that was built anew is loaded by itself', async () => {
    await page.evaluate('window.before = true');
    server.reload();
    await expect.poll(() => page.evaluate('window.before === undefined')).toBe(true);
    await page.getByText('Platform 2').first().waitFor();
  });
});
