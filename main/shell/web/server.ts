import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Channel } from '../../contract/channel.ts';
import type { Clock } from '../../contract/clock.ts';
import type { Log } from '../log.ts';
import { messageLimitBytes } from '../message-gate.ts';
import { pageHeaders } from '../page-headers.ts';
import { listRendererFiles, type RendererFile } from '../renderer-files.ts';
import { Admission } from './admission.ts';
import { closeCodes, openWebChannel, type WebChannel } from './channel.ts';
import { elsewherePage, type RefusalReason, refusalPage } from './refusal-page.ts';

/** One page that the server shows, with the channel behind it. The production entry has one; the bench is a second. */
export type Surface = {
  /** Names it in the log and in its cookie. */
  readonly name: string;
  /** Where a person opens it: "/". */
  readonly path: string;
  /** Where its page connects: "/channel/kiosk". */
  readonly socketPath: string;
  /** The page, in the renderer's folder: "/index.html". */
  readonly document: string;
  /** Called with the channel of each page that connects; the answer is called when it has gone. */
  readonly onChannel: (channel: Channel<unknown, unknown>) => () => void;
};

export type WebServer = {
  readonly port: number;
  /** An address with a fresh token: it admits one browser, and shuts out the one before. Throws for an unknown path. */
  newAddress(path: string): string;
  /** Whether a page of this surface is connected now. */
  connected(path: string): boolean;
  /** Take up a renderer that has been built anew, and have every page load it. */
  reload(): void;
  close(): Promise<void>;
};

export type WebServerOptions = {
  /** 0: any free port. */
  readonly port: number;
  readonly surfaces: readonly Surface[];
  /** The folder of the built renderer. */
  readonly rendererFolder: string;
  readonly clock: Clock;
  readonly log: Log;
};

type OpenSurface = Surface & {
  readonly admission: Admission;
  client: { readonly page: string; readonly secret: string; readonly channel: WebChannel } | null;
};

type Reply =
  | { readonly kind: 'refused'; readonly status: number; readonly why: RefusalReason }
  | { readonly kind: 'moved'; readonly location: string; readonly setCookie: string | null }
  /** For a window that was told to wait: its page comes here (renderer/channel.ts). */
  | { readonly kind: 'elsewhere'; readonly path: string }
  | { readonly kind: 'file'; readonly file: RendererFile };

const notFound: Reply = { kind: 'refused', status: 404, why: 'not-found' };
const notAdmitted: Reply = { kind: 'refused', status: 403, why: 'not-admitted' };

/**
 * Serve surfaces on loopback. Only a browser that opened a printed address is answered; what it may do is bounded by the
 * headers of page-headers.ts. Rejects when the port is taken.
 */
export async function createWebServer(options: WebServerOptions): Promise<WebServer> {
  const { clock, log } = options;
  let files = listRendererFiles(options.rendererFolder);
  let surfaces: readonly OpenSurface[] = [];
  let hosts: readonly string[] = [];

  /** What a request deserves. Opening an address with its token is the one that changes something. */
  function judge(request: IncomingMessage): Reply {
    const host = request.headers.host ?? '';
    // A name that someone has rebound to 127.0.0.1 arrives here with that name in Host.
    if (!hosts.includes(host)) return { kind: 'refused', status: 421, why: 'not-found' };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return { kind: 'refused', status: 405, why: 'not-found' };
    }
    const { origin, cookie } = request.headers;
    if (origin !== undefined && origin !== `http://${host}`) return notAdmitted;
    const url = addressOf(request);
    if (url === null) return notFound;

    const surface = surfaces.find((each) => each.path === url.pathname);
    if (surface === undefined) {
      if (!surfaces.some((each) => each.admission.admits(cookie))) return notAdmitted;
      const held = surfaces.find((each) => each.socketPath === url.pathname);
      if (held !== undefined) return { kind: 'elsewhere', path: held.path };
      // A page is only ever reached as a surface: the bench must not open beside a production kiosk.
      if (url.pathname.endsWith('.html')) return notFound;
      return fileReply(url.pathname);
    }
    const admitted = surface.admission.admits(cookie);
    const token = url.searchParams.get('token');
    if (token === null) return admitted ? fileReply(surface.document) : notAdmitted;
    const secret = surface.admission.redeem(token);
    if (secret !== null) {
      log.info({ surface: surface.name }, 'a browser was admitted');
      const setCookie = `${surface.admission.cookieName}=${secret}; Path=/; HttpOnly; SameSite=Strict`;
      return { kind: 'moved', location: surface.path, setCookie };
    }
    if (admitted) return { kind: 'moved', location: surface.path, setCookie: null };
    log.warn({ surface: surface.name }, 'a used or false address was opened; it was refused');
    return { kind: 'refused', status: 403, why: 'used-token' };
  }

  function fileReply(name: string): Reply {
    const file = files.get(name);
    return file === undefined ? notFound : { kind: 'file', file };
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const reply = judge(request);
    const headers = pageHeaders([`ws://${request.headers.host ?? ''}`]);
    const withBody = request.method !== 'HEAD';
    const words = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' };
    switch (reply.kind) {
      case 'refused': {
        // The Host of a misdirected request is not ours to repeat, in a policy or anywhere else.
        const safe = reply.status === 421 ? pageHeaders([]) : headers;
        response.writeHead(reply.status, { ...safe, ...words });
        response.end(withBody ? refusalPage(reply.why) : undefined);
        return;
      }
      case 'elsewhere':
        response.writeHead(200, { ...headers, ...words });
        response.end(withBody ? elsewherePage(reply.path) : undefined);
        return;
      case 'moved': {
        const cookie = reply.setCookie === null ? {} : { 'Set-Cookie': reply.setCookie };
        const moved = { Location: reply.location, 'Cache-Control': 'no-store' };
        response.writeHead(303, { ...headers, ...moved, ...cookie }).end();
        return;
      }
      case 'file': {
        const { file, contentType, cacheControl } = reply.file;
        const described = { 'Content-Type': contentType, 'Cache-Control': cacheControl };
        response.writeHead(200, { ...headers, ...described });
        if (!withBody) {
          response.end();
          return;
        }
        const body = createReadStream(file);
        body.on('error', (error) => {
          log.error({ file, error: error.message }, 'a file of the renderer cannot be read');
          response.destroy();
        });
        body.pipe(response);
      }
    }
  }

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: messageLimitBytes,
    perMessageDeflate: false,
  });

  /** Which surface this handshake may have, or why none. */
  function judgeHandshake(
    request: IncomingMessage,
  ): OpenSurface | { readonly status: string; readonly what: string } {
    const { host = '', origin, cookie } = request.headers;
    if (!hosts.includes(host)) {
      return { status: '421 Misdirected Request', what: 'it came by another name' };
    }
    // Every browser names the origin of a WebSocket; another site's page is told apart by nothing else.
    if (origin !== `http://${host}`) {
      return { status: '403 Forbidden', what: 'it came from another page' };
    }
    const path = addressOf(request)?.pathname;
    const surface = surfaces.find((each) => each.socketPath === path);
    if (surface === undefined) return { status: '404 Not Found', what: 'there is no such channel' };
    if (!surface.admission.admits(cookie)) {
      return { status: '403 Forbidden', what: 'its browser was not admitted' };
    }
    return surface;
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on('error', () => stream.destroy());
    const judged = judgeHandshake(request);
    if ('status' in judged) {
      log.warn({ status: judged.status }, `a connection was refused: ${judged.what}`);
      stream.end(`HTTP/1.1 ${judged.status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const secret = judged.admission.secretIn(request.headers.cookie) ?? '';
    const page = (addressOf(request)?.searchParams.get('page') ?? '').slice(0, 64);
    sockets.handleUpgrade(request, stream, head, (socket) => {
      connect(judged, page, secret, socket);
    });
  }

  /** One page at a time: a reload (same page) or a newer browser takes over; a second window has to wait. */
  function connect(surface: OpenSurface, page: string, secret: string, socket: WebSocket): void {
    const held = surface.client;
    if (held !== null && held.secret === secret && held.page !== page) {
      log.warn({ surface: surface.name }, 'a second page wanted in; it was told to wait');
      socket.on('error', () => socket.terminate());
      socket.close(closeCodes.inUseElsewhere, 'in use elsewhere');
      clock.after(1000, () => socket.terminate());
      return;
    }
    held?.channel.end(closeCodes.replaced, 'another page took over');
    let detach = () => {};
    const channel = openWebChannel(socket, surface.name, {
      clock,
      log,
      onGone: () => {
        if (surface.client?.channel === channel) surface.client = null;
        detach();
      },
    });
    surface.client = { page, secret, channel };
    detach = surface.onChannel(channel);
  }

  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, answer);
  server.maxConnections = 64;
  server.on('upgrade', upgrade);
  server.on('clientError', (_error, stream) => stream.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: options.port }, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
  const { port } = bound;
  hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  surfaces = options.surfaces.map((surface) => ({
    ...surface,
    // Browsers share cookies between ports of a host; two stations on one machine must not mix theirs up.
    admission: new Admission(`addvalue-${surface.name}-${port}`),
    client: null,
  }));

  function surfaceAt(path: string): OpenSurface {
    const surface = surfaces.find((each) => each.path === path);
    if (surface === undefined) throw new Error(`no surface is served at ${path}`);
    return surface;
  }

  return {
    port,
    newAddress: (path) =>
      `http://127.0.0.1:${port}${path}?token=${surfaceAt(path).admission.issueToken()}`,
    connected: (path) => surfaceAt(path).client !== null,
    reload() {
      files = listRendererFiles(options.rendererFolder);
      for (const { client } of surfaces) client?.channel.end(closeCodes.rebuilt, 'load anew');
    },
    async close() {
      for (const { client } of surfaces) client?.channel.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The request's address, or null where it is not one (a path may only be compared after this has normalised it). */
function addressOf(request: IncomingMessage): URL | null {
  const target = request.url ?? '';
  return target.startsWith('/') ? URL.parse(`http://station${target}`) : null;
}
