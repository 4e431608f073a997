import { defineConfig } from 'vitest/config';

/** Real services, one at a time: a machine has one pcscd. Started by run.ts. */
export default defineConfig({
  test: {
    root: new URL('../../..', import.meta.url).pathname,
    include: ['test/hardware/real/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
