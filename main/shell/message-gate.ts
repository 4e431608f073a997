import type { Clock } from '../contract/clock.ts';

/** No answer of the screen comes near this: a command is some 60 bytes. */
export const messageLimitBytes = 4096;

/** A person taps a few times a second; a page that sends more is broken or hostile. */
const messagesPerSecond = 50;

export type GateAnswer =
  | { readonly kind: 'passed'; readonly message: unknown }
  /** The page broke a rule of the channel: it must be shut out. `what` is a sentence for the log. */
  | {
      readonly kind: 'refused';
      readonly why: 'too-long' | 'too-many' | 'not-json';
      readonly what: string;
    };

/** The one door through which text from a page comes in, the same for both shells. Nothing of the text is ever quoted. */
export class MessageGate {
  readonly #clock: Clock;
  #windowStartMs: number;
  #inWindow = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#windowStartMs = clock.nowMs();
  }

  pass(text: string): GateAnswer {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#windowStartMs >= 1000) {
      this.#windowStartMs = nowMs;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    if (this.#inWindow > messagesPerSecond) {
      return refused(
        'too-many',
        `the page sent more than ${messagesPerSecond} messages in a second`,
      );
    }
    const bytes = Buffer.byteLength(text);
    if (bytes > messageLimitBytes) {
      const what = `the page sent a message of ${bytes} bytes; at most ${messageLimitBytes} are taken`;
      return refused('too-long', what);
    }
    try {
      return { kind: 'passed', message: JSON.parse(text) };
    } catch {
      return refused('not-json', `the page sent ${bytes} bytes that are not JSON`);
    }
  }
}

function refused(why: 'too-long' | 'too-many' | 'not-json', what: string): GateAnswer {
  return { kind: 'refused', why, what };
}
