import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkout, PlantedTree } from './planted-tree.ts';

const registry = 'hardware/card/registry.ts';
const fixtures = 'test/fixtures/stamp-family';
let tree: PlantedTree;

/** A copy of this checkout with one more folder under hardware/card, and its line in the registry. */
beforeAll(() => {
  tree = new PlantedTree();
  tree.linkLibraries();
  for (const folder of [
    'main',
    'hardware',
    'db',
    'assets',
    'test/support',
    'package.json',
    'tsconfig.json',
  ]) {
    tree.bring(folder);
  }
  const text = (file: string): string => readFileSync(join(checkout, file), 'utf8');
  for (const file of ['family.ts', 'simulated.ts']) {
    tree.plant(`hardware/card/stamp/${file}`, text(`${fixtures}/${file}`));
  }
  tree.plant('test/stamp-top-up.ts', text(`${fixtures}/top-up.ts`));
  const listed = text(registry).replace(
    /(cardFamilies: readonly CardFamilyKind\[\] = \[)/,
    '$1stampCards, ',
  );
  tree.plant(registry, `import { stampCards } from './stamp/family.ts';\n${listed}`);
}, 60_000);
afterAll(() => tree.remove());

describe('a new family of cards is one folder and one line of the registry', () => {
  test('it fits every type', async () => {
    const only = {
      extends: './tsconfig.json',
      include: ['hardware/card/registry.ts', 'test/stamp-top-up.ts'],
    };
    tree.plant('tsconfig.stamp.json', JSON.stringify({ ...only, exclude: [] }));
    const { code, stdout } = await tree.run('tsc', ['-p', 'tsconfig.stamp.json']);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  }, 120_000);

  test('its cards are configured, read, topped up, and settled wherever they are torn', async () => {
    const { code, stdout, stderr } = await tree.run('node', ['test/stamp-top-up.ts']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const ended = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(ended).toHaveLength(21);
    const loaded = { balance: 6_000, loads: 1, payments: ['captured'] };
    const unloaded = { balance: 1_000, loads: 0, payments: ['reversed'] };
    expect(ended[0]).toMatchObject(loaded);
    for (const each of ended) expect(each).toMatchObject(each.loads === 1 ? loaded : unloaded);
  }, 120_000);
});
