import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { sampleReceipt } from './sample.ts';

const top = fileURLToPath(new URL('../../..', import.meta.url));
const installs: string[] = [];
afterEach(() => {
  for (const folder of installs.splice(0)) rmSync(folder, { recursive: true });
});

/** The printer's part of the program, installed with these fonts and no others. */
function install(fonts: readonly string[]): { readonly folder: string; readonly fonts: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-fonts-'));
  installs.push(folder);
  for (const part of ['hardware/printer', 'main/contract']) {
    cpSync(path.join(top, part), path.join(folder, part), { recursive: true });
  }
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  const fontFolder = path.join(folder, 'node_modules/@fontsource-variable');
  mkdirSync(fontFolder, { recursive: true });
  for (const name of ['fontkit', 'iconv-lite', 'uqr', 'zod']) {
    symlinkSync(path.join(top, 'node_modules', name), path.join(folder, 'node_modules', name));
  }
  for (const name of fonts) {
    const whole = path.join(top, 'node_modules/@fontsource-variable', name);
    cpSync(whole, path.join(fontFolder, name), { recursive: true });
  }
  return { folder, fonts: fontFolder };
}

/** How many bytes a receipt with this station's name has there, and what is said of the fonts. */
async function receipt(folder: string, stationName: string) {
  const script = `
    import { renderReceipt } from './hardware/printer/escpos.ts';
    import { settledProfiles } from './hardware/printer/profile.ts';
    import { damagedFonts } from './hardware/printer/typeface.ts';
    const order = { receipt: JSON.parse(process.argv[1]), copy: 'original' };
    const { parts } = renderReceipt(order, settledProfiles['western-58mm-plain'], Uint8Array.of());
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    console.log(JSON.stringify({ bytes, damaged: damagedFonts() }));
  `;
  const slip = JSON.stringify(sampleReceipt({ language: 'en', stationName }));
  const args = ['--input-type=module', '--eval', script, slip];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder });
  const answer: { readonly bytes: number; readonly damaged: readonly string[] } =
    JSON.parse(stdout);
  return answer;
}

it('a receipt comes with a box where a font is cut short, and the file is named', async () => {
  const { folder, fonts } = install(['noto-sans', 'noto-sans-sc', 'noto-sans-tc']);
  const drawn = await receipt(folder, 'Łódź 人民');
  expect(drawn.damaged).toEqual([]);
  const file = 'noto-sans/files/noto-sans-latin-ext-standard-normal.woff2';
  truncateSync(path.join(fonts, file), 5_000);
  const boxed = await receipt(folder, 'Łódź 人民');
  expect(boxed.damaged).toEqual([expect.stringContaining(`${file}: `)]);
  // The line is drawn all the same: the rest of it has a font.
  expect(boxed.bytes).toBe(drawn.bytes);
});

it('a receipt comes where no font is installed at all', async () => {
  const { folder } = install([]);
  const { bytes, damaged } = await receipt(folder, 'Łódź 人民');
  expect(bytes).toBeGreaterThan(500);
  expect(damaged).toHaveLength(3);
  expect(damaged[0]).toMatch(/^@fontsource-variable\/noto-sans: /);
});
