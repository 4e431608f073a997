import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkout, PlantedTree, runTool } from './planted-tree.ts';

type Cruised = {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { name: string } }[];
  };
};

const rules = join(checkout, 'test/architecture/dependency-cruiser.cjs');

/** [who, imports what, is refused by]. A path without a folder is a library; `node:` is Node's own. */
const refused: readonly (readonly [string, string, string])[] = [
  ['main/contract/a.ts', 'zod', 'main-contract-sees-only-what-it-may'],
  ['main/contract/b.ts', 'main/session/session.ts', 'main-contract-sees-only-what-it-may'],
  ['main/session/a.ts', 'main/runtime/kiosk.ts', 'main-session-sees-only-what-it-may'],
  ['main/session/b.ts', 'node:crypto', 'main-session-sees-only-what-it-may'],
  ['main/session/c.ts', 'hardware/card/port.ts', 'main-session-sees-only-what-it-may'],
  ['main/runtime/a.ts', 'hardware/reader/pcsc.ts', 'main-runtime-sees-only-what-it-may'],
  ['main/runtime/b.ts', 'db/sqlite-journal.ts', 'main-runtime-sees-only-what-it-may'],
  ['main/runtime/c.ts', 'node:child_process', 'main-runtime-sees-only-what-it-may'],
  ['main/runtime/d.ts', 'new-library', 'main-runtime-sees-only-what-it-may'],
  ['main/shell/a.ts', 'hardware/reader/pcsc.ts', 'only-real-ports-and-bench-open-drivers'],
  ['main/shell/b.ts', 'renderer/store.ts', 'main-shell-sees-only-what-it-may'],
  ['main/shell/web/a.ts', 'new-library', 'main-shell-sees-only-what-it-may'],
  ['hardware/reader/a.ts', 'main/session/session.ts', 'hardware-sees-only-what-it-may'],
  ['hardware/reader/b.ts', 'db/port.ts', 'hardware-sees-only-what-it-may'],
  ['hardware/reader/c.ts', 'hardware/reader/simulated.ts', 'a-driver-knows-no-simulated-peer'],
  ['hardware/reader/d.ts', 'hardware/rig/rig.ts', 'a-driver-knows-no-simulated-peer'],
  ['hardware/reader/e.ts', 'hardware/sam/software.ts', 'a-driver-knows-no-simulated-peer'],
  ['hardware/card/pboc/a.ts', 'hardware/card/desfire/b.ts', 'families-do-not-know-each-other'],
  ['hardware/sam/port.ts', 'hardware/sam/pcsc.ts', 'a-port-knows-no-driver'],
  ['hardware/reader/f.ts', 'serialport', 'serialport-has-one-home'],
  ['hardware/reader/pcsclite.ts', 'pcsc-mini', 'pcsc-mini-has-one-home'],
  ['main/shell/c.ts', 'better-sqlite3', 'better-sqlite3-has-one-home'],
  ['main/shell/web/b.ts', 'electron', 'electron-has-one-home'],
  ['main/shell/electron/a.ts', 'ws', 'ws-has-one-home'],
  ['db/a.ts', 'main/runtime/kiosk.ts', 'db-sees-only-what-it-may'],
  ['renderer/a.ts', 'main/session/session.ts', 'renderer-sees-only-what-it-may'],
  ['renderer/b.ts', 'node:fs', 'renderer-sees-only-what-it-may'],
  ['renderer/c.ts', 'new-library', 'renderer-sees-only-what-it-may'],
  ['db/b.ts', 'test/support/virtual-clock.ts', 'nothing-needs-a-test'],
  ['hardware/line/a.ts', 'vitest', 'no-development-library-at-run-time'],
  ['hardware/line/b.ts', 'hardware/line/not-there', 'everything-resolves'],
  ['hardware/line/c.ts', 'hardware/line/d.ts', 'no-circle'],
  // Three steps away, the last by a type alone.
  ['main/shell/production.ts', 'main/shell/one.ts', 'production-reaches-nothing-simulated'],
  ['main/shell/electron/main.ts', 'main/shell/one.ts', 'production-reaches-nothing-simulated'],
  ['main/shell/web/main.ts', 'main/shell/one.ts', 'production-reaches-nothing-simulated'],
  ['renderer/main.tsx', 'renderer/bench/bench.tsx', 'production-reaches-nothing-simulated'],
  ['main/shell/production.ts', 'main/shell/build.ts', 'production-reaches-no-builder'],
  ['main/shell/web/c.ts', 'vite', 'vite-has-one-home'],
];

/** What is planted besides, and refused by nothing. */
const allowed: readonly (readonly [string, string])[] = [
  ['main/session/good.ts', 'main/contract/money.ts'],
  ['main/runtime/good.ts', 'hardware/card/port.ts'],
  ['main/runtime/good-too.ts', 'zod'],
  ['main/shell/real-ports.ts', 'hardware/reader/pcsc.ts'],
  ['main/shell/bench.ts', 'hardware/rig/rig.ts'],
  ['main/shell/build.ts', 'vite'],
  ['main/shell/config.ts', 'hardware/card/pboc/profile.ts'],
  ['main/shell/compose.ts', 'db/sqlite-journal.ts'],
  ['main/shell/electron/window.ts', 'electron'],
  ['main/shell/web/server.ts', 'ws'],
  ['hardware/reader/pcsc.ts', 'pcsc-mini'],
  ['hardware/line/serialport.ts', 'serialport'],
  ['hardware/reader/simulated.ts', 'hardware/reader/port.ts'],
  ['hardware/rig/rig.ts', 'hardware/reader/simulated.ts'],
  ['hardware/card/registry.ts', 'hardware/card/pboc/family.ts'],
  ['db/sqlite-journal.ts', 'better-sqlite3'],
  ['renderer/good.tsx', 'react'],
  ['renderer/bench/good.tsx', 'main/contract/card.ts'],
  ['main/shell/one.ts', 'main/shell/two.ts'],
  ['test/anything.test.ts', 'hardware/reader/simulated.ts'],
  // The second half of the circle, which is reported at its first.
  ['hardware/line/d.ts', 'hardware/line/c.ts'],
];

const typeOnly = [['main/shell/two.ts', 'hardware/rig/rig.ts']] as const;

const libraries = {
  dependencies: ['zod', 'pcsc-mini', 'serialport', 'better-sqlite3', 'ws', 'react', 'new-library'],
  devDependencies: ['electron', 'vite', 'vitest'],
};

function isPath(name: string): boolean {
  return !name.startsWith('node:') && name.includes('/');
}

/** Where production starts: dependency-cruiser.cjs watches what these reach. */
const entries = [
  'main/shell/production.ts',
  'main/shell/electron/main.ts',
  'main/shell/web/main.ts',
  'renderer/main.tsx',
];

describe('the import graph', () => {
  const tree = new PlantedTree();
  let cruised: Cruised;

  beforeAll(async () => {
    const lines = new Map<string, string[]>();
    const plant = (from: string, to: string, keyword: string): void => {
      const up = '../'.repeat(from.split('/').length - 1);
      const text = `${keyword} '${isPath(to) ? up + to : to}';\n`;
      lines.set(from, [...(lines.get(from) ?? []), text]);
      if (isPath(to) && !to.endsWith('not-there')) lines.set(to, lines.get(to) ?? []);
    };
    for (const [from, to] of [...refused, ...allowed]) plant(from, to, 'import');
    for (const [from, to] of typeOnly) plant(from, to, 'import type { thing } from');
    for (const [path, text] of lines) tree.plant(path, `${text.join('')}export const thing = 1;\n`);
    const all = [...libraries.dependencies, ...libraries.devDependencies];
    for (const name of all) {
      tree.plant(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
      tree.plant(`node_modules/${name}/index.js`, '');
    }
    const wanted = (names: string[]) => Object.fromEntries(names.map((name) => [name, '*']));
    tree.plant(
      'package.json',
      JSON.stringify({
        name: 'planted',
        type: 'module',
        dependencies: wanted(libraries.dependencies),
        devDependencies: wanted(libraries.devDependencies),
      }),
    );
    tree.plant('hardware/line/orphan.ts', 'export const thing = 1;\n');
    cruised = await cruise(tree.root);
  }, 120_000);

  afterAll(() => tree.remove());

  test.each(refused)('%s may not import %s: %s', (from, _to, rule) => {
    const rulesBroken = cruised.summary.violations
      .filter((violation) => violation.from === from)
      .map((violation) => violation.rule.name);
    expect(rulesBroken).toContain(rule);
  });

  test('a file that nobody imports and that imports nobody is refused', () => {
    expect(cruised.summary.violations).toContainEqual(
      expect.objectContaining({
        from: 'hardware/line/orphan.ts',
        rule: expect.objectContaining({ name: 'no-orphan' }),
      }),
    );
  });

  test('what the design allows is refused by no rule', () => {
    const good = new Set(allowed.map(([from]) => from));
    expect(cruised.summary.violations.filter((violation) => good.has(violation.from))).toEqual([]);
  });

  test('every source file of this checkout is seen: a graph of nothing breaks no rule', async () => {
    const zones = ['main', 'hardware', 'db', 'renderer', 'test'];
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...zones], {
      cwd: checkout,
      encoding: 'utf8',
    });
    const sources = listed.split('\n').filter((path) => /^(?!test.fixtures).*[.]tsx?$/.test(path));
    const seen = new Set((await cruise(checkout)).modules.map((module) => module.source));
    expect(sources.length).toBeGreaterThan(250);
    expect(sources.filter((path) => !seen.has(path))).toEqual([]);
    // A rule about an entry that has moved away watches nothing.
    for (const entry of entries) expect(seen).toContain(entry);
  }, 120_000);
});

async function cruise(folder: string): Promise<Cruised> {
  const zones = ['main', 'hardware', 'db', 'renderer', 'test'];
  const args = ['--config', rules, '--output-type', 'json', ...zones];
  const ran = await runTool(folder, 'depcruise', args);
  if (ran.stdout === '') throw new Error(ran.stderr);
  return JSON.parse(ran.stdout) as Cruised;
}
