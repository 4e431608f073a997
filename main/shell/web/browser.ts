import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../contract/clock.ts';
import type { Log } from '../log.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** A browser that has just been started may take this long on a slow machine to show its page. */
const startMs = 20_000;
const lookEveryMs = 500;
/** A browser that ends as soon as it is started must not take the machine with it. */
const startEveryMs = 2_000;
/** A page that was there and is gone: a reload takes less. With the browser's own start, the page is back within 3 s. */
const goneLimitMs = 1_500;

export type BrowserAnswer =
  | { readonly kind: 'done'; readonly binary: string }
  /** `why` finishes the sentence "no browser was started: …". */
  | { readonly kind: 'refused'; readonly why: string };

/** The system's Chromium, where there is one and a screen for it. */
export function findBrowser(environment: NodeJS.ProcessEnv): BrowserAnswer {
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) {
    return { kind: 'refused', why: 'there is no display' };
  }
  // Chromium runs as root only without its sandbox, and a kiosk's browser is never run without.
  if (process.getuid?.() === 0) return { kind: 'refused', why: 'the station runs as root' };
  const binary = installedBrowser(environment);
  return binary === null
    ? { kind: 'refused', why: 'Chromium is not installed' }
    : { kind: 'done', binary };
}

/** The system's Chromium, whether or not there is a screen for it; null where there is none. */
export function installedBrowser(environment: NodeJS.ProcessEnv): string | null {
  for (const folder of (environment.PATH ?? '').split(path.delimiter)) {
    for (const name of names) {
      const binary = path.join(folder, name);
      if (folder !== '' && existsSync(binary)) return binary;
    }
  }
  return null;
}

/**
 * Keep the browser on the kiosk's page: when it ends, or its page has gone, it is started again with a new address.
 * The answer ends it.
 */
export function keepBrowserOpen(options: {
  readonly binary: string;
  readonly newAddress: () => string;
  readonly connected: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}): () => void {
  const { clock, log } = options;
  const profile = mkdtempSync(path.join(tmpdir(), 'addvalue-browser-'));
  let browser: ChildProcess | null = null;
  let startedMs = 0;
  let seenMs: number | null = null;
  let ended = false;
  let cancelLook = () => {};

  function start(): void {
    startedMs = clock.nowMs();
    seenMs = null;
    const started = spawn(options.binary, browserArguments(profile, options.newAddress()), {
      stdio: 'ignore',
    });
    browser = started;
    const gone = () => {
      if (browser === started) browser = null;
    };
    started.on('error', gone);
    started.on('exit', gone);
  }

  function look(): void {
    if (ended) return;
    const nowMs = clock.nowMs();
    if (options.connected()) seenMs = nowMs;
    const limitMs = seenMs === null ? startedMs + startMs : seenMs + goneLimitMs;
    const mayStart = nowMs - startedMs >= startEveryMs;
    if (mayStart && (browser === null || nowMs > limitMs)) {
      const what = browser === null ? 'the browser has ended' : 'the page has gone';
      log.error({}, `${what}; the browser is started again`);
      browser?.kill('SIGKILL');
      start();
    }
    cancelLook = clock.after(lookEveryMs, look);
  }

  start();
  cancelLook = clock.after(lookEveryMs, look);
  return () => {
    ended = true;
    cancelLook();
    const last = browser;
    if (last === null) return;
    last.once('exit', () => rmSync(profile, { recursive: true, force: true }));
    last.kill();
  };
}

/** A full-screen page and nothing around it: no bars, menus, gestures, dialogues, updates or pages of its own. */
function browserArguments(profile: string, address: string): readonly string[] {
  return [
    '--kiosk',
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-pinch',
    '--overscroll-history-navigation=0',
    '--disable-session-crashed-bubble',
    '--disable-features=Translate',
    '--disable-component-update',
    '--disable-background-networking',
    '--autoplay-policy=no-user-gesture-required',
    address,
  ];
}
