import { readFile } from 'node:fs/promises';
import type {
  App,
  CustomScheme,
  Input,
  IpcMainEvent,
  Session,
  WebContents,
  WebPreferences,
} from 'electron';
import { pageHeaders } from '../page-headers.ts';
import type { RendererFiles } from '../renderer-files.ts';

/*
 * Electron's security checklist (electron/docs/tutorial/security.md), item by item. Three items have no code to stand in:
 * 15 (no file imports `shell`), 16 (package.json pins the current major) and 19 (the fuses stand in
 * electron-builder.yml); test/shell/electron/lockdown.test.ts checks them with the rest.
 */

/** The one origin there is: what is packaged with the product. */
const pageOrigin = 'app://kiosk';
export const pageAddress = `${pageOrigin}/index.html`;

/** Item 18: no file:// pages. To be registered before the app is ready. */
export const pageScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};

/** Items 2, 3, 4, 6, 8, 9, 10, 11: what a page may be. Defaults are written out so that a change of them is not ours. */
export function pagePreferences(preload: string, devTools: boolean): WebPreferences {
  return {
    preload,
    // 2: no Node in a page, its workers or its frames.
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    // 3: the preload script's world is not the page's.
    contextIsolation: true,
    // 4: the system keeps the page's process in a sandbox.
    sandbox: true,
    // 6
    webSecurity: true,
    // 8
    allowRunningInsecureContent: false,
    // 9
    experimentalFeatures: false,
    // 10: there is no `enableBlinkFeatures` here, and must not be.
    // 11: without the tag, there are no popups for it to allow.
    webviewTag: false,
    plugins: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    spellcheck: false,
    backgroundThrottling: false,
    devTools,
  };
}

/** Item 4, for every process there will ever be. To be called before the app is ready. */
export function sandboxEverything(app: Pick<App, 'enableSandbox'>): void {
  app.enableSandbox();
}

/** Items 1 and 7: our own files under a strict policy, and nothing from anywhere else. */
export function servePages(session: Session, files: RendererFiles): void {
  session.protocol.handle('app', async (request) => {
    const { host, pathname } = new URL(request.url);
    const file = files.get(pathname);
    // The bench's page is never a page of this window.
    const isOtherPage = pathname.endsWith('.html') && pathname !== '/index.html';
    if (host !== 'kiosk' || request.method !== 'GET' || file === undefined || isOtherPage) {
      return new Response('nothing here\n', { status: 404, headers: pageHeaders([]) });
    }
    const headers = {
      ...pageHeaders([]),
      'Content-Type': file.contentType,
      'Cache-Control': file.cacheControl,
    };
    return new Response(await readFile(file.file), { headers });
  });
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !isOurs(url) && !url.startsWith('data:image/') && !isDevTools(url) });
  });
}

/** Item 5: a kiosk's page needs no permission, so it gets none. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null));
  session.on('will-download', (event) => event.preventDefault());
}

/** Items 12, 13, 14: the page stays the page. Holds for every web contents that is ever created. */
export function holdPages(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents) => {
    // 12: no webview, whatever its options.
    contents.on('will-attach-webview', (event) => event.preventDefault());
    // 13: nowhere to go, in no frame. A reload of the page itself is no way out.
    contents.on('will-frame-navigate', (event) => {
      if (event.url !== pageAddress || !event.isMainFrame) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    // 14: nothing opens.
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Item 17: a message counts only from the page itself in its own main frame. */
export function isTrustedSender(event: Pick<IpcMainEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isOurs(frame.url);
}

/**
 * Not on the list, but the same door: keys that would leave the page, close it, print it or zoom it. What a keypad needs
 * (letters, digits, arrows, Tab, Enter, Escape) passes.
 */
export function isForbiddenKey(input: Pick<Input, 'control' | 'alt' | 'meta' | 'key'>): boolean {
  return input.control || input.alt || input.meta || /^(F\d+|Browser.+|Print.+)$/.test(input.key);
}

/** Hold the keys, the context menu and pinching of a page that customers stand before. */
export function holdInput(contents: WebContents): void {
  contents.on('before-input-event', (event, input) => {
    if (isForbiddenKey(input)) event.preventDefault();
  });
  contents.on('did-finish-load', () => {
    void contents.setVisualZoomLevelLimits(1, 1);
  });
}

function isOurs(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === 'app:' && parsed.host === 'kiosk';
}

function isDevTools(url: string): boolean {
  return url.startsWith('devtools://');
}
