import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const start = fileURLToPath(new URL('../../main/shell/start.ts', import.meta.url));

const children: ChildProcess[] = [];

// A station that was to refuse to start, and did not, must not outlive its test.
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** `npm start -- …` on a machine without a display. */
function started(...args: readonly string[]) {
  const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const child = spawn(process.execPath, [start, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: string[] = [];
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, lines, errors, ended };
}

/** Files as the manual shows them: one with real devices only, one for the bench. None of the devices is there. */
function written() {
  const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-start-'));
  const manual = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const [real = '', mixed = ''] = [...manual.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, json = '']) =>
      json
        .replaceAll(/192\.168\.1\.\d+/g, '127.0.0.1')
        .replace(/"journal": ".*"/, `"journal": "${path.join(folder, 'journal.sqlite')}"`),
  );
  const files = { real: path.join(folder, 'real.json'), mixed: path.join(folder, 'mixed.json') };
  writeFileSync(files.real, real);
  writeFileSync(files.mixed, mixed);
  return { folder, ...files };
}

test('a station says which shell it starts and why, prints its address, and ends when asked', async () => {
  const station = started('--shell=web', '--port=0', `--config=${written().real}`);
  await expect.poll(() => station.lines.length, { timeout: 15_000 }).toBe(3);
  expect(station.lines[0]).toBe('AddValue: station, web shell, because it was asked for');
  expect(station.lines[1]).toContain('there is no display');
  const address = station.lines[2]?.match(/^kiosk +(http:\S+)$/)?.[1] ?? '';
  const answer = await fetch(address, { redirect: 'manual' });
  expect(answer.status).toBe(303);
  station.child.kill('SIGTERM');
  expect(await station.ended).toBe(0);
}, 20_000);

test('a command line that is not understood starts nothing', async () => {
  const station = started('--confg=x.json');
  expect(await station.ended).toBe(2);
  expect(station.errors.join('\n')).toContain('--confg');
  expect(station.errors.join('\n')).toContain('--config FILE');
});

test('a file that names a simulated device starts the bench, and says so', async () => {
  const { mixed } = written();
  const station = started('--shell=web', '--port=0', `--config=${mixed}`);
  await expect.poll(() => station.lines.length, { timeout: 15_000 }).toBe(3);
  expect(station.lines[0]).toBe(
    `AddValue: simulated station (${mixed} names simulated devices), web shell, because it was asked for`,
  );
  expect(station.lines[1]).toMatch(/^kiosk +http:/);
  expect(station.lines[2]).toMatch(/^bench +http:/);
  station.child.kill('SIGINT');
  expect(await station.ended).toBe(0);
}, 20_000);

test('a station that is to be simulated, of a file without a simulated device, is refused', async () => {
  const { real } = written();
  const station = started('--station=simulated', '--port=0', `--config=${real}`);
  expect(await station.ended).toBe(2);
  expect(station.errors.join('\n')).toContain(`${real} names real devices only`);
}, 20_000);

test('screens that are built again at each change are not for real devices', async () => {
  const station = started('--dev', '--port=0', `--config=${written().real}`);
  expect(await station.ended).toBe(2);
  expect(station.errors.join('\n')).toMatch(/^--dev: this is the station with real devices/);
}, 20_000);

test.runIf(process.platform === 'linux')(
  'a virtual station without its programs is refused with what to install',
  async () => {
    const { folder } = written();
    symlinkSync('/bin/sh', path.join(folder, 'sh'));
    const child = spawn(process.execPath, [start, '--station=virtual'], {
      env: { PATH: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    children.push(child);
    const errors: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(2);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(
      /^The virtual station cannot start\. Missing: pcscd, .*apt install pcscd/,
    );
  },
  20_000,
);

test('a second station on the same journal is refused in words, and Ctrl-C ends the first', async () => {
  const { folder } = written();
  const journal = path.join(folder, 'journal.sqlite');
  const args = ['--shell=web', '--port=0', `--journal=${journal}`];
  const first = started(...args);
  await expect.poll(() => first.lines.length, { timeout: 15_000 }).toBe(3);
  const second = started(...args);
  expect(await second.ended).toBe(2);
  expect(second.errors.at(-1)).toMatch(
    /journal.sqlite is being written by another AddValue process, .* Stop that process/,
  );
  expect(second.errors.at(-1)).toContain('--journal FILE');
  expect(second.errors.join('\n')).not.toMatch(/^ +at /m);
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
  expect(first.errors.join('\n')).not.toMatch(/^ +at /m);
}, 20_000);

test('a port that is taken is said in one line', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const taken = started('--shell=web', `--port=${port}`, `--config=${written().real}`);
  expect(await taken.ended).toBe(2);
  expect(taken.errors.join('\n')).toContain(`Port ${port} is taken. Name another with --port`);
  holder.close();
}, 20_000);

describe('a file that is no configuration for the bench is refused in one line a problem', () => {
  test.each<[string, string | null, string]>([
    ['a missing one', null, 'none.json: the configuration cannot be read (ENOENT)'],
    ['a corrupt one', '{ "devices": ', 'none.json is not JSON'],
    [
      'one that says too little',
      '{ "devices": { "reader": { "driver": "simulated" } } }',
      'none.json: "devices.printer" is missing: it must be a section in braces',
    ],
  ])(
    '%s',
    async (_what, source, sentence) => {
      const file = path.join(written().folder, 'none.json');
      if (source !== null) writeFileSync(file, source);
      const station = started('--shell=web', '--port=0', `--config=${file}`);
      expect(await station.ended).toBe(2);
      expect(station.errors.join('\n')).toContain(sentence);
      expect(station.errors.join('\n')).not.toMatch(/^ +at /m);
    },
    20_000,
  );
});
