import type { Clock } from '../../contract/clock.ts';
import type { Log } from '../log.ts';
import { StartRefused } from '../start-refused.ts';
import { findBrowser, keepBrowserOpen } from './browser.ts';
import { createWebServer, type Surface, type WebServer } from './server.ts';

const usualPort = 4280;

/**
 * Show surfaces on the web shell and print their addresses, unless a browser of our own is to open the first of them.
 * Rejects with StartRefused when the port that was asked for is taken.
 */
export async function showOnWeb(parts: {
  readonly surfaces: readonly Surface[];
  readonly rendererFolder: string;
  /** Null: the usual one, or any that is free. */
  readonly port: number | null;
  /** Open the system's Chromium full screen, where there is one and a screen for it. */
  readonly fullScreen: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly print: (line: string) => void;
}): Promise<WebServer> {
  const { surfaces, clock, log, print } = parts;
  const server = await serve(parts);
  const browser = parts.fullScreen ? findBrowser(process.env) : null;
  const first = surfaces[0]?.path ?? '/';
  if (browser?.kind === 'done') {
    print(`kiosk   full screen in ${browser.binary}`);
    const stop = keepBrowserOpen({
      binary: browser.binary,
      newAddress: () => server.newAddress(first),
      connected: () => server.connected(first),
      clock,
      log,
    });
    return {
      ...server,
      close() {
        stop();
        return server.close();
      },
    };
  }
  if (browser !== null) print(`no browser was started (${browser.why}); open this address:`);
  for (const { name, path } of surfaces) print(`${name.padEnd(7)} ${server.newAddress(path)}`);
  return server;
}

async function serve(parts: Parameters<typeof showOnWeb>[0]): Promise<WebServer> {
  try {
    return await createWebServer({ ...parts, port: parts.port ?? usualPort });
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken) throw error;
    if (parts.port !== null) {
      const message = `Port ${parts.port} is taken. Name another with --port, or none for any that is free.`;
      throw new StartRefused(message, { cause: error });
    }
    return createWebServer({ ...parts, port: 0 });
  }
}
