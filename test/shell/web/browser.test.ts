import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findBrowser, keepBrowserOpen } from '../../../main/shell/web/browser.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

let folder: string;
let clock: VirtualClock;
let connected: boolean;
let logged: string[];
let stop: () => void;

/** The addresses that the browser was opened with, in turn. */
function opened(): readonly string[] {
  const notes = path.join(folder, 'opened');
  return existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : [];
}

/** A browser that notes its last argument and then does `what`. */
function keepOpen(what: string): void {
  const binary = path.join(folder, 'chromium');
  const script = `#!/bin/sh\nfor last; do :; done\necho "$last" >> ${folder}/opened\n${what}\n`;
  writeFileSync(binary, script);
  chmodSync(binary, 0o755);
  let addresses = 0;
  const note = (_facts: object, sentence: string) => logged.push(sentence);
  stop = keepBrowserOpen({
    binary,
    newAddress() {
      addresses += 1;
      return `http://127.0.0.1/?token=${addresses}`;
    },
    connected: () => connected,
    clock,
    log: { info: note, warn: note, error: note },
  });
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'addvalue-browser-test-'));
  clock = new VirtualClock();
  connected = false;
  logged = [];
});

afterEach(() => {
  stop?.();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(process.platform === 'win32')("the kiosk's browser", () => {
  test('that ends is started again, with an address of its own', async () => {
    keepOpen('exit 0');
    await expect.poll(opened).toHaveLength(1);
    await expect
      .poll(async () => {
        await clock.advance(500);
        return opened();
      })
      .toContain('http://127.0.0.1/?token=2');
    expect(logged[0]).toBe('the browser has ended; the browser is started again');
  });

  test('whose page has gone is started again within two seconds', async () => {
    keepOpen('exec sleep 60');
    await expect.poll(opened).toHaveLength(1);
    connected = true;
    await clock.advance(10_000);
    connected = false;
    await clock.advance(1_000);
    expect(logged).toEqual([]);
    await clock.advance(1_000);
    expect(logged).toEqual(['the page has gone; the browser is started again']);
    await expect.poll(opened).toHaveLength(2);
  });

  test('is given twenty seconds to show its page for the first time', async () => {
    keepOpen('exec sleep 60');
    await clock.advance(20_000);
    expect(logged).toEqual([]);
    await clock.advance(500);
    expect(logged).toHaveLength(1);
  });

  test('that shows its page is left alone for ever', async () => {
    keepOpen('exec sleep 60');
    connected = true;
    await clock.advance(3_600_000);
    expect(logged).toEqual([]);
  });
});

test('where there is no display, none is started, and why is said', () => {
  expect(findBrowser({ PATH: '/usr/bin' })).toEqual({
    kind: 'refused',
    why: 'there is no display',
  });
});
