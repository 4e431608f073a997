import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import type { Channel } from '../../../main/contract/channel.ts';
import { createWebServer, type Surface, type WebServer } from '../../../main/shell/web/server.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A web server over a small renderer in a folder of its own, and what happened at its channels. */
export class WebStation {
  readonly clock = new VirtualClock();
  readonly logged: string[] = [];
  readonly received: unknown[] = [];
  channel: Channel<unknown, unknown> | null = null;
  detached = 0;
  readonly folder = mkdtempSync(path.join(tmpdir(), 'addvalue-web-'));
  #server: WebServer | null = null;

  static async open(surfaces: readonly string[] = ['kiosk']): Promise<WebStation> {
    const station = new WebStation();
    const { folder, logged, clock } = station;
    mkdirSync(path.join(folder, 'out/assets'), { recursive: true });
    mkdirSync(path.join(folder, 'out/bench'), { recursive: true });
    writeFileSync(path.join(folder, 'out/index.html'), '<title>kiosk</title>');
    writeFileSync(path.join(folder, 'out/bench/index.html'), '<title>bench</title>');
    writeFileSync(path.join(folder, 'out/assets/main-4f2a.js'), 'export {};');
    writeFileSync(path.join(folder, 'secret.json'), '{}');
    const note = (_facts: object, sentence: string) => logged.push(sentence);
    station.#server = await createWebServer({
      port: 0,
      surfaces: surfaces.map((name) => station.#surface(name)),
      rendererFolder: path.join(folder, 'out'),
      clock,
      log: { info: note, warn: note, error: note },
    });
    return station;
  }

  #surface(name: string): Surface {
    return {
      name,
      path: name === 'kiosk' ? '/' : `/${name}`,
      socketPath: `/channel/${name}`,
      document: name === 'kiosk' ? '/index.html' : `/${name}/index.html`,
      onChannel: (channel) => {
        this.channel = channel;
        channel.watch((message) => this.received.push(message));
        return () => {
          this.detached += 1;
        };
      },
    };
  }

  get server(): WebServer {
    if (this.#server === null) throw new Error('the station is not open');
    return this.#server;
  }

  get host(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  /** Raw, so that paths and headers arrive as they are written here. */
  get(
    target: string,
    headers: Readonly<Record<string, string>> = {},
    method = 'GET',
  ): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.server.port, path: target, method, headers, agent: false },
        (response) => {
          let body = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => {
            body += part;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body, headers: response.headers }),
          );
        },
      );
      sent.on('error', reject);
      sent.end();
    });
  }

  /** Open a printed address as a browser does; the answer is its cookie. */
  async admit(where = '/'): Promise<string> {
    const address = new URL(this.server.newAddress(where));
    const answer = await this.get(address.pathname + address.search);
    const [cookie] = answer.headers['set-cookie'] as string[];
    return (cookie ?? '').split(';')[0] ?? '';
  }

  connect(
    cookie: string,
    page = 'a',
    headers: Readonly<Record<string, string>> = { Origin: `http://${this.host}` },
    channel = '/channel/kiosk',
  ): Page {
    return new Page(`ws://${this.host}${channel}?page=${page}`, { ...headers, Cookie: cookie });
  }

  async close(): Promise<void> {
    await this.server.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** The page's end of a channel. Answers beats unless told to hang. */
export class Page {
  readonly messages: unknown[] = [];
  readonly socket: WebSocket;
  hangs = false;
  /** The close code, or the HTTP status of a refused handshake. */
  readonly ended: Promise<number>;
  readonly opened: Promise<void>;
  #heard: () => void = () => {};

  constructor(address: string, headers: Record<string, string>) {
    this.socket = new WebSocket(address, { headers });
    this.opened = new Promise((resolve) => this.socket.once('open', () => resolve()));
    this.ended = new Promise((resolve) => {
      this.socket.on('unexpected-response', (sent, response) => {
        resolve(response.statusCode ?? 0);
        sent.destroy();
      });
      this.socket.on('close', (code) => resolve(code));
      this.socket.on('error', () => {});
    });
    this.socket.on('message', (data) => {
      const message: unknown = JSON.parse(data.toString());
      if (message === 'ping' && !this.hangs) this.socket.send('"pong"');
      this.messages.push(message);
      this.#heard();
    });
  }

  /** Wait until this has been received. */
  async hear(wanted: unknown): Promise<void> {
    const sought = JSON.stringify(wanted);
    while (!this.messages.some((message) => JSON.stringify(message) === sought)) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** Wait until `count` beats have arrived. */
  async beats(count: number): Promise<void> {
    while (this.messages.filter((message) => message === 'ping').length < count) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}
