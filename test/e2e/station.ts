import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** A simulated station, started as a person starts it, with a journal of its own. */
export type Station = {
  /** The addresses of its two pages. */
  readonly kiosk: string;
  readonly bench: string;
  /** Its file. */
  readonly journal: string;
  /** Kill its process where it stands (SIGKILL), and wait until it is gone. */
  readonly kill: () => Promise<void>;
  /** Start it on the same journal, with the cards and terminals that remember: another process, at other addresses. */
  readonly startAgain: () => Promise<Station>;
  /** Stop it and remove its journal. */
  readonly end: () => Promise<void>;
};

/** `config`: what its configuration file says. Absent: the built-in station. */
export async function startStation(config?: object): Promise<Station> {
  const folder = mkdtempSync(join(tmpdir(), 'addvalue-e2e-'));
  if (config === undefined) return await startIn(folder, []);
  const file = join(folder, 'station.json');
  writeFileSync(file, JSON.stringify(config));
  return await startIn(folder, ['--config', file]);
}

async function startIn(folder: string, options: readonly string[]): Promise<Station> {
  const journal = join(folder, 'journal.sqlite');
  const child = spawn(
    process.execPath,
    ['main/shell/start.ts', ...['--shell', 'web', '--port', '0', '--journal', journal], ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const gone = new Promise((resolve) => child.once('exit', resolve));
  return {
    ...(await readAddresses(child)),
    journal,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    startAgain: () => startIn(folder, options),
    end: async () => {
      child.kill('SIGTERM');
      await gone;
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
