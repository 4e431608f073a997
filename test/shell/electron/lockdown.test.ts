import { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  denyPermissions,
  holdPages,
  isForbiddenKey,
  isTrustedSender,
  pageAddress,
  pagePreferences,
  pageScheme,
  sandboxEverything,
  servePages,
} from '../../../main/shell/electron/lockdown.ts';
import { listRendererFiles } from '../../../main/shell/renderer-files.ts';

type AppOf = Parameters<typeof holdPages>[0];
type SessionOf = Parameters<typeof servePages>[0];

/** What was set on a session, to be asked as Electron would ask it. */
class AskedSession extends EventEmitter {
  readonly said = new Map<string, (...args: unknown[]) => unknown>();
  page: (request: Request) => Promise<Response> = () => Promise.reject(new Error('no handler'));
  readonly protocol = {
    handle: (_scheme: string, handler: (request: Request) => Promise<Response>) => {
      this.page = handler;
    },
  };
  readonly webRequest = {
    onBeforeRequest: (listener: (...args: unknown[]) => unknown) => {
      this.said.set('onBeforeRequest', listener);
    },
  };
  setPermissionRequestHandler = this.#keeper('setPermissionRequestHandler');
  setPermissionCheckHandler = this.#keeper('setPermissionCheckHandler');
  setDevicePermissionHandler = this.#keeper('setDevicePermissionHandler');
  setDisplayMediaRequestHandler = this.#keeper('setDisplayMediaRequestHandler');

  #keeper(name: string) {
    return (handler: (...args: unknown[]) => unknown) => {
      this.said.set(name, handler);
    };
  }

  /** What the handler answers, whether it returns or calls back. */
  ask(name: string, ...args: unknown[]): unknown {
    let answered: unknown;
    const returned = this.said.get(name)?.(...args, (answer: unknown) => {
      answered = answer;
    });
    return returned ?? answered;
  }

  get asSession(): SessionOf {
    return this as unknown as SessionOf;
  }
}

function servedSession(): AskedSession {
  const folder = mkdtempSync(path.join(tmpdir(), 'addvalue-pages-'));
  writeFileSync(path.join(folder, 'index.html'), '<title>kiosk</title>');
  writeFileSync(path.join(folder, 'bench.html'), '<title>bench</title>');
  const session = new AskedSession();
  servePages(session.asSession, listRendererFiles(folder));
  return session;
}

/** A web contents as holdPages finds it; `try` says whether the event was let through. */
function heldContents() {
  const app = new EventEmitter();
  holdPages(app as unknown as AppOf);
  let openWindow: (details: object) => { action: string } = () => ({ action: 'allow' });
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler(handler: typeof openWindow) {
      openWindow = handler;
    },
  });
  app.emit('web-contents-created', {}, contents);
  return {
    openWindow: () => openWindow({ url: 'app://kiosk/index.html' }).action,
    passes(name: string, facts: object = {}): boolean {
      let passed = true;
      const preventDefault = () => {
        passed = false;
      };
      contents.emit(name, { ...facts, preventDefault }, {}, {});
      return passed;
    },
  };
}

function sources(folder: string): readonly { file: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

const root = new URL('../../../', import.meta.url).pathname;
const preferences = pagePreferences('/preload.cjs', false);

describe("Electron's security checklist (docs/tutorial/security.md)", () => {
  test('1: only load secure content', () => {
    const session = servedSession();
    const cancelled = (url: string) => session.ask('onBeforeRequest', { url });
    expect(cancelled(pageAddress)).toEqual({ cancel: false });
    for (const url of [
      'http://127.0.0.1:1/',
      'https://example.invalid/',
      'ws://127.0.0.1:1/',
      'file:///etc/passwd',
      'app://other/index.html',
      'data:text/html,x',
      'not an address',
    ]) {
      expect(cancelled(url)).toEqual({ cancel: true });
    }
  });

  test('2: do not enable Node.js integration for remote content', () => {
    expect(preferences).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
    });
  });

  test('3: enable context isolation', () => {
    expect(preferences.contextIsolation).toBe(true);
  });

  test('4: enable process sandboxing', () => {
    expect(preferences.sandbox).toBe(true);
    let sandboxed = false;
    sandboxEverything({
      enableSandbox: () => {
        sandboxed = true;
      },
    });
    expect(sandboxed).toBe(true);
  });

  test('5: handle session permission requests', () => {
    const session = new AskedSession();
    denyPermissions(session.asSession);
    for (const permission of ['media', 'geolocation', 'notifications', 'fullscreen', 'usb']) {
      expect(session.ask('setPermissionRequestHandler', {}, permission)).toBe(false);
      expect(session.ask('setPermissionCheckHandler', {}, permission)).toBe(false);
    }
    expect(session.ask('setDevicePermissionHandler', { deviceType: 'hid' })).toBe(false);
    expect(session.ask('setDisplayMediaRequestHandler', {})).toBe(null);
    let downloads = true;
    session.emit('will-download', {
      preventDefault: () => {
        downloads = false;
      },
    });
    expect(downloads).toBe(false);
  });

  test('6: do not disable webSecurity', () => {
    expect(preferences.webSecurity).toBe(true);
  });

  test('7: define a Content-Security-Policy', async () => {
    const served = await servedSession().page(new Request(pageAddress));
    expect(served.status).toBe(200);
    const policy = served.headers.get('Content-Security-Policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  test('8: do not enable allowRunningInsecureContent', () => {
    expect(preferences.allowRunningInsecureContent).toBe(false);
  });

  test('9: do not enable experimental features', () => {
    expect(preferences.experimentalFeatures).toBe(false);
  });

  test('10: do not use enableBlinkFeatures', () => {
    expect(preferences).not.toHaveProperty('enableBlinkFeatures');
  });

  test('11: do not use allowpopups for webviews', () => {
    expect(preferences.webviewTag).toBe(false);
  });

  test('12: verify webview options before creation', () => {
    expect(heldContents().passes('will-attach-webview')).toBe(false);
  });

  test('13: disable or limit navigation', () => {
    const contents = heldContents();
    const navigates = (url: string, isMainFrame = true) =>
      contents.passes('will-frame-navigate', { url, isMainFrame });
    expect(navigates(pageAddress)).toBe(true);
    expect(navigates(pageAddress, false)).toBe(false);
    expect(navigates('app://kiosk/bench/index.html')).toBe(false);
    expect(navigates('https://example.invalid/')).toBe(false);
    expect(contents.passes('will-redirect')).toBe(false);
  });

  test('14: disable or limit creation of new windows', () => {
    expect(heldContents().openWindow()).toBe('deny');
  });

  test('15: do not use shell.openExternal with untrusted content', () => {
    for (const { file, text } of sources(path.join(root, 'main'))) {
      expect(text, file).not.toMatch(/openExternal|\bshell\b[^;]*from 'electron'/);
    }
  });

  test('16: use a current version of Electron', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(manifest.devDependencies.electron).toMatch(/^45\.\d+\.\d+$/);
  });

  test('17: validate the sender of all IPC messages', () => {
    type Frame = Parameters<typeof isTrustedSender>[0]['senderFrame'];
    const sentBy = (frame: object | null) => isTrustedSender({ senderFrame: frame as Frame });
    expect(sentBy({ url: pageAddress, parent: null })).toBe(true);
    expect(sentBy({ url: pageAddress, parent: {} })).toBe(false);
    expect(sentBy({ url: 'https://example.invalid/', parent: null })).toBe(false);
    expect(sentBy({ url: 'app://kiosk.evil/index.html', parent: null })).toBe(false);
    expect(sentBy({ url: 'https://x/?app://kiosk/index.html', parent: null })).toBe(false);
    expect(sentBy(null)).toBe(false);
  });

  test('18: avoid the file:// protocol and prefer custom protocols', async () => {
    expect(pageAddress.startsWith('app://')).toBe(true);
    expect(pageScheme.privileges).toEqual({ standard: true, secure: true, supportFetchAPI: true });
    const session = servedSession();
    for (const address of [
      'app://other/index.html',
      'app://kiosk/bench.html',
      'app://kiosk/../../etc/passwd',
      'app://kiosk/%2e%2e/index.html%00',
      'app://kiosk/',
    ]) {
      expect((await session.page(new Request(address))).status).toBe(404);
    }
    const posted = new Request(pageAddress, { method: 'POST' });
    expect((await session.page(posted)).status).toBe(404);
  });

  test('19: check which fuses you can change', () => {
    const packaging = readFileSync(path.join(root, 'electron-builder.yml'), 'utf8');
    for (const fuse of [
      'runAsNode: false',
      'enableNodeOptionsEnvironmentVariable: false',
      'enableNodeCliInspectArguments: false',
      'enableEmbeddedAsarIntegrityValidation: true',
      'onlyLoadAppFromAsar: true',
      'grantFileProtocolExtraPrivileges: false',
      'enableCookieEncryption: false',
    ]) {
      expect(packaging).toContain(`\n  ${fuse}\n`);
    }
  });

  test('20: do not expose Electron APIs to untrusted web content', () => {
    const users = sources(path.join(root, 'main'))
      .filter(({ text }) => /\b(ipcRenderer|contextBridge|ipcMain)\b.*from 'electron'/.test(text))
      .map(({ file }) => path.basename(file));
    expect(users).toEqual(['preload.ts']);
    const preload = readFileSync(path.join(root, 'main/shell/electron/preload.ts'), 'utf8');
    expect(preload.match(/exposeInMainWorld\((.*)\)/)?.[1]).toBe("'addvalue', bridge");
  });
});

describe('keys in front of customers', () => {
  const key = (name: string, held: object = {}) =>
    isForbiddenKey({ key: name, control: false, alt: false, meta: false, ...held });

  test.each(['F5', 'F11', 'F12', 'BrowserBack', 'BrowserHome', 'PrintScreen'])(
    '%s is dead',
    (name) => expect(key(name)).toBe(true),
  );

  test.each([
    ['control', 'r'],
    ['control', 'w'],
    ['control', 'I'],
    ['alt', 'F4'],
    ['alt', 'ArrowLeft'],
    ['meta', 'd'],
  ])('%s with %s is dead', (held, name) => {
    expect(key(name, { [held]: true })).toBe(true);
  });

  test.each(['1', '0', 'Enter', 'Tab', 'ArrowDown', 'Escape', 'Backspace', ' ', 'Fn'])(
    '"%s" of a keypad works',
    (name) => expect(key(name)).toBe(false),
  );
});
