import { connect, type Socket } from 'node:net';
import type { Clock } from '../../../main/contract/clock.ts';
import type { CardConnection, CardReader } from '../../reader/port.ts';
import { control, eachMessage, sendMessage } from './vpcd-messages.ts';

/** vpcd may still be starting, or have thrown the card out. */
const retryMs = 100;

/**
 * pcscd looks into the slot every 0.4 s, and less often on a busy machine. A card that is in again before it has looked, put back
 * or swapped, was never away for it where vpcd was just giving power to the old one (seen).
 */
const lookMs = 1_000;

/**
 * How long a reader waits for a card before it gives it up: longer than the kiosk waits for a command, which must learn that
 * by itself (a contactless card may ask for up to 5 s, ISO 14443-4 7.2).
 */
const giveUpMs = 2_500;

/** vpcd has no word for a card that did not answer, and would wait for ever. No response is as short as this. */
const noAnswer = Uint8Array.of(0);

/**
 * Leads the card in a reader's slot to vpcd, as if it lay in vpcd's own: pcscd sees it come and go, gives it power, and
 * exchanges commands with it. Who works the slot works it as ever. `socketPath` leads to vpcd.
 */
export class ReaderLead {
  readonly #reader: CardReader;
  readonly #socketPath: string;
  readonly #clock: Clock;
  readonly #unwatch: () => void;
  #isCardIn = false;
  #socket: Socket | null = null;
  #cancelRetry: () => void = () => {};
  /** vpcd waits for an answer. */
  #isAsked = false;
  /** vpcd must see an empty slot before it sees a card: also where the last one left while it waited for its answer. */
  #isUnseen = false;
  #leftAtMs = Number.NEGATIVE_INFINITY;
  /** What the card says when it is only looked at. */
  #atr: Uint8Array = new Uint8Array(0);
  #connection: CardConnection | null = null;
  /** vpcd's messages are answered one after the other. */
  #answers: Promise<void> = Promise.resolve();

  constructor(parts: {
    readonly reader: CardReader;
    readonly socketPath: string;
    readonly clock: Clock;
    readonly onPlugged: (plugged: boolean) => void;
  }) {
    this.#reader = parts.reader;
    this.#socketPath = parts.socketPath;
    this.#clock = parts.clock;
    this.#unwatch = parts.reader.watch(
      (presence) => {
        if (presence.kind === 'present') this.#cardIn(presence.atr);
        else this.#cardOut();
      },
      (health) => parts.onPlugged(health.kind === 'up' || health.fault === 'busy'),
    );
  }

  close(): void {
    this.#unwatch();
    this.#cardOut();
  }

  #cardIn(atr: Uint8Array): void {
    this.#atr = atr;
    this.#isCardIn = true;
    this.#isUnseen ||= this.#clock.nowMs() - this.#leftAtMs < lookMs;
    this.#connect();
  }

  #cardOut(): void {
    if (this.#isCardIn) this.#leftAtMs = this.#clock.nowMs();
    this.#isCardIn = false;
    this.#isUnseen ||= this.#isAsked;
    this.#cancelRetry();
    this.#socket?.destroy();
    this.#socket = null;
  }

  #connect(): void {
    const socket = connect(this.#socketPath);
    this.#socket = socket;
    eachMessage(socket, (message) => {
      this.#answers = this.#answers.then(() => this.#answer(socket, message));
    });
    socket.on('close', () => {
      this.#answers = this.#answers.then(() => this.#release());
      if (!this.#isCardIn || this.#socket !== socket) return;
      this.#cancelRetry = this.#clock.after(retryMs, () => this.#connect());
    });
  }

  async #answer(socket: Socket, message: Uint8Array): Promise<void> {
    if (socket.destroyed) return;
    if (message.length > 1) {
      this.#isAsked = true;
      const response = await this.#transmit(message);
      this.#isAsked = false;
      sendMessage(socket, response);
    } else if (message[0] === control.off) {
      await this.#release();
    } else if (message[0] === control.on || message[0] === control.reset) {
      await this.#release();
      await this.#power();
    } else if (message[0] === control.atr) {
      // The slot is empty at this look, and has a card at the next.
      if (this.#isUnseen) socket.destroy();
      else sendMessage(socket, this.#connection?.atr ?? this.#atr);
      this.#isUnseen = false;
    } else {
      throw new Error(`vpcd sent the control byte ${message[0]}`);
    }
  }

  async #transmit(command: Uint8Array): Promise<Uint8Array | null> {
    const connection = this.#connection ?? (await this.#power());
    if (connection === null) return noAnswer;
    const answer = await connection.transmit(command, giveUpMs);
    if (answer.kind === 'done') return answer.response;
    // Whoever is gone says nothing: vpcd sees its socket close.
    return answer.fault.kind === 'card-mute' ? noAnswer : null;
  }

  async #power(): Promise<CardConnection | null> {
    const answer = await this.#reader.connect();
    this.#connection = answer.kind === 'done' ? answer.connection : null;
    return this.#connection;
  }

  async #release(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    await connection?.release();
  }
}
