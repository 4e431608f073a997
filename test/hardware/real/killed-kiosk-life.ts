import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { WebSocket } from 'ws';
import type { BenchCommand, BenchView } from '../../../main/contract/bench.ts';
import type { Shown } from '../../../main/contract/channel.ts';
import type { Command } from '../../../main/contract/command.ts';
import type { Program } from './killed-kiosk-program.ts';

export type LifeOptions = {
  readonly program: Program;
  readonly configFile: string;
  readonly journalFile: string;
  readonly environment: Readonly<Record<string, string>>;
};

type Surface = 'kiosk' | 'bench';

/**
 * One life of a station's main process, with a person at its screen and hands at its bench: both are connected as the pages
 * in a browser are.
 */
export class Life {
  /** The newest view, null before there is one. */
  shown: Shown | null = null;
  bench: BenchView | null = null;
  /** How many views the screen was sent. */
  views = 0;
  isOver = false;
  /** Of the process: what it wrote to its log. */
  said = '';
  readonly #child: ChildProcess;
  readonly #sockets: Partial<Record<Surface, WebSocket>> = {};
  readonly #onNews: () => void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;

  /** `onNews`: called at each message of the kiosk and the bench. */
  constructor({ program, configFile, journalFile, environment }: LifeOptions, onNews: () => void) {
    this.#onNews = onNews;
    const [node = '', ...entry] = program.command;
    this.#child = spawn(node, [...entry, configFile, journalFile], {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: path.join(program.folder, 'compiled'),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.said += text;
        void this.#connect('kiosk');
        void this.#connect('bench');
      });
    }
    this.ended = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code, signal) => {
        this.isOver = true;
        for (const socket of Object.values(this.#sockets)) socket.terminate();
        resolve({ code, signal });
      });
    });
  }

  /** Answer the view that is on screen. */
  tap(command: Command): void {
    if (this.shown !== null) this.#send('kiosk', { seq: this.shown.seq, command });
  }

  hand(command: BenchCommand): void {
    this.#send('bench', command);
  }

  /** SIGKILL: it is gone where it stands. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ask it to end. */
  end(): void {
    this.#child.kill('SIGTERM');
  }

  #send(surface: Surface, message: unknown): void {
    const socket = this.#sockets[surface];
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  /** As soon as its address is printed: open it, and the channel with the cookie that it gives. */
  async #connect(surface: Surface): Promise<void> {
    const address = new RegExp(`^${surface} +(http://\\S+)\\n`, 'm').exec(this.said)?.[1];
    if (address === undefined || this.#isConnecting.has(surface)) return;
    this.#isConnecting.add(surface);
    try {
      const { headers } = await fetch(address, { redirect: 'manual' });
      const { origin, host } = new URL(address);
      const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
      if (this.isOver) return;
      const socket = new WebSocket(`ws://${host}/channel/${surface}?page=a`, {
        headers: { Origin: origin, Cookie: cookie },
      });
      this.#sockets[surface] = socket;
      socket.on('message', (data) => this.#hear(surface, data.toString()));
      // It is killed while it is spoken to: that is what it is here for.
      socket.on('error', () => {});
    } catch {
      // As above; a kiosk that cannot be reached at all is found out by the limit of a life.
    }
  }

  readonly #isConnecting = new Set<Surface>();

  #hear(surface: Surface, text: string): void {
    const message = JSON.parse(text);
    if (message === 'ping') this.#send(surface, 'pong');
    else if (surface === 'bench') this.bench = message;
    else {
      this.shown = message;
      this.views += 1;
    }
    if (message !== 'ping') this.#onNews();
  }
}
