import type { TraceRow } from '../../main/contract/bench.ts';
import type { Clock } from '../../main/contract/clock.ts';
import type { Currency } from '../../main/contract/money.ts';
import { describeApdu } from '../card/describe-apdu.ts';
import { toHex } from '../card/hex.ts';

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
  readonly #currency: Currency;
  #seq = 0;
  /** Oldest first. Put into words only when somebody wants to read them: a campaign makes millions. */
  #happenings: Happening[] = [];

  constructor(clock: Clock, currency: Currency) {
    this.#clock = clock;
    this.#currency = currency;
  }

  /** Newest first. */
  get rows(): readonly TraceRow[] {
    return this.#happenings
      .slice(-keptRows)
      .reverse()
      .map((happening) => rowOf(happening, this.#currency));
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

function rowOf({ seq, atMs, it }: Happening, currency: Currency): TraceRow {
  if ('what' in it) {
    const { what, about } = it;
    return { seq, atMs, what, answer: about, outcome: 'hand', command: '', response: '' };
  }
  const { command, response, cardIsThere } = it;
  const { what, answer, outcome } = describeApdu(command, response, currency);
  const vanished = response === null && !cardIsThere;
  return {
    seq,
    atMs,
    what,
    answer: vanished ? `${answer}: the card is gone` : answer,
    outcome,
    command: spacedHex(command),
    response: response === null ? '' : spacedHex(response),
  };
}

/** "00 A4 04 00", as people read hex. */
function spacedHex(bytes: Uint8Array): string {
  return (toHex(bytes).match(/../g) ?? []).join(' ');
}
