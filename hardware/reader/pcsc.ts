import type { Card, Client, Reader, ReaderStatusFlags } from 'pcsc-mini';
import type { Clock } from '../../main/contract/clock.ts';
import { type DeviceFault, down, type Health, up } from '../../main/contract/device.ts';
import { within } from '../card/deadline.ts';
import { PcscConnection, type PcscSession } from './pcsc-connection.ts';
import { codeOf, pcscFault } from './pcsc-fault.ts';
import type { CardFault, CardReader, ConnectAnswer, Presence, ReaderFault } from './port.ts';

type Library = typeof import('pcsc-mini');

export type PcscOptions = {
  /** A regular expression; the first reader whose name it finds something in is the one. */
  readonly readerName: string;
  readonly clock: Clock;
  /** One line for the technician: what the library or the service said. */
  readonly log: (line: string) => void;
};

const connectDeadlineMs = 5_000;
const retryMs = { first: 250, most: 5_000 };

/**
 * A client is only stopped when its thread has had nothing to do for so long. Stopping blocks the whole process until the library's
 * own thread ends, and that thread misses the order while it is busy with a change: then it sits out its 60 s (seen).
 */
const quietMs = 500;

/**
 * Clients whose service died: stopping one throws, and so does collecting it, as an uncaught exception that ends the
 * process minutes later (seen). A few kilobytes for each restart of pcscd are kept instead.
 */
const unstoppable = new Set<Client>();

const absent: Presence = { kind: 'absent' };
/** pcsc-mini 0.1.3 gives other bytes than the card's as the ATR of a change (seen on Linux), so none is passed on. */
const present: Presence = { kind: 'present', atr: new Uint8Array(0) };

/**
 * A reader behind PC/SC. It finds the service and the reader again when they went away. Throws a SyntaxError when
 * `readerName` is no regular expression.
 */
export function openPcscReader(options: PcscOptions): CardReader {
  return new PcscReader(options);
}

class PcscReader implements CardReader {
  readonly #name: RegExp;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #watchers = new Set<Parameters<CardReader['watch']>>();
  #library: Library | null = null;
  #client: Client | null = null;
  /** The readers that fit, with the last that each one said. The first is the one in use. */
  readonly #readers = new Map<Reader, ReaderStatusFlags | null>();
  #presence: Presence = absent;
  #health: Health = down('service-down');
  /** Counts the slot's changes: tells a card that was swapped from one that stayed. Null before the first report. */
  #changes: number | null = null;
  /** When the library's thread last had something to do. */
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #connection: PcscConnection | null = null;
  #conversing = false;
  /** The library is still in a call that should have ended: the reader hangs. */
  #stuck = false;
  /** Resolves when the library is in no call about a card. Two at once would block its few threads. */
  #idle: Promise<void> = Promise.resolve();
  #retryDelayMs = retryMs.first;
  #cancelRetry: () => void = () => {};
  #loggedLoss: string | null = null;
  #closed = false;

  constructor({ readerName, clock, log }: PcscOptions) {
    this.#name = new RegExp(readerName);
    this.#clock = clock;
    this.#log = log;
    void this.#load();
  }

  watch(onPresence: (presence: Presence) => void, onHealth: (health: Health) => void): () => void {
    const watcher: Parameters<CardReader['watch']> = [onPresence, onHealth];
    this.#watchers.add(watcher);
    onHealth(this.#health);
    onPresence(this.#presence);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  async connect(): Promise<ConnectAnswer> {
    if (this.#closed) return failed({ kind: 'reader-gone' });
    if (this.#conversing) return failed({ kind: 'reader-busy' });
    this.#conversing = true;
    const answer = await this.#connect();
    if (answer.kind === 'failed') this.#conversing = false;
    return answer;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry();
    this.#watchers.clear();
    await this.#connection?.release();
    await this.#dropClient();
  }

  /** Only here is the library loaded, so that a machine without PC/SC runs everything else. */
  async #load(): Promise<void> {
    try {
      this.#library = await import('pcsc-mini');
    } catch (error) {
      const [reason] = String(error).split('\n');
      this.#log(
        `PC/SC cannot be used on this computer: ${reason}. On Debian: apt install libpcsclite1 pcscd, then start again.`,
      );
      return;
    }
    this.#begin();
  }

  #begin(): void {
    if (this.#library === null || this.#closed) return;
    const client = new this.#library.Client();
    this.#client = client;
    client.on('error', (error) => this.#lost(client, codeOf(error)));
    client.on('reader', (reader) => this.#found(client, reader));
    try {
      client.start();
      this.#changedAtMs = this.#clock.nowMs();
      this.#retryDelayMs = retryMs.first;
      this.#loggedLoss = null;
      this.#tellHealth();
    } catch (error) {
      this.#lost(client, codeOf(error));
    }
  }

  /** The client is of no use any more. A new one is made: none recovers by itself when pcscd was restarted. */
  #lost(client: Client | null, code: string): void {
    if (client !== this.#client || client === null) return;
    if (this.#loggedLoss !== code)
      this.#log(`there is no PC/SC service: ${code}. Is pcscd running?`);
    this.#loggedLoss = code;
    void this.#dropClient();
    if (this.#closed) return;
    this.#cancelRetry = this.#clock.after(this.#retryDelayMs, () => this.#begin());
    this.#retryDelayMs = Math.min(retryMs.most, this.#retryDelayMs * 2);
  }

  async #dropClient(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    this.#readers.clear();
    this.#turnTo(null);
    if (client === null) return;
    await this.#untilQuiet();
    try {
      client.stop();
    } catch {
      unstoppable.add(client);
    }
  }

  async #untilQuiet(): Promise<void> {
    for (;;) {
      const restMs = this.#changedAtMs + quietMs - this.#clock.nowMs();
      if (restMs <= 0) return;
      await new Promise<void>((resolve) => {
        this.#clock.after(restMs, resolve);
      });
    }
  }

  #found(client: Client, reader: Reader): void {
    this.#changedAtMs = this.#clock.nowMs();
    reader.on('change', () => {
      this.#changedAtMs = this.#clock.nowMs();
    });
    if (client !== this.#client || !this.#name.test(reader.name())) return;
    this.#readers.set(reader, null);
    this.#log(`card reader: ${reader.name()}${this.#readers.size > 1 ? ' (in reserve)' : ''}`);
    reader.on('change', (status) => {
      if (!this.#readers.has(reader)) return;
      this.#readers.set(reader, status);
      if (reader === this.#inUse()) this.#changed(status);
    });
    reader.on('disconnect', () => {
      const wasInUse = reader === this.#inUse();
      if (!this.#readers.delete(reader)) return;
      this.#log(`the card reader ${reader.name()} was unplugged`);
      if (wasInUse) this.#turnTo(this.#inUse());
    });
    this.#tellHealth();
  }

  #inUse(): Reader | null {
    return this.#readers.keys().next().value ?? null;
  }

  /** From one reader to another one, or to none. */
  #turnTo(reader: Reader | null): void {
    this.#changes = null;
    this.#tellHealth();
    this.#tellPresence(absent);
    const status = reader === null ? null : this.#readers.get(reader);
    if (status) this.#changed(status);
  }

  #changed(status: ReaderStatusFlags): void {
    if (this.#library === null) return;
    const { ReaderStatus } = this.#library;
    const here = status.has(ReaderStatus.PRESENT);
    // pcscd counts insertions and removals in the upper half (pcsclite.h, dwEventState).
    const changes = status.raw >>> 16;
    const swapped = this.#changes !== null && changes !== this.#changes;
    this.#changes = changes;
    if (!here || swapped) {
      this.#connection?.cardLeft();
      this.#tellPresence(absent);
    }
    if (here) this.#tellPresence(present);
  }

  async #connect(): Promise<ConnectAnswer> {
    if (!(await this.#untilIdle())) return failed({ kind: 'reader-silent' });
    const reader = this.#inUse();
    if (this.#client === null) return failed({ kind: 'service-down' });
    if (this.#library === null || reader === null) return failed({ kind: 'reader-gone' });

    let abandoned = false;
    const opening = this.#open(this.#library, reader);
    this.#idle = opening.then(async (answer) => {
      if (abandoned && answer.kind === 'done') await answer.session.disconnect().catch(() => {});
    });
    const answer = await within<Opening>(this.#clock, connectDeadlineMs, opening, () => {
      abandoned = true;
      return failed({ kind: 'reader-silent' });
    });
    if (answer.kind === 'failed') {
      if (answer.fault.kind === 'service-down') this.#lost(this.#client, answer.code ?? '');
      return { kind: 'failed', fault: answer.fault };
    }
    const connection = this.#converse(answer.session);
    if (!this.#closed) return { kind: 'done', connection };
    await connection.release();
    return failed({ kind: 'reader-gone' });
  }

  #converse(session: PcscSession): PcscConnection {
    const connection = new PcscConnection(session, this.#clock, {
      onServiceLost: (code) => this.#lost(this.#client, code),
      onReleased: () => {
        this.#connection = null;
        this.#conversing = false;
      },
    });
    this.#connection = connection;
    this.#idle = connection.ended;
    return connection;
  }

  /** Whether the library has come back from its last call in time. */
  async #untilIdle(): Promise<boolean> {
    const idle = this.#idle.then(() => true);
    const inTime = await within(this.#clock, connectDeadlineMs, idle, () => false);
    if (inTime || this.#stuck) return inTime;
    this.#stuck = true;
    this.#log('the card reader does not come back from a command');
    this.#tellHealth();
    void idle.then(() => {
      this.#stuck = false;
      this.#tellHealth();
    });
    return false;
  }

  async #open(library: Library, reader: Reader): Promise<Opening> {
    const { CardDisposition, CardMode, Protocol } = library;
    let card: Card | null = null;
    try {
      card = await reader.connect(CardMode.EXCLUSIVE, Protocol.ANY);
      return { kind: 'done', session: await openSession(library, reader, card) };
    } catch (error) {
      await card?.disconnect(CardDisposition.RESET).catch(() => {});
      const fault = pcscFault(error);
      const certain = fault.kind === 'ambiguous' ? ({ kind: 'card-mute' } as const) : fault;
      return { ...failed(certain), code: codeOf(error) };
    }
  }

  #tellHealth(): void {
    const fault = this.#fault();
    const told = this.#health.kind === 'up' ? null : this.#health.fault;
    if (fault === told) return;
    this.#health = fault === null ? up : down(fault);
    for (const [, onHealth] of [...this.#watchers]) onHealth(this.#health);
  }

  #fault(): DeviceFault | null {
    if (this.#client === null) return 'service-down';
    if (this.#inUse() === null) return 'unplugged';
    return this.#stuck ? 'silent' : null;
  }

  #tellPresence(presence: Presence): void {
    if (presence.kind === this.#presence.kind) return;
    this.#presence = presence;
    for (const [onPresence] of [...this.#watchers]) onPresence(presence);
  }
}

type Failure = { readonly kind: 'failed'; readonly fault: ReaderFault | CardFault };

type Opening =
  | { readonly kind: 'done'; readonly session: PcscSession }
  | (Failure & { readonly code?: string });

function failed(fault: ReaderFault | CardFault): Failure {
  return { kind: 'failed', fault };
}

async function openSession(
  { CardDisposition, Protocol }: Library,
  reader: Reader,
  card: Card,
): Promise<PcscSession> {
  // Windows resets a card whose transaction rests for 5 s (SCardBeginTransaction); exclusive access is enough there.
  const transaction = process.platform === 'win32' ? null : await card.transaction();
  const { atr } = await card.state();
  return {
    atr: atr.slice(),
    overT0: card.protocol() === Protocol.T0,
    // The native session lies in the memory of the reader's client, which the card does not hold.
    keeps: reader,
    transmit: (command) => card.transmit(command),
    /** Reset, so that no right that the card gave outlives the conversation. */
    async disconnect() {
      await transaction?.end(CardDisposition.LEAVE).catch(() => {});
      await card.disconnect(CardDisposition.RESET);
    },
  };
}
