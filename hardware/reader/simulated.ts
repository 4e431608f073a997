import type { Clock } from '../../main/contract/clock.ts';
import { down, type Health, up } from '../../main/contract/device.ts';
import { joinBytes } from '../card/bytes.ts';
import type { SimulatedCard } from '../card/simulated.ts';
import type {
  CardConnection,
  CardFault,
  CardReader,
  ConnectAnswer,
  Presence,
  ReaderFault,
  TransmitAnswer,
} from './port.ts';

type Fault = ReaderFault | CardFault;

/** What can happen to one command on its way. Bytes are counted from the first of the command to the last of the response. */
export type ApduFault =
  /** The card is pulled before it has the whole command: nothing is executed. */
  | { readonly kind: 'tear-before' }
  /** The card is pulled when it has executed the command: the response is lost. */
  | { readonly kind: 'tear-after' }
  /** The card is pulled after so many bytes. */
  | { readonly kind: 'tear-at'; readonly bytes: number }
  /** Executed, but only the first byte of the response arrives. */
  | { readonly kind: 'garbled' }
  /** Executed, but answered with these bytes instead. */
  | { readonly kind: 'answered-with'; readonly response: Uint8Array }
  /** Not executed and not answered. */
  | { readonly kind: 'mute' }
  /** Executed, but answered after the deadline. */
  | { readonly kind: 'late' };

export type SimulatedReaderParts = {
  readonly clock: Clock;
  /** For each command: half of it until the card executes, half until the response is there. 0: no time, no timer. */
  readonly latencyMs?: number;
};

type Watcher = {
  readonly onPresence: (presence: Presence) => void;
  readonly onHealth: (health: Health) => void;
};
/** Decides what happens to the command that is on its way to the card. Null: what is set otherwise. */
export type MeddleApdu = (command: Uint8Array) => ApduFault | null;
type ApduWatcher = (command: Uint8Array, response: Uint8Array | null) => void;

/** T=0 answers (61xx, 6Cxx) are followed this often for one command, then it is no sensible card. */
const mostFollowUps = 16;

/**
 * A card reader in memory, with a slot for a simulated card. It can be unplugged, lose its service, be in use by somebody
 * else, and have the card pulled out at any byte. A connection is exclusive until it is released, even when its card has
 * long gone: on real readers the late release of an old handle resets the new session (cards.md 0, PC/SC rules), so whoever
 * would connect beside one must fail here.
 */
export class SimulatedReader implements CardReader {
  readonly #clock: Clock;
  readonly #watchers = new Set<Watcher>();
  readonly #apduWatchers = new Set<ApduWatcher>();
  /** By the number of the command that they wait for. */
  readonly #faults = new Map<number, ApduFault>();
  #meddle: MeddleApdu = () => null;
  readonly #news: (() => void)[] = [];
  #tellingNews = false;
  #latencyMs: number;
  #apdus = 0;
  #card: SimulatedCard | null = null;
  /** What lies on top of it, and decides each time that the field is entered whether it is the one that answers. */
  #second: { readonly card: SimulatedCard; readonly answersNext: () => boolean } | null = null;
  #presence: Presence = { kind: 'absent' };
  #plugged = true;
  #serviceUp = true;
  #busy = false;
  /** Somebody was refused because it is busy: until then nobody knows. */
  #seenBusy = false;
  #connection: Connection | null = null;

  constructor({ clock, latencyMs = 0 }: SimulatedReaderParts) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  /** Commands that have reached the card so far, follow-ups of T=0 included. */
  get apdus(): number {
    return this.#apdus;
  }

  /** Whether no card is in the slot, whatever those who watch have been told so far. */
  get isEmpty(): boolean {
    return this.#card === null;
  }

  set latencyMs(latencyMs: number) {
    this.#latencyMs = latencyMs;
  }

  watch(onPresence: Watcher['onPresence'], onHealth: Watcher['onHealth']): () => void {
    const watcher = { onPresence, onHealth };
    this.#watchers.add(watcher);
    onHealth(this.#health());
    onPresence(this.#presence);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** Be told each command and its response, null where none came; for the bench's trace. */
  watchApdus(onApdu: ApduWatcher): () => void {
    this.#apduWatchers.add(onApdu);
    return () => {
      this.#apduWatchers.delete(onApdu);
    };
  }

  /** Let something happen to one of the next commands: 0 is the very next. */
  injectFault(nth: number, fault: ApduFault): void {
    this.#faults.set(this.#apdus + nth, fault);
  }

  /** Decide about each command as it comes; before what is set for it. */
  meddle(meddle: MeddleApdu): void {
    this.#meddle = meddle;
  }

  clearFaults(): void {
    this.#faults.clear();
  }

  insert(card: SimulatedCard): void {
    if (this.#card !== null) throw new Error('there is a card in the slot already');
    this.#card = card;
    this.#noticePresence();
  }

  /**
   * Lay a second card on the one that is there: the reader sees no change, and each time that it connects one of the two
   * answers, as the cards make out between them. Throws where there is no card.
   */
  layOnTop(card: SimulatedCard, answersNext: () => boolean): void {
    if (this.#card === null) throw new Error('there is no card in the slot to lay another on');
    this.#second = { card, answersNext };
  }

  /** Take the card out, whatever is under way; a second one with it. */
  pull(): SimulatedCard | null {
    const card = this.#card;
    if (card === null) return null;
    this.#card = null;
    this.#connection?.lose({ kind: 'card-gone' });
    card.powerOff();
    this.#second?.card.powerOff();
    this.#second = null;
    this.#noticePresence();
    return card;
  }

  unplug(): void {
    this.#plugged = false;
    this.#lose({ kind: 'reader-gone' });
  }

  plug(): void {
    this.#plugged = true;
    this.#regain();
  }

  stopService(): void {
    this.#serviceUp = false;
    this.#lose({ kind: 'service-down' });
  }

  startService(): void {
    this.#serviceUp = true;
    this.#regain();
  }

  /** Somebody else holds the reader; connections that are open stay. Health tells of it once a connection was refused. */
  setBusy(busy: boolean): void {
    this.#busy = busy;
    if (!busy) this.#seeBusy(false);
  }

  async connect(): Promise<ConnectAnswer> {
    const fault = this.#connectFault();
    if (fault?.kind === 'reader-busy' && this.#busy) this.#seeBusy(true);
    if (fault !== null) return { kind: 'failed', fault };
    const card = this.#second?.answersNext() === true ? this.#second.card : this.#card;
    if (card === null) return { kind: 'failed', fault: { kind: 'card-gone' } };
    const atr = card.powerOn();
    if (atr === null) return { kind: 'failed', fault: { kind: 'card-mute' } };
    const connection: Connection = new Connection(atr, this.#clock, {
      exchange: (command, deadlineMs) => this.#exchange(connection, card, command, deadlineMs),
      release: () => {
        if (this.#connection !== connection) return;
        this.#connection = null;
        card.powerOff();
      },
    });
    this.#connection = connection;
    return { kind: 'done', connection };
  }

  async close(): Promise<void> {
    this.#watchers.clear();
    this.#connection?.lose({ kind: 'service-down' });
    this.#card?.powerOff();
    this.#second?.card.powerOff();
  }

  #connectFault(): ReaderFault | null {
    if (!this.#serviceUp) return { kind: 'service-down' };
    if (!this.#plugged) return { kind: 'reader-gone' };
    if (this.#busy || this.#connection !== null) return { kind: 'reader-busy' };
    return null;
  }

  #health(): Health {
    if (!this.#serviceUp) return down('service-down');
    if (!this.#plugged) return down('unplugged');
    return this.#seenBusy ? down('busy') : up;
  }

  #seeBusy(seen: boolean): void {
    if (seen === this.#seenBusy) return;
    this.#seenBusy = seen;
    this.#tellHealth();
  }

  #lose(fault: ReaderFault): void {
    this.#seenBusy = false;
    this.#connection?.lose(fault);
    this.#card?.powerOff();
    this.#second?.card.powerOff();
    this.#noticePresence();
    this.#tellHealth();
  }

  #regain(): void {
    this.#tellHealth();
    this.#noticePresence();
  }

  /** The reader powers a card that it finds, for its ATR, and lets it rest until it is connected to. */
  #noticePresence(): void {
    const found = this.#plugged && this.#serviceUp ? this.#card : null;
    if (found === null && this.#presence.kind === 'absent') return;
    if (found === null) {
      this.#presence = { kind: 'absent' };
    } else {
      this.#presence = { kind: 'present', atr: found.powerOn() ?? new Uint8Array() };
      found.powerOff();
    }
    const presence = this.#presence;
    this.#tell((watcher) => watcher.onPresence(presence));
  }

  #tellHealth(): void {
    const health = this.#health();
    this.#tell((watcher) => watcher.onHealth(health));
  }

  /** News is told in the order in which it happened, even where hearing it makes more of it. */
  #tell(tell: (watcher: Watcher) => void): void {
    this.#news.push(() => {
      for (const watcher of [...this.#watchers]) tell(watcher);
    });
    if (this.#tellingNews) return;
    this.#tellingNews = true;
    for (let news = this.#news.shift(); news !== undefined; news = this.#news.shift()) news();
    this.#tellingNews = false;
  }

  /** One command as the card sees it. Null: no response, and the connection says why. */
  async #exchange(
    connection: Connection,
    card: SimulatedCard,
    command: Uint8Array,
    deadlineMs: number,
  ): Promise<Uint8Array | null> {
    const fault = this.#takeFault(command);
    const response = await this.#carry(connection, card, command, deadlineMs, fault);
    for (const onApdu of [...this.#apduWatchers]) onApdu(command, response);
    return response;
  }

  #takeFault(command: Uint8Array): ApduFault | null {
    const fault = this.#meddle(command) ?? this.#faults.get(this.#apdus) ?? null;
    this.#faults.delete(this.#apdus);
    this.#apdus += 1;
    return fault;
  }

  async #carry(
    connection: Connection,
    card: SimulatedCard,
    command: Uint8Array,
    deadlineMs: number,
    fault: ApduFault | null,
  ): Promise<Uint8Array | null> {
    const halfMs = this.#latencyMs / 2;
    if (halfMs > deadlineMs) return connection.fallMute(deadlineMs);
    if (halfMs > 0) await connection.pass(halfMs);
    if (connection.lost !== null) return null;
    const tornAt = tearPoint(fault, command);
    if (tornAt < command.length) {
      this.pull();
      return null;
    }
    if (fault?.kind === 'mute') return connection.fallMute(deadlineMs - halfMs);

    const response = card.exchange(command);
    if (tornAt < command.length + (response?.length ?? 0)) {
      this.pull();
      return null;
    }
    if (response === null || fault?.kind === 'late' || 2 * halfMs > deadlineMs) {
      return connection.fallMute(deadlineMs - halfMs);
    }
    if (halfMs > 0) await connection.pass(halfMs);
    if (connection.lost !== null) return null;
    if (Number.isFinite(tornAt)) this.pull();
    if (fault?.kind === 'garbled') return response.slice(0, 1);
    return fault?.kind === 'answered-with' ? fault.response : response;
  }
}

/** After how many bytes the card is pulled; infinite where it is not. */
function tearPoint(fault: ApduFault | null, command: Uint8Array): number {
  switch (fault?.kind) {
    case 'tear-before':
      return 0;
    case 'tear-after':
      return command.length;
    case 'tear-at':
      return fault.bytes;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

type Wire = {
  readonly exchange: (command: Uint8Array, deadlineMs: number) => Promise<Uint8Array | null>;
  readonly release: () => void;
};

class Connection implements CardConnection {
  readonly atr: Uint8Array;
  readonly #clock: Clock;
  readonly #wire: Wire;
  #lost: Fault | null = null;
  #wake: () => void = () => {};

  constructor(atr: Uint8Array, clock: Clock, wire: Wire) {
    this.atr = atr;
    this.#clock = clock;
    this.#wire = wire;
  }

  /** Why nothing passes any more. */
  get lost(): Fault | null {
    return this.#lost;
  }

  lose(fault: Fault): void {
    this.#lost ??= fault;
    this.#wake();
  }

  async transmit(command: Uint8Array, deadlineMs: number): Promise<TransmitAnswer> {
    const untilMs = this.#clock.nowMs() + deadlineMs;
    const received: Uint8Array[] = [];
    let next = command;
    for (let followUps = 0; followUps <= mostFollowUps; followUps += 1) {
      if (this.#lost !== null) return { kind: 'failed', fault: this.#lost };
      const response = await this.#wire.exchange(next, untilMs - this.#clock.nowMs());
      if (response === null) {
        return { kind: 'failed', fault: this.#lost ?? { kind: 'card-mute' } };
      }
      const [sw1, sw2 = 0] = response.subarray(-2);
      if (response.length === 2 && sw1 === 0x6c) {
        next = Uint8Array.of(...next.subarray(0, 4), sw2);
      } else if (response.length >= 2 && sw1 === 0x61) {
        received.push(response.subarray(0, -2));
        next = Uint8Array.of(0x00, 0xc0, 0x00, 0x00, sw2);
      } else {
        return { kind: 'done', response: joinBytes(...received, response) };
      }
    }
    return { kind: 'failed', fault: { kind: 'card-garbled' } };
  }

  async release(): Promise<void> {
    this.lose({ kind: 'card-gone' });
    this.#wire.release();
  }

  /** Let time pass, or less of it where the connection is lost meanwhile. */
  pass(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(delayMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  /** No response will come: wait for the rest of the deadline, then nothing passes until the card is connected to anew. */
  async fallMute(restMs: number): Promise<null> {
    await this.pass(restMs);
    this.lose({ kind: 'card-mute' });
    return null;
  }
}
