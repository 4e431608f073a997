import type { Clock } from '../../main/contract/clock.ts';
import type { Line } from '../line/port.ts';
import type { CardConnection, CardReader } from '../reader/port.ts';
import type { Sam } from '../sam/port.ts';

/**
 * All that ties one life of the kiosk's process to the devices. Once it is cut nothing passes in either direction: timers do
 * not fire, answers do not come, bytes are not sent, and the card in the reader loses its power, as when a process is killed.
 * The devices themselves live on: closing a port here closes nothing of theirs.
 */
export class Tether {
  #isCut = false;
  readonly #ends = new Set<() => void>();

  cut(): void {
    this.#isCut = true;
    for (const end of this.#ends) end();
    this.#ends.clear();
  }

  clock(clock: Clock): Clock {
    return {
      nowMs: () => clock.nowMs(),
      wallMs: () => clock.wallMs(),
      after: (delayMs, callBack) => {
        if (this.#isCut) return () => {};
        const end = clock.after(delayMs, () => {
          this.#ends.delete(end);
          callBack();
        });
        return this.#until(end);
      },
    };
  }

  line(line: Line): Line {
    return {
      watch: (handlers) => (this.#isCut ? () => {} : this.#until(line.watch(handlers))),
      write: (bytes, deadlineMs) =>
        this.#isCut ? never() : this.#answerOf(line.write(bytes, deadlineMs)),
      close: async () => {},
    };
  }

  reader(reader: CardReader): CardReader {
    return {
      watch: (onPresence, onHealth) =>
        this.#isCut ? () => {} : this.#until(reader.watch(onPresence, onHealth)),
      connect: async () => {
        if (this.#isCut) return never();
        const answer = await reader.connect();
        if (answer.kind === 'failed') return this.#answerOf(Promise.resolve(answer));
        if (this.#isCut) {
          await answer.connection.release();
          return never();
        }
        return { kind: 'done', connection: this.#connection(answer.connection) };
      },
      close: async () => {},
    };
  }

  sam(sam: Sam): Sam {
    return {
      families: sam.families,
      watch: (onHealth, family) =>
        this.#isCut ? () => {} : this.#until(sam.watch(onHealth, family)),
      ask: (question) => (this.#isCut ? never() : this.#answerOf(sam.ask(question))),
      close: async () => {},
    };
  }

  #connection(connection: CardConnection): CardConnection {
    const release = this.#until(() => void connection.release());
    return {
      atr: connection.atr,
      transmit: (command, deadlineMs) =>
        this.#isCut ? never() : this.#answerOf(connection.transmit(command, deadlineMs)),
      release: async () => release(),
    };
  }

  /** `end` now, or at the cut, once. */
  #until(end: () => void): () => void {
    this.#ends.add(end);
    return () => {
      if (this.#ends.delete(end)) end();
    };
  }

  #answerOf<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => {
          if (!this.#isCut) resolve(value);
        },
        (error: unknown) => {
          if (!this.#isCut) reject(error);
        },
      );
    });
  }
}

/** Nobody is left to be answered. */
function never<Answer>(): Promise<Answer> {
  return new Promise(() => {});
}
