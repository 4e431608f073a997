import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inNamespaces, missingPrograms } from '../../../hardware/rig/virtual/namespaces.ts';

// Runs the tests that need real services in namespaces of their own, and passes its arguments on to vitest.
const missing = missingPrograms();
if (missing !== null) {
  console.error(missing);
  process.exit(1);
}

const config = fileURLToPath(new URL('./vitest.config.ts', import.meta.url));
const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
const [unshare, args] = inNamespaces('own', [
  process.execPath,
  ...[vitest, 'run', '--config', config, ...process.argv.slice(2)],
]);
const run = spawnSync(unshare, args, { stdio: 'inherit' });
if (run.error !== undefined) throw run.error;
process.exitCode = run.status ?? 1;
