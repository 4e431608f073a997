/**
 * Photograph every screen, in every language, on a panel that stands and one that lies:
 *   npx -c 'node test/renderer/screenshots.ts [folder] [part of a fixture name] [language] [portrait|landscape] [px per mm]'
 * Reports text that does not fit where it stands, and keys too small for a finger.
 */
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { createServer } from 'vite';
import { languages } from '../../main/contract/language.ts';
import type { Fixture } from './gallery/fixture.ts';
import { fixtures } from './gallery/fixtures.ts';

const panels = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1920, height: 1080 },
} as const;

const [
  folder = join(tmpdir(), 'addvalue-screens'),
  wanted = '',
  tag = '',
  panel = '',
  pxPerMm = '',
] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const server = await createServer({
  configFile: fileURLToPath(new URL('gallery/vite.config.ts', import.meta.url)),
  server: { host: '127.0.0.1', port: 0 },
});
await server.listen();
const address = server.resolvedUrls?.local[0];
if (address === undefined) throw new Error('the gallery has no address');

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});

for (const [orientation, viewport] of Object.entries(panels)) {
  if (panel !== '' && panel !== orientation) continue;
  const page = await browser.newPage({ viewport, reducedMotion: 'reduce' });
  if (pxPerMm !== '') {
    await page.addInitScript((density) => {
      addEventListener('DOMContentLoaded', () =>
        document.documentElement.style.setProperty('--px-per-mm', density),
      );
    }, pxPerMm);
  }
  for (const fixture of [...fixtures, { name: 'lost', screen: { kind: 'starting' } } as Fixture]) {
    if (!fixture.name.includes(wanted)) continue;
    for (const language of languages) {
      if (tag !== '' && tag !== language) continue;
      await page.goto(`${address}#fixture=${fixture.name}&language=${language}`);
      await page.locator(`[data-drawn="${fixture.name} ${language}"] h1`).first().waitFor();
      if (fixture.typed !== undefined) await type(page, fixture.typed);
      if (fixture.keyed !== undefined) await press(page, '.keyboard', fixture.keyed);
      await page.evaluate(() => document.fonts.ready);
      // A picture moves by itself whatever the page prefers: the paper begins inside the printer.
      if (fixture.name.includes('printing')) await page.waitForTimeout(1500);
      const path = join(folder, `${fixture.name}.${language}.${orientation}.png`);
      await page.screenshot({ path });
      for (const complaint of await page.evaluate(complaints)) {
        console.log(`${fixture.name} ${language} ${orientation}: ${complaint}`);
      }
    }
  }
  await page.close();
}

await browser.close();
await server.close();

async function type(page: Page, digits: string): Promise<void> {
  await page.locator('.amounts__other button').click();
  await press(page, '.keypad', digits);
}

async function press(page: Page, keys: string, characters: string): Promise<void> {
  for (const character of characters) {
    await page.locator(`${keys} button`, { hasText: character }).first().click();
  }
}

/** Runs in the page. */
function complaints(): string[] {
  const found: string[] = [];
  const say = (element: Element, what: string) => {
    found.push(`${what}: <${element.className}> ${element.textContent?.slice(0, 60)}`);
  };
  const areas: [string, DOMRect][] = [];
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('.unseen, svg') !== null) continue;
    // The box of a word in a line is taller than the line; only its line must fit.
    if (getComputedStyle(element).display === 'inline') continue;
    const box = element.getBoundingClientRect();
    // Rows of the history that do not fit stand beside it, out of sight.
    const list = element.closest('.history ol');
    if (list === element || (list !== null && box.left >= list.getBoundingClientRect().right - 1)) {
      continue;
    }
    if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1) {
      say(element, 'leaves the panel');
    }
    if (element.scrollWidth > element.clientWidth + 2 && element.clientWidth > 0) {
      say(element, 'too wide');
    }
    const style = getComputedStyle(element);
    if (Number.parseFloat(style.fontSize) < 22) say(element, 'small text');
    if (element.tagName === 'BUTTON' && Math.min(box.width, box.height) < 44)
      say(element, 'small key');
    if (element.scrollHeight > element.clientHeight + 4 && style.overflowY !== 'visible') {
      say(element, 'scrolls');
    }
    if (/layout__(head|aside|body|keys)/.test(element.className))
      areas.push([element.className, box]);
    const parent = element.parentElement?.closest('.layout__body, .layout__aside, .layout');
    if (parent && box.height > 0 && box.bottom > parent.getBoundingClientRect().bottom + 2) {
      say(element, `sticks out of ${parent.className}`);
    }
  }
  areas.forEach(([name, a], i) => {
    for (const [other, b] of areas.slice(i + 1)) {
      const overlap =
        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2 &&
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2;
      if (overlap) found.push(`${name} overlaps ${other}`);
    }
  });
  return found;
}
