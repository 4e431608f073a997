/** What can go wrong with one connection before the station has been greeted. */
const connectionMishaps = [
  'close-before-tls',
  'hang-before-tls',
  /** What answers is some other service. */
  'speak-no-tls',
  'offer-only-tls-1.2',
  'close-before-hello',
  'hang-before-hello',
  'greet-in-version-2',
  /** An answer in place of the greeting. */
  'answer-before-hello',
] as const;

/** What can go wrong with one question. */
const questionMishaps = [
  'drop-before-asking',
  'drop-before-answering',
  'never-answer',
  /** Kept back until `sendLate`. */
  'answer-late',
  'answer-twice',
  /** With the id of no question. */
  'answer-another',
  'answer-no-json',
  'answer-no-message',
  'answer-too-long',
  /** Half of it, then the end of the connection. */
  'answer-half',
  /** Half of it, then nothing more. */
  'stop-halfway',
] as const;

export type ConnectionMishap = (typeof connectionMishaps)[number];
export type QuestionMishap = (typeof questionMishaps)[number];
export type HostMishap = ConnectionMishap | QuestionMishap;

/** What is to go wrong, each once. Those of connections and those of questions keep their own order. */
export class HostMishaps {
  readonly #connections: ConnectionMishap[] = [];
  readonly #questions: QuestionMishap[] = [];

  add(mishap: HostMishap): void {
    const ofConnection = connectionMishaps.find((each) => each === mishap);
    const ofQuestion = questionMishaps.find((each) => each === mishap);
    if (ofConnection !== undefined) this.#connections.push(ofConnection);
    if (ofQuestion !== undefined) this.#questions.push(ofQuestion);
  }

  nextOfConnection(): ConnectionMishap | null {
    return this.#connections.shift() ?? null;
  }

  nextOfQuestion(): QuestionMishap | null {
    return this.#questions.shift() ?? null;
  }
}
