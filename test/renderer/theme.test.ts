import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../renderer/', import.meta.url).pathname;
const tokens = readFileSync(`${root}theme/tokens.css`, 'utf8');
const sheets = globSync('{theme,parts,screens}/*.css', { cwd: root }).map((path) => ({
  path,
  css: readFileSync(`${root}${path}`, 'utf8'),
}));

/** The tokens of a block, with references followed: name → value. */
function tokensOf(selector: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const block of tokens.split(/(?=^\S.*\{$)/m)) {
    if (!block.startsWith(':root {') && !block.startsWith(`${selector} {`)) continue;
    for (const [, name = '', value = ''] of block.matchAll(/^\s+(--[\w-]+):\s*([^;]+);/gm)) {
      found.set(name, value);
    }
  }
  return found;
}

function colour(name: string, theme: ReadonlyMap<string, string>): string {
  const value = theme.get(name) ?? '';
  const reference = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  return reference === undefined ? value : colour(reference, theme);
}

/** WCAG 2.2 relative luminance of #rrggbb. */
function luminance(hex: string): number {
  if (!/^#[0-9a-f]{6}$/.test(hex)) throw new Error(`"${hex}" is not a colour`);
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const texts = [
  ['--ink', '--paper'],
  ['--ink', '--surface'],
  ['--ink-soft', '--paper'],
  ['--ink-soft', '--surface'],
  ['--accent', '--paper'],
  ['--accent', '--surface'],
  ['--on-accent', '--accent'],
  ['--on-accent', '--accent-pressed'],
] as const;

test.each([':root', '[data-tone="accent"]'])(
  'on %s every text has a contrast of 4.5 to 1',
  (tone) => {
    const theme = tokensOf(tone);
    for (const [text, ground] of texts) {
      const found = contrast(colour(text, theme), colour(ground, theme));
      expect(found, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
    // What a control is told by.
    const control = contrast(colour('--control', theme), colour('--paper', theme));
    expect(control).toBeGreaterThanOrEqual(3);
  },
);

test('the key that has the focus is told by what contrasts with every ground', () => {
  const base = sheets.find(({ path }) => path === 'theme/base.css')?.css ?? '';
  const name = /^:focus-visible \{\s+outline: \S+ solid var\((--[\w-]+)\);/m.exec(base)?.[1] ?? '';
  for (const tone of [':root', '[data-tone="accent"]']) {
    const theme = tokensOf(tone);
    for (const ground of ['--paper', '--surface']) {
      expect(contrast(colour(name, theme), colour(ground, theme))).toBeGreaterThanOrEqual(3);
    }
  }
  for (const { path, css } of sheets) {
    for (const [rule] of css.matchAll(/^[^{}]*\{[^{}]*outline[^{}]*\}/gm)) {
      expect(rule, path).toContain(':focus-visible');
    }
  }
});

test.each([
  ['--green', '--green-light'],
  ['--green', '--cloud'],
  ['--amber', '--amber-light'],
  ['--amber', '--cloud'],
  ['--red', '--cloud'],
  ['--night', '--yellow'],
  ['--night', '--yellow-light'],
  ['--night', '--haze'],
  ['--night', '--blue-light'],
])('%s can be read on %s', (text, ground) => {
  const theme = tokensOf(':root');
  expect(contrast(colour(text, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
});

/** Noto Sans: 714 of 1000 units. */
const capitalEm = 0.714;
const pxPerMm = Number(tokensOf(':root').get('--px-per-mm'));

test('the panel says how many pixels a millimetre has', () => {
  expect(pxPerMm).toBeCloseTo(3.2);
});

test('no text is set smaller than a capital of 4.8 mm', () => {
  let seen = 0;
  for (const { path, css } of sheets) {
    for (const [, value = ''] of css.matchAll(/(?:font-size|--text-[\w-]+):\s*([^;]+);/g)) {
      const rem = /(?:^|\()(\d[\d.]*)rem/.exec(value)?.[1];
      if (rem === undefined) continue;
      seen += 1;
      const capitalMm = (Number(rem) * 100 * capitalEm) / pxPerMm;
      expect(capitalMm, `${path}: ${value}`).toBeGreaterThanOrEqual(4.8);
    }
  }
  expect(seen).toBeGreaterThan(20);
});

test('what matters is set with capitals of 7.3 mm, and stays so on a denser panel', () => {
  const theme = tokensOf(':root');
  for (const name of [
    '--text-body',
    '--text-lead',
    '--text-key',
    '--text-title',
    '--text-figure',
  ]) {
    const [, rem = '', mm = ''] =
      /max\(([\d.]+)rem, ([\d.]+) \* /.exec(theme.get(name) ?? '') ?? [];
    expect((Number(rem) * 100 * capitalEm) / pxPerMm, name).toBeGreaterThanOrEqual(7.3);
    expect(Number(mm) * capitalEm, name).toBeGreaterThanOrEqual(7.3);
  }
});

test('main keys are 20 mm high, and no key is under 44 pixels', () => {
  const theme = tokensOf(':root');
  const [, key = '', keyMm = ''] =
    /max\(([\d.]+)rem, ([\d.]+) \* /.exec(theme.get('--key') ?? '') ?? [];
  expect((Number(key) * 100) / pxPerMm).toBeGreaterThanOrEqual(20);
  expect(Number(keyMm)).toBeGreaterThanOrEqual(20);
  const [, touch = ''] = /max\(([\d.]+)rem/.exec(theme.get('--touch') ?? '') ?? [];
  expect(Number(touch) * 100).toBeGreaterThanOrEqual(44);
});

test('no screen and no picture begins invisible: a person never looks at a blank panel', () => {
  const assets = new URL('../../assets/illustrations/', import.meta.url).pathname;
  const drawings = globSync('*.svg', { cwd: assets }).map((path) => ({
    path,
    css: readFileSync(`${assets}${path}`, 'utf8'),
  }));
  expect(drawings.length).toBeGreaterThan(10);
  for (const { path, css } of [...sheets, ...drawings]) {
    // The idle warning lies over a screen that stays in sight.
    if (path === 'parts/idle-warning.css') continue;
    expect(css, path).not.toMatch(/(?:from|\b0%)[^{}]*\{[^}]*opacity:\s*0(?![.\d])/);
  }
});

test('no colour is written down but in the tokens', () => {
  for (const { path, css } of sheets) {
    if (path === 'theme/tokens.css') continue;
    expect(css.match(/#[0-9a-f]{3,8}\b/gi) ?? [], path).toEqual([]);
  }
});
