import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkout, PlantedTree, runTool } from './planted-tree.ts';

type Planted = readonly [what: string, code: string];

/** What a zone's compiler must not know. Each is refused by its name alone: the word does not exist there. */
const unknownTo: Readonly<Record<string, readonly Planted[]>> = {
  'main/session': [
    ['process', 'export const it = process.env;'],
    ['Buffer', 'export const it = Buffer.from([1]);'],
    ['setTimeout', 'setTimeout(() => {}, 1);'],
    ['console', "console.log('');"],
    ['document', 'export const it = document.title;'],
    ['fetch', "export const it = fetch('');"],
    ['node:fs', "import { readFileSync } from 'node:fs';\nexport const it = readFileSync;"],
  ],
  'main/contract': [
    ['process', 'export const it = process.env;'],
    ['document', 'export const it = document.title;'],
  ],
  renderer: [
    ['process', 'export const it = process.env;'],
    ['Buffer', 'export const it = Buffer.from([1]);'],
    ['require', "export const it = require('electron');"],
    ['node:fs', "import { readFileSync } from 'node:fs';\nexport const it = readFileSync;"],
  ],
  '.': [
    ['document', 'export const it = document.title;'],
    ['window', 'export const it = window.name;'],
  ],
};

/** What the strict compiler refuses besides, shown where money is decided. */
const wrongInSession: readonly Planted[] = [
  [
    'a number is not money',
    "import { noMoney } from './main/contract/money.ts';\nlet sum = noMoney;\nsum = 5;\nexport { sum };",
  ],
  ['a missing element', 'export const first = (rows: number[]): number => rows[0];'],
  ['an enum', 'export enum Colour { red }'],
];

const refusedByBiome: readonly Planted[] = [
  ['Date', 'export const it = Date.now();'],
  ['new Date', 'export const it = new Date();'],
  ['performance', 'export const it = performance.now();'],
  ['setTimeout', 'setTimeout(() => {}, 1);'],
  ['globalThis', "export const it = globalThis['Da' + 'te'];"],
  ['Intl', 'export const it = new Intl.DateTimeFormat().format();'],
  ['crypto', 'export const it = crypto.randomUUID();'],
  ['Math.random', 'export const it = Math.random();'],
  ["Math['random']", "export const it = Math['random']();"],
  ['const { random } = Math', 'const { random } = Math;\nexport const it = random();'],
  ['const m = Math', 'const m = Math;\nexport const it = m.random();'],
  ['[Math].map', 'export const it = [Math].map((m) => m.random());'],
];

describe('the compiler', () => {
  describe.each(Object.entries(unknownTo))('in %s', (zone, plants) => {
    const tree = new PlantedTree();
    const wrong = zone === 'main/session' ? wrongInSession : [];
    let output = '';

    beforeAll(async () => {
      tree.bring('main/contract/money.ts');
      output = await compile(tree, zone, [...plants, ...wrong]);
    }, 120_000);
    afterAll(() => tree.remove());

    test.each(plants.map(([what], index) => [what, index] as const))(
      'does not know %s',
      (what, index) => {
        const errors = output.split('\n').filter((line) => line.startsWith(`planted-${index}.ts(`));
        expect(errors.join('\n')).toMatch(new RegExp(`Cannot find (name|module) '${what}'`));
      },
    );

    test.each(wrong)('refuses %s', (what) => {
      const index = plants.length + wrong.findIndex(([each]) => each === what);
      expect(output).toContain(`planted-${index}.ts(`);
    });

    test('takes what is right', () => {
      expect(output).not.toContain('right.ts');
    });
  });
});

describe('the linter', () => {
  const tree = new PlantedTree();
  let refused: ReadonlyMap<string, string>;

  beforeAll(async () => {
    tree.bring('biome.json');
    tree.bring('test/architecture/chance.grit');
    for (const [index, [, code]] of refusedByBiome.entries()) {
      tree.plant(`main/session/planted-${index}.ts`, `${code}\n`);
      tree.plant(`main/runtime/planted-${index}.ts`, `${code}\n`);
    }
    tree.plant(
      'main/session/right.ts',
      'export const it = Math.max(Math.floor(1.5), Math.abs(-1));\n',
    );
    tree.plant(
      'hardware/line/planted.ts',
      'export const it = (row: number[]): number => row[0]!;\n',
    );
    const ran = await tree.run('biome', [
      'lint',
      '--vcs-enabled=false',
      '--max-diagnostics=none',
      '--reporter=github',
      '.',
    ]);
    expect(ran.code).not.toBe(0);
    refused = new Map(
      [...ran.stdout.matchAll(/^::error title=([^,]*),file=([^,]*),.*$/gm)].map((found) => [
        relative(tree.root, found[2] ?? ''),
        found[1] ?? '',
      ]),
    );
  }, 120_000);
  afterAll(() => tree.remove());

  test.each(refusedByBiome.map(([what], index) => [what, index] as const))(
    'keeps %s out of the session',
    (_what, index) => {
      expect([...refused.keys()]).toContain(`main/session/planted-${index}.ts`);
    },
  );

  test('lets the session count', () => {
    expect([...refused.keys()]).not.toContain('main/session/right.ts');
  });

  test('lets the runtime have time and chance: it is the door', () => {
    const runtime = [...refused.keys()].filter((file) => file.startsWith('main/runtime/'));
    expect(runtime).toEqual([]);
  });

  test('refuses to wave a missing value through', () => {
    expect([...refused.keys()]).toContain('hardware/line/planted.ts');
  });
});

/** Compile the plants, and one file with nothing wrong, exactly as the zone's own tsconfig would. Answers tsc's lines. */
async function compile(
  tree: PlantedTree,
  zone: string,
  plants: readonly Planted[],
): Promise<string> {
  tree.linkLibraries();
  tree.plant('package.json', '{ "type": "module" }');
  for (const [index, [, code]] of plants.entries()) tree.plant(`planted-${index}.ts`, `${code}\n`);
  tree.plant('right.ts', 'export const it: readonly string[] = [];\n');
  tree.plant(
    'tsconfig.json',
    JSON.stringify({
      extends: join(checkout, zone, 'tsconfig.json'),
      include: ['*.ts'],
      exclude: [],
    }),
  );
  const ran = await runTool(tree.root, 'tsc', ['-p', '.', '--pretty', 'false']);
  expect(ran.code, ran.stdout).not.toBe(0);
  return ran.stdout;
}
