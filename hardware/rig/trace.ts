import type { TraceRow } from '../../main/contract/bench.ts';
import type { Clock } from '../../main/contract/clock.ts';
import { answerWords, commandWords, spacedHex } from './apdu-words.ts';

const keptRows = 120;

type Apdu = {
  readonly command: Uint8Array;
  readonly response: Uint8Array | null;
  readonly cardIsThere: boolean;
};
type Hand = { readonly what: string; readonly about: string };
type Happening = { readonly seq: number; readonly atMs: number; readonly it: Apdu | Hand };

/** What passed between reader and card, and what hands did to the card. Forgets what is long ago. */
export class Trace {
  readonly #clock: Clock;
  #seq = 0;
  /** Oldest first. Put into words only when somebody wants to read them: a campaign makes millions. */
  #happenings: Happening[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Newest first. */
  get rows(): readonly TraceRow[] {
    return this.#happenings.slice(-keptRows).reverse().map(rowOf);
  }

  /** The bytes are kept as they are: nobody may change them afterwards. */
  apdu(command: Uint8Array, response: Uint8Array | null, cardIsThere: boolean): void {
    this.#add({ command, response, cardIsThere });
  }

  hand(what: string, about: string): void {
    this.#add({ what, about });
  }

  #add(it: Apdu | Hand): void {
    this.#seq += 1;
    this.#happenings.push({ seq: this.#seq, atMs: this.#clock.nowMs(), it });
    if (this.#happenings.length >= 2 * keptRows) this.#happenings.splice(0, keptRows);
  }
}

function rowOf({ seq, atMs, it }: Happening): TraceRow {
  if ('what' in it) {
    const { what, about } = it;
    return { seq, atMs, what, answer: about, outcome: 'hand', command: '', response: '' };
  }
  const { command, response, cardIsThere } = it;
  const vanished = response === null && !cardIsThere;
  return {
    seq,
    atMs,
    what: commandWords(command),
    answer: vanished ? 'no answer: the card is gone' : answerWords(response),
    outcome: outcomeOf(response),
    command: spacedHex(command),
    response: response === null ? '' : spacedHex(response),
  };
}

function outcomeOf(response: Uint8Array | null): TraceRow['outcome'] {
  if (response === null || response.length < 2) return 'failed';
  const [sw1, sw2] = response.subarray(-2);
  return sw1 === 0x90 && sw2 === 0x00 ? 'done' : 'refused';
}
