import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** A simulated station, started as a person starts it, with a journal of its own. */
export type Station = {
  /** The addresses of its two pages. */
  readonly kiosk: string;
  readonly bench: string;
  /** Stop it and remove its journal. */
  readonly end: () => Promise<void>;
};

export async function startStation(): Promise<Station> {
  const folder = mkdtempSync(join(tmpdir(), 'addvalue-e2e-'));
  const child = spawn(
    process.execPath,
    [
      'main/shell/start.ts',
      '--shell',
      'web',
      '--port',
      '0',
      '--journal',
      join(folder, 'journal.sqlite'),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  return {
    ...(await readAddresses(child)),
    end: async () => {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's Chromium: no browser is downloaded. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

async function readAddresses(child: ChildProcess): Promise<{ kiosk: string; bench: string }> {
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    const kiosk = /^kiosk\s+(\S+)$/m.exec(said)?.[1];
    const bench = /^bench\s+(\S+)$/m.exec(said)?.[1];
    if (kiosk !== undefined && bench !== undefined) {
      child.stdout?.resume();
      return { kiosk, bench };
    }
  }
  throw new Error(`the station ended without an address: ${said}`);
}
