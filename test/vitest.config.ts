import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**', 'test/hardware/real/**', 'test/**/*.e2e.test.ts'],
    passWithNoTests: false,
    // No test leaves anything behind that another could find: a fresh worker for each file would take a fifth of the time.
    isolate: false,
    // Half as many again as there are cores: some files mostly wait, for processes and sockets.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
  },
});
