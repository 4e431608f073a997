import { defineConfig } from 'vitest/config';

/** Real services, one file at a time in namespaces of its own: a machine has one pcscd. Started by run.ts. */
export default defineConfig({
  test: {
    root: new URL('../../..', import.meta.url).pathname,
    include: ['test/hardware/real/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 20_000,
  },
});
