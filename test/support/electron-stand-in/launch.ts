import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { _electron, type BrowserContext, chromium, type Page } from 'playwright-core';

/** A running Electron shell, whichever Electron it is. */
export type LaunchedShell = {
  /** The kiosk's page as it is now; a replaced window has another one. Waits for it. */
  page(): Promise<Page>;
  /** How many pages there are. */
  pageCount(): number;
  /** Wait for a line of the shell's log that contains this. */
  logged(text: string): Promise<string>;
  close(): Promise<void>;
};

/** Which Electron the specs run on here. */
export const electronHere: 'electron' | 'stand-in' =
  installedElectron() === null ? 'stand-in' : 'electron';

/** Start a bundled main file of the Electron shell. */
export function launchShell(main: string, args: readonly string[]): Promise<LaunchedShell> {
  const binary = installedElectron();
  return binary === null ? launchStandIn(main, args) : launchElectron(binary, main, args);
}

function installedElectron(): string | null {
  const require = createRequire(import.meta.url);
  const folder = require.resolve('electron/package.json').replace(/package\.json$/, '');
  return existsSync(`${folder}path.txt`) ? String(require('electron')) : null;
}

async function launchElectron(
  executablePath: string,
  main: string,
  args: readonly string[],
): Promise<LaunchedShell> {
  const electron = await _electron.launch({ executablePath, args: [main, ...args] });
  return {
    page: () => newestPage(() => electron.windows()),
    pageCount: () => electron.windows().length,
    logged: logOf(electron.process()),
    close: () => electron.close(),
  };
}

async function launchStandIn(main: string, args: readonly string[]): Promise<LaunchedShell> {
  const port = await freePort();
  const register = fileURLToPath(new URL('register.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', register, main, ...args], {
    env: { ...process.env, STAND_IN_PORT: String(port) },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const logged = logOf(child);
  const browser = await chromiumAt(port, child);
  const contexts = (): readonly BrowserContext[] => browser.contexts();
  const pages = () =>
    contexts()
      .flatMap((context) => context.pages())
      .filter((page) => page.url().startsWith('https://kiosk.app.invalid/'));
  return {
    page: () => newestPage(pages),
    pageCount: () => contexts().flatMap((context) => context.pages()).length,
    logged,
    async close() {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await ended;
      await browser.close();
    },
  };
}

async function chromiumAt(port: number, child: ChildProcess) {
  for (;;) {
    try {
      return await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    } catch (error) {
      if (child.exitCode !== null) throw new Error(`the shell ended (${child.exitCode})`);
      if (!String(error).includes('ECONNREFUSED')) throw error;
      await pause();
    }
  }
}

async function newestPage(pages: () => readonly Page[]): Promise<Page> {
  for (;;) {
    const newest = pages().at(-1);
    if (newest !== undefined) return newest;
    await pause();
  }
}

function logOf(child: ChildProcess): (text: string) => Promise<string> {
  const lines: string[] = [];
  let wake: () => void = () => {};
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      wake();
    });
  }
  return async (text) => {
    for (;;) {
      const found = lines.find((line) => line.includes(text));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
