import type { Clock } from '../../main/contract/clock.ts';
import { type DeviceFault, down, type Health, up } from '../../main/contract/device.ts';
import { within } from '../card/deadline.ts';
import type { PcscLibrary, PcscSession, PcscSlot, SlotState } from './pcsc-binding.ts';
import { PcscConnection } from './pcsc-connection.ts';
import { codeOf, pcscFault } from './pcsc-fault.ts';
import { PcscLink } from './pcsc-link.ts';
import type { CardFault, CardReader, ConnectAnswer, Presence, ReaderFault } from './port.ts';

export type PcscOptions = {
  /** A regular expression; the first reader whose name it finds something in is the one. */
  readonly readerName: string;
  readonly clock: Clock;
  /** One line for the technician: what the library or the service said. */
  readonly log: (line: string) => void;
};

const connectDeadlineMs = 5_000;

/**
 * How often a card that somebody else holds is tried. PC/SC has flags for it (SCARD_STATE_EXCLUSIVE), but pcscd wakes nobody
 * when they change: they came with the next card (seen).
 */
const heldRetryMs = 1_000;

/**
 * How long the library has to find a reader before it is asked anew once more, at first: twice as long each time. It may never
 * see it (pcsc-mini sees no more than four, its MAX_READERS), and each time leaves a thread behind.
 */
const renewalMs = 30_000;

const absent: Presence = { kind: 'absent' };

/** One reader behind PC/SC, through whichever library. It finds the service and the reader again when they went away. */
export class PcscReader implements CardReader {
  readonly #name: RegExp;
  readonly #clock: Clock;
  readonly #log: (line: string) => void;
  readonly #link: PcscLink;
  readonly #watchers = new Set<Parameters<CardReader['watch']>>();
  /** The readers that fit, with the last that each one said. The first is the one in use. */
  readonly #slots = new Map<PcscSlot, SlotState | null>();
  #presence: Presence = absent;
  #health: Health = down('service-down');
  /** The slot's last count of changes; null before its first report. */
  #changes: number | null = null;
  #connection: PcscConnection | null = null;
  #conversing = false;
  /** The library is still in a call that should have ended: the reader hangs. */
  #stuck = false;
  /** Somebody else has the card, and had it when it was tried last. */
  #held = false;
  #cancelTry: () => void = () => {};
  /** What the library seemed to have missed at the last look. It may just not have told it yet. */
  #doubt: string | null = null;
  #renewalMs = renewalMs;
  #renewableAtMs = Number.NEGATIVE_INFINITY;
  #trying: Promise<void> = Promise.resolve();
  /** Resolves when the library is in no call about a card. Two at once would block its few threads. */
  #idle: Promise<void> = Promise.resolve();
  #closed = false;

  /** Throws a SyntaxError when `readerName` is no regular expression. */
  constructor(library: PcscLibrary, { readerName, clock, log }: PcscOptions) {
    this.#name = new RegExp(readerName);
    this.#clock = clock;
    this.#log = log;
    this.#link = new PcscLink(library, clock, log, {
      onFault: () => this.#tellHealth(),
      onSlot: (slot) => this.#found(slot),
      onState: (slot, state) => this.#heard(slot, state),
      onUnplugged: (slot) => this.#unplugged(slot),
      onDropped: () => {
        this.#slots.clear();
        this.#turnTo(null, { kind: this.#link.fault === null ? 'reader-gone' : 'service-down' });
      },
      onLook: (readers) => this.#compare(readers),
    });
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
    await this.#trying;
    if (this.#closed) return failed({ kind: 'reader-gone' });
    if (this.#conversing) return failed({ kind: 'reader-busy' });
    const answer = await this.#connect();
    this.#setHeld(isHeld(answer));
    return answer;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTry();
    this.#watchers.clear();
    await this.#connection?.release();
    await this.#link.close();
  }

  #found(slot: PcscSlot): void {
    if (!this.#name.test(slot.name)) return;
    this.#slots.set(slot, null);
    this.#renewalMs = renewalMs;
    this.#log(`card reader: ${slot.name}${this.#slots.size > 1 ? ' (in reserve)' : ''}`);
    this.#tellHealth();
  }

  #heard(slot: PcscSlot, state: SlotState): void {
    if (!this.#slots.has(slot)) return;
    this.#slots.set(slot, state);
    if (slot === this.#inUse()) this.#changed(state);
  }

  #unplugged(slot: PcscSlot): void {
    const wasInUse = slot === this.#inUse();
    if (!this.#slots.delete(slot)) return;
    this.#log(`the card reader ${slot.name} was unplugged`);
    if (wasInUse) this.#turnTo(this.#inUse(), { kind: 'reader-gone' });
  }

  /**
   * PC/SC's library misses a change now and then: libpcsclite1 keeps what pcscd last said in one place for all threads of the
   * process, and one that is late puts back what was before; and a reader that comes between two of its calls is never told
   * (1.9.9, winscard_clnt.c; both seen). What two looks in a row find different is taken from pcscd.
   */
  #compare(readers: ReadonlyMap<string, SlotState> | null): void {
    const missed = this.#missed(readers);
    const isCertain = missed !== null && missed.what === this.#doubt;
    this.#doubt = isCertain ? null : (missed?.what ?? null);
    if (!isCertain) return;
    this.#log(`PC/SC’s library missed a change: ${missed.what}`);
    missed.catchUp();
  }

  #missed(readers: ReadonlyMap<string, SlotState> | null): Missed | null {
    const slot = this.#inUse();
    if (slot === null) {
      // Where only the library can be asked, that the reader is missing must be enough.
      const isThere = readers === null || [...readers.keys()].some((name) => this.#name.test(name));
      if (!isThere || this.#clock.nowMs() < this.#renewableAtMs) return null;
      return { what: 'a reader that was plugged in', catchUp: () => this.#renew() };
    }
    if (readers === null) return null;
    const known = this.#slots.get(slot);
    const state = readers.get(slot.name);
    if (state === undefined) {
      return { what: `${slot.name} has gone`, catchUp: () => this.#unplugged(slot) };
    }
    if (known && known.present === state.present) {
      if (!known.present || known.changes === state.changes) return null;
    }
    const what = `${slot.name} has ${state.present ? 'a' : 'no'} card (${state.changes})`;
    return { what, catchUp: () => this.#heard(slot, state) };
  }

  /** Only the library can talk to a reader, so it must find it itself. */
  #renew(): void {
    this.#renewableAtMs = this.#clock.nowMs() + this.#renewalMs;
    this.#renewalMs *= 2;
    this.#link.renew();
  }

  #inUse(): PcscSlot | null {
    return this.#slots.keys().next().value ?? null;
  }

  /** From one reader to another one, or to none. */
  #turnTo(slot: PcscSlot | null, fault: ReaderFault): void {
    this.#changes = null;
    this.#connection?.lose(fault);
    this.#setHeld(false);
    this.#tellHealth();
    this.#tellPresence(absent);
    const state = slot === null ? null : this.#slots.get(slot);
    if (state) this.#changed(state);
  }

  #changed({ present, atr, changes }: SlotState): void {
    const swapped = this.#changes !== null && changes !== this.#changes;
    this.#changes = changes;
    if (!present || swapped) {
      this.#connection?.lose({ kind: 'card-gone' });
      this.#tellPresence(absent);
    }
    if (present) this.#tellPresence({ kind: 'present', atr });
  }

  async #connect(): Promise<ConnectAnswer> {
    this.#conversing = true;
    const answer = await this.#connectInTime();
    if (answer.kind === 'failed') this.#conversing = false;
    return answer;
  }

  async #connectInTime(): Promise<ConnectAnswer> {
    if (!(await this.#untilIdle())) return failed({ kind: 'reader-silent' });
    if (this.#link.fault === 'service-down') return failed({ kind: 'service-down' });
    const slot = this.#inUse();
    if (slot === null) return failed({ kind: 'reader-gone' });

    let abandoned = false;
    const opening = open(slot, this.#slots.get(slot)?.atr ?? new Uint8Array(0));
    this.#idle = opening.then(async (answer) => {
      if (abandoned && answer.kind === 'done') await answer.session.disconnect().catch(() => {});
    });
    const answer = await within<Opening>(this.#clock, connectDeadlineMs, opening, () => {
      abandoned = true;
      return failed({ kind: 'reader-silent' });
    });
    if (answer.kind === 'failed') {
      if (answer.fault.kind === 'service-down') this.#serviceLost(slot, answer.code ?? '');
      return { kind: 'failed', fault: answer.fault };
    }
    const connection = this.#converse(slot, answer.session);
    if (!this.#closed) return { kind: 'done', connection };
    await connection.release();
    return failed({ kind: 'reader-gone' });
  }

  #converse(slot: PcscSlot, session: PcscSession): PcscConnection {
    const connection = new PcscConnection(session, this.#clock, {
      onServiceLost: (code) => this.#serviceLost(slot, code),
      onReleased: () => {
        this.#connection = null;
        this.#conversing = false;
      },
    });
    this.#connection = connection;
    this.#idle = connection.ended;
    return connection;
  }

  /** A conversation that ends late says nothing of the service that came after its own. */
  #serviceLost(slot: PcscSlot, code: string): void {
    if (this.#slots.has(slot)) this.#link.lost(code);
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

  #setHeld(held: boolean): void {
    this.#cancelTry();
    if (held) {
      this.#cancelTry = this.#clock.after(heldRetryMs, () => {
        this.#trying = this.#tryHeld();
      });
    }
    if (held && !this.#held) this.#log('somebody else holds the card');
    this.#held = held;
    this.#tellHealth();
  }

  /** Nobody says when they let go: the card is taken for a moment, and given back. */
  async #tryHeld(): Promise<void> {
    if (this.#conversing) return;
    const answer = await this.#connect();
    if (answer.kind === 'done') await answer.connection.release();
    if (!this.#closed) this.#setHeld(isHeld(answer));
  }

  #tellHealth(): void {
    const fault = this.#fault();
    const told = this.#health.kind === 'up' ? null : this.#health.fault;
    if (fault === told) return;
    this.#health = fault === null ? up : down(fault);
    for (const [, onHealth] of [...this.#watchers]) onHealth(this.#health);
  }

  #fault(): DeviceFault | null {
    if (this.#link.fault !== null) return this.#link.fault;
    if (this.#inUse() === null) return 'unplugged';
    if (this.#stuck) return 'silent';
    return this.#held ? 'busy' : null;
  }

  #tellPresence(presence: Presence): void {
    if (presence.kind === this.#presence.kind) return;
    this.#presence = presence;
    for (const [onPresence] of [...this.#watchers]) onPresence(presence);
  }
}

/** What the library missed, for the log and to know it again, and how that is made good. */
type Missed = { readonly what: string; readonly catchUp: () => void };

type Failure = { readonly kind: 'failed'; readonly fault: ReaderFault | CardFault };

type Opening =
  | { readonly kind: 'done'; readonly session: PcscSession }
  | (Failure & { readonly code?: string });

async function open(slot: PcscSlot, atr: Uint8Array): Promise<Opening> {
  try {
    return { kind: 'done', session: await slot.connect(atr) };
  } catch (error) {
    const fault = pcscFault(error);
    const certain = fault.kind === 'ambiguous' ? ({ kind: 'card-mute' } as const) : fault;
    return { ...failed(certain), code: codeOf(error) };
  }
}

function isHeld(answer: ConnectAnswer): boolean {
  return answer.kind === 'failed' && answer.fault.kind === 'reader-busy';
}

function failed(fault: ReaderFault | CardFault): Failure {
  return { kind: 'failed', fault };
}
