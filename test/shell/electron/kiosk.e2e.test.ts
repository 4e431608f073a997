import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildElectron, buildRendererIfStale } from '../../../main/shell/build.ts';
import {
  electronHere,
  type LaunchedShell,
  launchShell,
} from '../../support/electron-stand-in/launch.ts';

/** The product as it is packaged, on Electron itself or on the stand-in, without a configuration. */
describe(`the kiosk's window (${electronHere})`, { timeout: 30_000 }, () => {
  const noConfig = path.join(tmpdir(), 'addvalue-no-such-configuration.json');
  let shell: LaunchedShell;

  beforeAll(async () => {
    const [main] = await Promise.all([buildElectron('main'), buildRendererIfStale()]);
    shell = await launchShell(main, [`--config=${noConfig}`]);
  }, 60_000);

  afterAll(() => shell?.close());

  test('shows out of service and names the missing configuration', async () => {
    const page = await shell.page();
    await page.getByText(noConfig).waitFor();
    await shell.logged(noConfig);
  });

  test('gives the page two functions, and nothing of Electron or Node', async () => {
    const page = await shell.page();
    const given = await page.evaluate(`({
      bridge: Object.keys(window.addvalue),
      frozen: Object.isFrozen(window.addvalue),
      others: ['require', 'process', 'module', 'ipcRenderer', 'electron', 'Buffer', 'global']
        .filter((name) => name in window),
    })`);
    expect(given).toEqual({ bridge: ['send', 'watch'], frozen: true, others: [] });
  });

  test.each([
    'undefined',
    '"finish"',
    '{}',
    '{ seq: 1.5, command: { kind: "finish" } }',
    '{ seq: 1, command: null }',
    '{ seq: 1, command: { kind: "x".repeat(5000) } }',
  ])('does not send what is no answer: %s', async (message) => {
    const page = await shell.page();
    await expect(page.evaluate(`window.addvalue.send(${message})`)).rejects.toThrow(/answer/);
  });

  test('runs no code that did not come with it', async () => {
    const page = await shell.page();
    const ran = await page.evaluate(`(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.head.append(script);
      // Not within this call: the debugger that makes it may use eval whatever the policy says.
      const evalRan = await new Promise((resolve) =>
        setTimeout(() => {
          try { resolve((0, eval)('true')); } catch { resolve(false); }
        }));
      return { inline: window.inlineRan === true, evalRan };
    })()`);
    expect(ran).toEqual({ inline: false, evalRan: false });
  });

  test('reaches nothing outside the package', async () => {
    let asked = 0;
    const outside = createServer((_request, response) => {
      asked += 1;
      response.setHeader('Access-Control-Allow-Origin', '*').end('out');
    });
    await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
    const address = outside.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const page = await shell.page();
    const reached = await page.evaluate(`Promise.allSettled([
      fetch('http://127.0.0.1:${port}/'),
      fetch('file:///etc/hostname'),
      new Promise((resolve, reject) => {
        const picture = new Image();
        picture.onload = resolve;
        picture.onerror = () => reject(new Error('no picture'));
        picture.src = 'http://127.0.0.1:${port}/x.png';
      }),
    ]).then((all) => all.map(({ status }) => status))`);
    expect(reached).toEqual(['rejected', 'rejected', 'rejected']);
    expect(asked).toBe(0);
    outside.close();
  });

  test('goes nowhere and opens nothing', async () => {
    const page = await shell.page();
    const before = page.url();
    await page.evaluate(`location.href = 'https://example.invalid/'`);
    await page.evaluate(`location.href = '/bench/index.html'`);
    await page.evaluate(`window.open('https://example.invalid/')`).catch(() => {});
    await page.evaluate(`(() => {
      const frame = document.createElement('iframe');
      frame.src = 'https://example.invalid/';
      document.body.append(frame);
    })()`);
    await expect.poll(() => shell.pageCount()).toBe(1);
    expect(page.url()).toBe(before);
    await page.getByText(noConfig).waitFor();
  });

  test('a page that hangs is noticed and replaced', async () => {
    const page = await shell.page();
    page
      .evaluate('{ const until = Date.now() + 8000; while (Date.now() < until); }')
      .catch(() => {});
    await shell.logged('the page hangs');
    await expect
      .poll(() => shell.page().then((now) => now !== page), { timeout: 20_000 })
      .toBe(true);
    await (await shell.page()).getByText(noConfig).waitFor();
  });

  test('a page whose process dies is replaced', async () => {
    const page = await shell.page();
    const session = await page.context().newCDPSession(page);
    session.send('Page.crash').catch(() => {});
    await expect
      .poll(() => shell.page().then((now) => now !== page), { timeout: 20_000 })
      .toBe(true);
    await (await shell.page()).getByText(noConfig).waitFor();
  });
});

test('a tap on the simulated station comes back as another view', { timeout: 60_000 }, async () => {
  const main = await buildElectron('main-simulated');
  const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-journal-'));
  const journal = path.join(folder, 'journal.sqlite');
  const shell = await launchShell(main, [`--journal=${journal}`, '--port=0']);
  try {
    const page = await shell.page();
    await page.getByText('请插入卡片').first().waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await expect.poll(() => page.evaluate('document.documentElement.lang')).toBe('en');
  } finally {
    await shell.close();
  }
});

test('the bundle that is packaged carries nothing simulated', () => {
  const bundle = readFileSync(new URL('../../../out/electron/main.js', import.meta.url), 'utf8');
  expect(bundle).not.toMatch(/simulated\.ts|SimulatedLine|test-keys/);
});
