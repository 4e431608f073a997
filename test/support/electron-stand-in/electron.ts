import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  type Browser,
  chromium,
  type Frame,
  type Page,
  type Request as PageRequest,
  type Route,
} from 'playwright-core';
import { fromBrowser, toBrowser } from './address.ts';
import { pageSide } from './page-side.ts';

/*
 * An `electron` module whose window is the system's Chromium, for where Electron's own binary cannot be had. It has what
 * the product uses and nothing more: anything else is not there, and an option it does not know is refused.
 *
 * Where it differs from the real one: the preload script shares the page's world (page-side.ts); app:// is an https origin
 * (address.ts); keys, zoom, menus, downloads and permissions are Chromium's own affair (headless Chromium grants none); a denied
 * window.open opens for a moment before it is closed.
 *
 * STAND_IN_PORT: where Chromium's debugging protocol listens, for the test that looks on.
 */

type Preventable = { defaultPrevented: boolean; preventDefault(): void };

function preventable<Facts extends object>(facts: Facts): Facts & Preventable {
  const event = {
    ...facts,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true;
    },
  };
  return event;
}

let browser: Promise<Browser> | null = null;

function theBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', `--remote-debugging-port=${process.env.STAND_IN_PORT}`],
  });
  return browser;
}

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly commandLine = { appendSwitch: (_name: string, _value?: string) => {} };

  requestSingleInstanceLock(): boolean {
    return true;
  }

  enableSandbox(): void {}

  async whenReady(): Promise<void> {}

  exit(code: number): void {
    void (browser ?? Promise.resolve(null))
      .then((opened) => opened?.close())
      .finally(() => process.exit(code));
  }

  quit(): void {
    this.exit(0);
  }
}

export const app = new App();

export const protocol = {
  registered: new Set<string>(),
  registerSchemesAsPrivileged(schemes: readonly { readonly scheme: string }[]): void {
    for (const { scheme } of schemes) this.registered.add(scheme);
  },
};

type RequestListener = (
  details: { readonly url: string },
  answer: (reply: { cancel?: boolean }) => void,
) => void;

class Session extends EventEmitter {
  readonly handlers = new Map<string, (request: Request) => Promise<Response>>();
  beforeRequest: RequestListener = (_details, answer) => answer({});
  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Promise<Response>) => {
      if (!protocol.registered.has(scheme)) throw new Error(`${scheme} was not registered`);
      this.handlers.set(scheme, handler);
    },
  };
  readonly webRequest = {
    onBeforeRequest: (listener: RequestListener) => {
      this.beforeRequest = listener;
    },
  };

  setPermissionRequestHandler(_handler: unknown): void {}
  setPermissionCheckHandler(_handler: unknown): void {}
  setDevicePermissionHandler(_handler: unknown): void {}
  setDisplayMediaRequestHandler(_handler: unknown): void {}
}

const sessions = new Map<string, Session>();
export const session = {
  fromPartition(name: string): Session {
    const known = sessions.get(name) ?? new Session();
    sessions.set(name, known);
    return known;
  },
};

export const Menu = { setApplicationMenu(_menu: null): void {} };
export const powerSaveBlocker = { start: (_kind: string) => 1 };

/** What a window must say, and what else it may say. */
const needed = { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true };
const known = new Set([
  ...Object.keys(needed),
  'preload',
  'session',
  'nodeIntegrationInWorker',
  'nodeIntegrationInSubFrames',
  'allowRunningInsecureContent',
  'experimentalFeatures',
  'webviewTag',
  'plugins',
  'navigateOnDragDrop',
  'disableDialogs',
  'spellcheck',
  'backgroundThrottling',
  'devTools',
  'zoomFactor',
]);

type Preferences = { readonly preload: string; readonly session: Session } & Record<
  string,
  unknown
>;

class WebContents extends EventEmitter {
  readonly ipc = new EventEmitter();
  readonly #preferences: Preferences;
  readonly #hear = `hear-${randomUUID()}`;
  #page: Page | null = null;
  #loading = '';
  #destroyed = false;
  #openWindow: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });

  constructor(preferences: Preferences) {
    super();
    this.#preferences = preferences;
    app.emit('web-contents-created', {}, this);
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.#openWindow = handler;
  }

  async setVisualZoomLevelLimits(_least: number, _most: number): Promise<void> {}

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  send(channel: string, ...values: unknown[]): void {
    const call = `window[${JSON.stringify(this.#hear)}](${JSON.stringify(channel)}, ${JSON.stringify(values)})`;
    // A page that hangs, crashed or was closed does not hear; Electron does not say so either.
    this.#page?.evaluate(call).catch(() => {});
  }

  async load(address: string): Promise<void> {
    this.#page ??= await this.#open();
    this.#loading = toBrowser(address);
    await this.#page.goto(this.#loading);
    this.emit('did-finish-load');
  }

  close(): void {
    this.#destroyed = true;
    this.#page
      ?.context()
      .close()
      .catch(() => {});
  }

  async #open(): Promise<Page> {
    const context = await (await theBrowser()).newContext();
    const say = `say-${randomUUID()}`;
    await context.exposeBinding(say, ({ frame }, channel: string, values: unknown[]) => {
      const parent = frame.parentFrame() === null ? null : {};
      const senderFrame = { url: fromBrowser(frame.url()), parent };
      this.ipc.emit(channel, { senderFrame }, ...values);
    });
    const preload = readFileSync(this.#preferences.preload, 'utf8');
    await context.addInitScript(pageSide(preload, say, this.#hear));
    await context.route('**/*', (route) => this.#answer(route));
    const page = await context.newPage();
    context.on('page', (opened) => {
      const url = fromBrowser(opened.url());
      if (this.#openWindow({ url }).action === 'deny') opened.close().catch(() => {});
    });
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed' }));
    return page;
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const url = fromBrowser(request.url());
    if (request.isNavigationRequest() && request.url() !== this.#loading) {
      const frame = frameOf(request);
      // Not of this page: a window that is being opened, and is asked about when it is there.
      if (frame === null) return route.abort('blockedbyclient');
      const isMainFrame = frame.parentFrame() === null;
      const event = preventable({ url, isMainFrame });
      this.emit('will-frame-navigate', event);
      if (event.defaultPrevented) return route.abort('aborted');
    }
    let cancelled = false;
    this.#preferences.session.beforeRequest({ url }, ({ cancel }) => {
      cancelled = cancel === true;
    });
    if (cancelled) return route.abort('blockedbyclient');
    const handler = this.#preferences.session.handlers.get(new URL(url).protocol.slice(0, -1));
    if (handler === undefined) return route.continue();
    const response = await handler(new Request(url, { method: request.method() }));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }
}

function frameOf(request: PageRequest): Frame | null {
  try {
    return request.frame();
  } catch {
    return null;
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;

  constructor(options: { readonly webPreferences: Preferences }) {
    super();
    const preferences = options.webPreferences;
    for (const [key, value] of Object.entries(needed)) {
      if (preferences[key] !== value) throw new Error(`the stand-in refuses ${key} but ${value}`);
    }
    for (const key of Object.keys(preferences)) {
      if (!known.has(key)) throw new Error(`the stand-in does not know the preference ${key}`);
    }
    this.webContents = new WebContents(preferences);
  }

  async loadURL(address: string): Promise<void> {
    await this.webContents.load(address);
    this.emit('ready-to-show');
  }

  show(): void {}

  destroy(): void {
    this.webContents.close();
    this.emit('closed');
  }
}
