import type { TraceRow } from '../../main/contract/bench.ts';
import type { Clock } from '../../main/contract/clock.ts';
import { answerWords, commandWords, spacedHex } from './apdu-words.ts';

const keptRows = 120;

/** What passed between reader and card, and what hands did to the card, in words. Forgets what is long ago. */
export class Trace {
  readonly #clock: Clock;
  #seq = 0;
  #rows: TraceRow[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Newest first. */
  get rows(): readonly TraceRow[] {
    return this.#rows;
  }

  apdu(command: Uint8Array, response: Uint8Array | null, cardIsThere: boolean): void {
    const answer =
      response === null && !cardIsThere ? 'no answer: the card is gone' : answerWords(response);
    this.#add({
      what: commandWords(command),
      answer,
      outcome: outcomeOf(response),
      command: spacedHex(command),
      response: response === null ? '' : spacedHex(response),
    });
  }

  hand(what: string, about: string): void {
    this.#add({ what, answer: about, outcome: 'hand', command: '', response: '' });
  }

  #add(row: Omit<TraceRow, 'seq' | 'atMs'>): void {
    this.#seq += 1;
    const newest = { seq: this.#seq, atMs: this.#clock.nowMs(), ...row };
    this.#rows = [newest, ...this.#rows.slice(0, keptRows - 1)];
  }
}

function outcomeOf(response: Uint8Array | null): TraceRow['outcome'] {
  if (response === null || response.length < 2) return 'failed';
  const [sw1, sw2] = response.subarray(-2);
  return sw1 === 0x90 && sw2 === 0x00 ? 'done' : 'refused';
}
