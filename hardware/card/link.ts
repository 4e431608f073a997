import type { Clock } from '../../main/contract/clock.ts';
import type { CardConnection, CardReader, ConnectAnswer } from '../reader/port.ts';
import { type CardResponse, type CommandAnswer, parseResponse } from './apdu.ts';
import { within } from './deadline.ts';
import type { Fault } from './port.ts';

export type LinkAnswer<T> =
  | CommandAnswer<T>
  /** No response came, or none that can be an APDU response. */
  | { readonly kind: 'failed'; readonly fault: Fault };

export type LinkTimes = {
  readonly apduDeadlineMs: number;
  readonly connectDeadlineMs: number;
};

export type OpenLinkAnswer =
  | { readonly kind: 'done'; readonly link: CardLink }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** A conversation with the card in the reader: one command at a time, each with a deadline. */
export class CardLink {
  readonly #reader: CardReader;
  readonly #clock: Clock;
  readonly #times: LinkTimes;
  #connection: CardConnection | null;

  private constructor(
    reader: CardReader,
    clock: Clock,
    times: LinkTimes,
    connection: CardConnection,
  ) {
    this.#reader = reader;
    this.#clock = clock;
    this.#times = times;
    this.#connection = connection;
  }

  static async open(reader: CardReader, clock: Clock, times: LinkTimes): Promise<OpenLinkAnswer> {
    const answer = await connectInTime(reader, clock, times);
    if (answer.kind === 'failed') return answer;
    return { kind: 'done', link: new CardLink(reader, clock, times, answer.connection) };
  }

  /** The answer to reset of the card; empty once the link is released. */
  get atr(): Uint8Array {
    return this.#connection?.atr ?? new Uint8Array();
  }

  async send<T>(
    command: Uint8Array,
    parse: (response: CardResponse) => CommandAnswer<T>,
  ): Promise<LinkAnswer<T>> {
    if (this.#connection === null) return { kind: 'failed', fault: { kind: 'card-gone' } };
    const answer = await this.#connection.transmit(command, this.#times.apduDeadlineMs);
    if (answer.kind === 'failed') return answer;
    const parsed = parseResponse(answer.response);
    if (parsed.kind === 'truncated') return { kind: 'failed', fault: { kind: 'card-garbled' } };
    return parse(parsed.response);
  }

  /**
   * Begin again with a connection of its own. The old one is let go of first: released later, it would reset the new
   * session (cards.md 0, PC/SC rules). Null when done.
   */
  async renew(): Promise<Fault | null> {
    await this.release();
    const answer = await connectInTime(this.#reader, this.#clock, this.#times);
    if (answer.kind === 'failed') return answer.fault;
    this.#connection = answer.connection;
    return null;
  }

  async release(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    if (connection === null) return;
    const { connectDeadlineMs } = this.#times;
    await within(this.#clock, connectDeadlineMs, connection.release(), () => {});
  }
}

function connectInTime(
  reader: CardReader,
  clock: Clock,
  { connectDeadlineMs }: LinkTimes,
): Promise<ConnectAnswer> {
  return within<ConnectAnswer>(
    clock,
    connectDeadlineMs,
    reader.connect(),
    () => ({ kind: 'failed', fault: { kind: 'reader-silent' } }),
    (tooLate) => {
      if (tooLate.kind === 'done') void tooLate.connection.release();
    },
  );
}
