import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { en } from '../../renderer/text/en.ts';
import { Walk } from './walk.ts';

let folder: string;
let child: ChildProcess;
/** What it printed at its start, by the word in front: kiosk, bench, reader. */
const printed = new Map<string, string>();
/** The mount namespace that all its processes share, and nobody else is in. */
let namespace: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'addvalue-e2e-'));
  child = spawn(
    process.execPath,
    [
      'main/shell/start.ts',
      ...['--station', 'virtual', '--port', '0', '--journal', join(folder, 'journal.sqlite')],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  lines.on('line', (line) => {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    printed.set(word, rest);
  });
  await expect.poll(() => [...printed.keys()], { timeout: 30_000 }).toContain('reader');
  namespace = readlinkSync(`/proc/${child.pid}/ns/mnt`);
});

afterEach(() => {
  child.kill('SIGKILL');
  printed.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** What runs in the station's namespace: its processes, whoever their parent is by now. */
function processes(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/ns/mnt`) === namespace;
      } catch {
        return false;
      }
    });
}

async function end(signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return ended;
}

test('a person tops up a card through pcscd, which other programs see in the same reader', async () => {
  const walk = await Walk.start({
    kiosk: printed.get('kiosk') ?? '',
    bench: printed.get('bench') ?? '',
  });
  const beforeMinor = await walk.purseMinor();
  await walk.speak(en);
  await walk.insert();
  await walk.chooseFifty(en);
  await walk.approve();
  await walk.sees(en.receipt.printed.title);
  expect(await walk.purseMinor()).toBe(beforeMinor + 5_000);
  const slips = walk.bench.locator('.slip');
  expect(await slips.count()).toBe(1);
  expect(await slips.locator('img').first().getAttribute('alt')).toContain('TOP-UP RECEIPT');
  expect(walk.complaints).toEqual([]);

  const look = printed.get('reader') ?? '';
  expect(execFileSync('sh', ['-c', `${look} -r`], { encoding: 'utf8' })).toContain(
    '0: Virtual PCD 00 00',
  );
  const stdout = execFileSync('sh', ['-c', `${look} -n -t 2`], { encoding: 'utf8' });
  const [, reader = ''] = stdout.split(/^.*Reader 0: Virtual PCD 00 00/m);
  expect(reader.split('Reader 1:')[0]).toMatch(/Card state:.*Card inserted/);

  await walk.end();
  expect(processes().length).toBeGreaterThan(3);
  expect(await end('SIGTERM')).toBe(0);
  await expect.poll(processes).toEqual([]);
});

test('killed where it stands, it leaves no process behind', async () => {
  expect(processes().length).toBeGreaterThan(3);
  await end('SIGKILL');
  await expect.poll(processes).toEqual([]);
});

test('where namespaces are forbidden it is refused in one line, with what to do', () => {
  // As in a container without CAP_SYS_ADMIN.
  const unshare = join(folder, 'unshare');
  writeFileSync(unshare, '#!/bin/sh\necho "unshare failed: Operation not permitted" >&2\nexit 1\n');
  chmodSync(unshare, 0o755);
  const { status, stderr } = spawnSync(
    process.execPath,
    ['main/shell/start.ts', '--station', 'virtual'],
    { encoding: 'utf8', env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } },
  );
  expect(status).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(/cannot be made here \(unshare failed: .*\)\. Start it as root/);
});
