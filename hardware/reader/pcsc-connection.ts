import type { Clock } from '../../main/contract/clock.ts';
import { within } from '../card/deadline.ts';
import type { PcscSession } from './pcsc-binding.ts';
import { codeOf, pcscFault } from './pcsc-fault.ts';
import type { CardConnection, CardFault, ReaderFault, TransmitAnswer } from './port.ts';
import { wholeResponse } from './response-chain.ts';

type Fault = ReaderFault | CardFault;

/** Drivers look for the card about every 0.4 s; a failed exchange waits that long to learn whether it is still there. */
const presenceGraceMs = 700;

/** How long a conversation's end waits for a command that the card has not answered. */
const releaseDeadlineMs = 1_000;

export class PcscConnection implements CardConnection {
  readonly atr: Uint8Array;
  /** Resolves when the library has let go of the card, so that another connection may be made. */
  readonly ended: Promise<void>;
  readonly #session: PcscSession;
  readonly #clock: Clock;
  readonly #onServiceLost: (code: string) => void;
  readonly #onReleased: () => void;
  #end: () => void = () => {};
  /** The command under way. It may outlive its deadline: nothing can call it back. */
  #pending: Promise<TransmitAnswer> | null = null;
  #releasing: Promise<void> | null = null;
  /** Why nothing passes any more: a card that fell silent or left is not spoken to again before a new connection. */
  #lost: Fault | null = null;
  #onLost: () => void = () => {};

  constructor(
    session: PcscSession,
    clock: Clock,
    handlers: {
      /** The library's side is not to be trusted any more: it must be built anew. */
      readonly onServiceLost: (code: string) => void;
      readonly onReleased: () => void;
    },
  ) {
    this.atr = session.atr;
    this.#session = session;
    this.#clock = clock;
    this.#onServiceLost = handlers.onServiceLost;
    this.#onReleased = handlers.onReleased;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** The card, the reader or the service has gone. What comes after it in the slot is another conversation. */
  lose(fault: Fault): void {
    this.#lost ??= fault;
    this.#onLost();
  }

  async transmit(command: Uint8Array, deadlineMs: number): Promise<TransmitAnswer> {
    if (this.#lost !== null) return failed(this.#lost);
    if (this.#releasing !== null) return failed({ kind: 'card-gone' });
    if (this.#pending !== null) throw new Error('a command is still under way');
    const work = this.#exchange(command);
    this.#pending = work;
    return within<TransmitAnswer>(this.#clock, deadlineMs, work, () => {
      this.#lost ??= { kind: 'card-mute' };
      return failed(this.#lost);
    });
  }

  release(): Promise<void> {
    this.#releasing ??= this.#release();
    return this.#releasing;
  }

  async #exchange(command: Uint8Array): Promise<TransmitAnswer> {
    try {
      const response = await wholeResponse(command, this.#session.overT0, async (next) => {
        // Past the deadline, or past the card: no follow-up is sent for an answer that nobody waits for.
        if (this.#lost !== null) throw new NoAnswer();
        const part = await this.#session.transmit(next);
        // What a card that was pulled half-way leaves: a success without a byte.
        if (part.length === 0) throw new NoAnswer();
        return part;
      });
      if (response === null) return failed({ kind: 'card-garbled' });
      return { kind: 'done', response };
    } catch (error) {
      const fault = error instanceof NoAnswer ? ambiguous : pcscFault(error);
      if (fault.kind === 'ambiguous') return failed(await this.#lostOrMute());
      if (fault.kind === 'service-down') this.#onServiceLost(codeOf(error));
      if (fault.kind === 'card-gone') this.#lost ??= fault;
      return failed(fault);
    } finally {
      this.#pending = null;
    }
  }

  async #lostOrMute(): Promise<Fault> {
    if (this.#lost === null) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(presenceGraceMs, resolve);
        this.#onLost = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#lost ??= { kind: 'card-mute' };
    return this.#lost;
  }

  async #release(): Promise<void> {
    void (this.#pending ?? Promise.resolve())
      .then(() => this.#session.disconnect())
      .catch((error: unknown) => this.#onServiceLost(codeOf(error)))
      .finally(() => this.#end());
    this.#onReleased();
    await within<void>(this.#clock, releaseDeadlineMs, this.ended, () => {});
  }
}

/** Nothing came back, and no error either. */
class NoAnswer extends Error {}

const ambiguous = { kind: 'ambiguous' } as const;

function failed(fault: Fault): TransmitAnswer {
  return { kind: 'failed', fault };
}
