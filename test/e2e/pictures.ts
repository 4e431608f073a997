/**
 * Take the documents' pictures anew, into docs/screenshots:
 *   npx -c 'node test/e2e/pictures.ts'
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { createServer } from 'vite';
import { settledProfiles } from '../../hardware/printer/profile.ts';
import { slipToSvg } from '../../hardware/printer/roll-picture.ts';
import type { Language } from '../../main/contract/language.ts';
import { en } from '../../renderer/text/en.ts';
import { onlySlip, printerRig } from '../hardware/printer/rig.ts';
import { sampleReceipt } from '../hardware/printer/sample.ts';
import { startBrowser, startStation } from './station.ts';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

/** Screens as a picture shows them: a fixture in the gallery, and the language that it is in. */
type Screens = readonly (readonly [fixture: string, language: Language])[];

const topUp: Screens = [
  ['attract', 'zh-Hans'],
  ['amount', 'en'],
  ['hold-card-writing', 'zh-Hant'],
  ['done', 'en'],
];

const money: Screens = [
  ['see-staff-card-not-returned', 'en'],
  ['find-money', 'zh-Hans'],
  ['unfinished', 'zh-Hant'],
  ['account', 'en'],
];

/** A slip as the receipts' picture shows it: the printer, and what it has no characters for. */
const slips = [
  ['big5-80mm', { language: 'zh-Hant', stationName: '人民广场站' }],
  ['gb18030-80mm', { language: 'en', stationName: 'Hôtel-de-Ville – Orléans' }],
  [
    'western-58mm-plain',
    { language: 'en', stationName: '臺北車站 No. 3', helpLine: '客服中心 400-820-0000' },
  ],
] as const;

mkdirSync(folder, { recursive: true });
const browser = await startBrowser();
await photographKiosk(browser, 'kiosk.png', topUp);
await photographKiosk(browser, 'money.png', money);
await photographBench(browser);
await photographSlips(browser);
await browser.close();

/** Packed for flat colours, a third smaller than a browser packs: the pictures are in every checkout. */
function keep(name: string, screenshot: Buffer): void {
  const packed = { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 } as const;
  writeFileSync(`${folder}${name}`, PNG.sync.write(PNG.sync.read(screenshot), packed));
}

/** Four panels that stand, side by side. */
async function photographKiosk(browser: Browser, name: string, screens: Screens): Promise<void> {
  const gallery = await createServer({
    configFile: fileURLToPath(new URL('../renderer/gallery/vite.config.ts', import.meta.url)),
    server: { host: '127.0.0.1', port: 0 },
  });
  await gallery.listen();
  const [address = ''] = gallery.resolvedUrls?.local ?? [];
  const page = await browser.newPage({
    viewport: { width: 350, height: 622 },
    reducedMotion: 'reduce',
  });
  const panels: string[] = [];
  for (const [fixture, language] of screens) {
    await page.goto(`${address}#fixture=${fixture}&language=${language}`);
    await page.locator(`[data-drawn="${fixture} ${language}"] h1`).first().waitFor();
    await page.evaluate(() => document.fonts.ready);
    // The drawing of a write moves whatever the page prefers: its bar has begun by then.
    if (fixture.startsWith('hold-card')) await page.waitForTimeout(800);
    const png = await page.screenshot();
    panels.push(`<img src="data:image/png;base64,${png.toString('base64')}">`);
  }
  await gallery.close();
  await page.setViewportSize({ width: 1600, height: 708 });
  await page.setContent(`
    <style>
      body { display: flex; justify-content: space-between; margin: 0; padding: 38px; background: #dfe4f1 }
      img { border: 5px solid #0b1233; border-radius: 18px; box-shadow: 0 10px 28px rgb(11 18 51 / 18%) }
    </style>
    ${panels.join('')}`);
  keep(name, await page.screenshot());
  await page.close();
}

/** The bench after a top-up: the card is still in, the slip hangs from the printer. */
async function photographBench(browser: Browser): Promise<void> {
  const station = await startStation();
  const kiosk = await browser.newPage({ viewport: { width: 1080, height: 1920 } });
  const bench = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
  await kiosk.goto(station.kiosk);
  await bench.goto(station.bench);
  const touch = async (name: string | RegExp) =>
    await kiosk.getByRole('button', { name }).first().click();
  await touch(en.name);
  await bench.locator('.card-button', { hasText: '9432' }).click();
  await touch(en.keys.topUp);
  await touch(/¥50\.00/);
  await touch(en.keys.confirm);
  await touch(en.means['bank-card']);
  await bench.getByRole('button', { name: 'Approve' }).first().click();
  await kiosk.getByRole('heading', { name: en.receipt.printed.title }).waitFor();
  await bench.locator('.slip').first().waitFor();
  keep('bench.png', await bench.screenshot());
  await station.end();
}

/** What printers print that lack a character, side by side. */
async function photographSlips(browser: Browser): Promise<void> {
  const pictures: string[] = [];
  for (const [name, different] of slips) {
    const profile = settledProfiles[name];
    const rig = await printerRig(profile);
    await rig.print({ receipt: sampleReceipt(different), copy: 'original' });
    pictures.push(slipToSvg(onlySlip(rig.printer), profile.columns));
    await rig.driver.close();
  }
  const page = await browser.newPage({ viewport: { width: 1776, height: 920 } });
  await page.setContent(`
    <style>
      body { display: flex; justify-content: space-between; align-items: start; margin: 0; padding: 24px; background: #d8d9d3 }
      svg { box-shadow: 0 2px 6px rgb(0 0 0 / 20%) }
    </style>
    ${pictures.join('')}`);
  await page.evaluate(() => document.fonts.ready);
  keep('receipts.png', await page.screenshot());
  await page.close();
}
