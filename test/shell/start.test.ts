import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const start = fileURLToPath(new URL('../../main/shell/start.ts', import.meta.url));

/** `npm start -- …` on a machine without a display. */
function started(...args: readonly string[]) {
  const { DISPLAY: _x, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const child = spawn(process.execPath, [start, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, lines, errors, ended };
}

test('a station says which shell it starts and why, prints its address, and ends when asked', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-start-'));
  const station = started('--shell=web', '--port=0', `--config=${path.join(folder, 'none.json')}`);
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

test('a port that is taken, or a wrong configuration of the bench, is said in one line', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-start-'));
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const config = `--config=${path.join(folder, 'none.json')}`;
  const taken = started('--shell=web', `--port=${port}`, config);
  const wrong = started('--shell=web', '--simulated', config);
  expect(await taken.ended).toBe(2);
  expect(taken.errors.at(-1)).toContain(`Port ${port} is taken. Name another with --port`);
  expect(await wrong.ended).toBe(2);
  expect(wrong.errors.at(-1)).toContain('none.json: the configuration cannot be read (ENOENT)');
  holder.close();
}, 20_000);
