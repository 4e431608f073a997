import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildPackagedRenderer } from '../../main/shell/build.ts';

test('what is shipped is React’s release, even where a test run builds it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'addvalue-build-'));
  try {
    const { NODE_ENV: around } = process.env;
    expect(around).not.toBe('production');
    await buildPackagedRenderer(folder);
    const scripts = globSync('**/*.js', { cwd: folder }).map((file) =>
      readFileSync(join(folder, file), 'utf8'),
    );
    expect(scripts.join('').length).toBeGreaterThan(100_000);
    expect(scripts.some((script) => script.includes('Encountered two children'))).toBe(false);
    expect(process.env.NODE_ENV).toBe(around);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 30_000);
