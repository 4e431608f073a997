import { app, BrowserWindow, Menu, powerSaveBlocker, protocol, session } from 'electron';
import type { Clock } from '../../contract/clock.ts';
import type { Log } from '../log.ts';
import { listRendererFiles } from '../renderer-files.ts';
import type { Station } from '../station.ts';
import { openIpcChannel } from './channel.ts';
import {
  denyPermissions,
  holdInput,
  holdPages,
  pageAddress,
  pagePreferences,
  pageScheme,
  sandboxEverything,
  servePages,
} from './lockdown.ts';

/** `kiosk`: the whole screen, no way out. `desk`: an ordinary window with developer tools, for the simulated station. */
export type Presentation = 'kiosk' | 'desk';

/** Before a window that failed is replaced. A page that fails at once, again and again, must not take the machine with it. */
const replaceAfterMs = 250;

/** What has to be said before Electron is ready. False: another kiosk runs on this machine, and this one must end. */
export function prepareElectron(): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  protocol.registerSchemesAsPrivileged([pageScheme]);
  sandboxEverything(app);
  holdPages(app);
  app.commandLine.appendSwitch('disable-pinch');
  app.commandLine.appendSwitch('overscroll-history-navigation', '0');
  app.commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required');
  // A window that is being replaced leaves none for a moment; that is no reason to end.
  app.on('window-all-closed', () => {});
  return true;
}

/** Show the station in one window from now on, replacing it within moments whenever it fails. To be called once. */
export function openKioskWindow(parts: {
  readonly station: Pick<Station, 'attach'>;
  readonly rendererFolder: string;
  readonly preload: string;
  readonly presentation: Presentation;
  readonly clock: Clock;
  readonly log: Log;
}): void {
  const { station, presentation, clock, log } = parts;
  const isKiosk = presentation === 'kiosk';
  // In memory only: nothing of a visit stays on disk.
  const pages = session.fromPartition('kiosk');
  denyPermissions(pages);
  servePages(pages, listRendererFiles(parts.rendererFolder));
  Menu.setApplicationMenu(null);
  if (isKiosk) powerSaveBlocker.start('prevent-display-sleep');

  function open(): void {
    const window = new BrowserWindow({
      kiosk: isKiosk,
      frame: !isKiosk,
      // The kiosk's 1080 by 1920 at half its size.
      ...(isKiosk ? {} : { width: 540, height: 960, useContentSize: true }),
      show: false,
      backgroundColor: '#ffffff',
      webPreferences: {
        ...pagePreferences(parts.preload, !isKiosk),
        session: pages,
        ...(isKiosk ? {} : { zoomFactor: 0.5 }),
      },
    });
    const contents = window.webContents;
    let failed = false;
    let detach = () => {};

    function fail(why: string): void {
      if (failed) return;
      failed = true;
      log.error({}, `the window is replaced: ${why}`);
      detach();
      channel.close();
      clock.after(replaceAfterMs, () => {
        open();
        window.destroy();
      });
    }

    const channel = openIpcChannel({
      contents,
      clock,
      log,
      onReady: () => {
        detach();
        detach = station.attach(channel);
      },
      onUnfit: fail,
    });
    contents.on('render-process-gone', (_event, { reason }) =>
      fail(`its process ended: ${reason}`),
    );
    contents.on('preload-error', (_event, _path, error) => fail(`its preload: ${error.message}`));
    contents.on('did-fail-load', (_event, _code, what, _url, isMainFrame) => {
      if (isMainFrame) fail(`it did not load: ${what}`);
    });
    window.on('unresponsive', () => fail('it does not respond'));
    window.on('close', (event) => {
      if (isKiosk) event.preventDefault();
      else app.quit();
    });
    window.once('ready-to-show', () => window.show());
    if (isKiosk) holdInput(contents);
    window.loadURL(pageAddress).catch((error: Error) => fail(`it did not load: ${error.message}`));
  }

  open();
}
