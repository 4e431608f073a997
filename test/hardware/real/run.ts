import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inNamespaces, missingPrograms } from '../../../hardware/rig/virtual/namespaces.ts';

/*
 * Runs the tests that need real services, each file in namespaces of its own, so that some run beside each other: they
 * mostly wait. What is not an option chooses files by their names, as with vitest; options are passed on to it.
 */

const missing = missingPrograms();
if (missing !== null) {
  console.error(missing);
  process.exit(1);
}

/** How many files run beside each other. More, and they would wait for the processor of a small machine. */
const lanes = 3;

const root = fileURLToPath(new URL('../../..', import.meta.url));
const config = fileURLToPath(new URL('./vitest.config.ts', import.meta.url));
const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));

const given = process.argv.slice(2);
const firstOption = [...given, '-'].findIndex((argument) => argument.startsWith('-'));
const names = given.slice(0, firstOption);
const options = given.slice(firstOption);

const files = globSync('test/hardware/real/**/*.test.ts', { cwd: root })
  .sort()
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)));
if (files.length === 0) {
  console.error(`No test is called ${names.join(' or ')}.`);
  process.exit(1);
}

/** Whether all that is in the file passed. What it says is told when it ends, or at once where it is the only one. */
function run(file: string): Promise<boolean> {
  const command = [process.execPath, vitest, 'run', '--config', config, file, ...options];
  const [unshare, args] = inNamespaces('own', command);
  const output = files.length === 1 ? 'inherit' : 'pipe';
  const running = spawn(unshare, args, { cwd: root, stdio: ['ignore', output, output] });
  let said = '';
  for (const stream of [running.stdout, running.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  return new Promise((resolve, reject) => {
    running.once('error', reject);
    running.once('close', (code) => {
      process.stdout.write(said);
      resolve(code === 0);
    });
  });
}

const failed: string[] = [];
const waiting = [...files];
async function lane(): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (!(await run(file))) failed.push(file);
  }
}
await Promise.all(Array.from({ length: lanes }, lane));
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
