import type { JournalRow } from './port.ts';

/** How attempts ended, or `unknown` where their rows do not say it as this program does. */
export const outcomes = ['captured', 'reversed', 'uncollected', 'declined', 'unknown'] as const;
export type Outcome = (typeof outcomes)[number];

/** The attempts of one means of payment that ended in one way. */
export type Figure = {
  readonly means: string;
  readonly outcome: Outcome;
  readonly count: number;
  /** Minor units. */
  readonly sumMinor: number;
};

/** An attempt that was not settled when the books were closed. Its end is counted by a later closing. */
export type OpenAttempt = {
  readonly attempt: string;
  readonly means: string;
  readonly amountMinor: number;
};

/** What became of money between two moments: everything in the rows after the previous closing's last one. */
export type Closing = {
  readonly closing: number;
  /** YYYY-MM-DD, local. Several days where the station was off over midnight. */
  readonly firstDay: string;
  readonly lastDay: string;
  /** Milliseconds since 1970 UTC: when the books before were closed (or the first row was written), and these. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Without rows, `lastSeq` is the one before `firstSeq`. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly lastHash: string;
  readonly figures: readonly Figure[];
  readonly open: readonly OpenAttempt[];
  /** Null: it is the first. */
  readonly previousSignature: string | null;
};

/** A closing as it is stored. */
export type SignedClosing = {
  readonly statement: string;
  /** Ed25519, base64, over `signedText(statement)`. */
  readonly signature: string;
};

/** What is signed: its first line keeps a closing from passing for anything else that this key signs. */
export function signedText(statement: string): string {
  return `AddValue closing\n${statement}`;
}

/** Counts attempts as their rows pass by. An attempt is counted once: when it is settled after it was open. */
export class Tally {
  readonly #figures = new Map<string, Figure>();
  /** Their last row's body, which is looked into when it is asked for. */
  readonly #open = new Map<string, string | OpenAttempt>();

  /** `open`: what the closing before left open. */
  constructor(open: readonly OpenAttempt[] = []) {
    for (const each of open) this.#open.set(each.attempt, each);
  }

  note(row: JournalRow): void {
    const { attempt } = row;
    if (!row.settled) {
      this.#open.set(attempt, row.body);
      return;
    }
    // Later steps of a settled attempt are about its slip.
    if (!this.#open.delete(attempt)) return;
    const { means, amountMinor, outcome } = figuresOf(row.body);
    const key = JSON.stringify([means, outcome]);
    const { count, sumMinor } = this.#figures.get(key) ?? { count: 0, sumMinor: 0 };
    const sum = sumMinor + amountMinor;
    this.#figures.set(key, { means, outcome, count: count + 1, sumMinor: sum });
  }

  get figures(): readonly Figure[] {
    const rank = ({ means, outcome }: Figure) => `${means}\n${outcomes.indexOf(outcome)}`;
    return [...this.#figures.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }

  get open(): readonly OpenAttempt[] {
    return [...this.#open]
      .map(([attempt, known]) => {
        if (typeof known !== 'string') return known;
        const { means, amountMinor } = figuresOf(known);
        return { attempt, means, amountMinor };
      })
      .sort((a, b) => (a.attempt < b.attempt ? -1 : 1));
  }
}

type AttemptFigures = {
  readonly means: string;
  readonly amountMinor: number;
  readonly outcome: Outcome;
};

/** The three fields of an attempt's record that books are made of (main/session/attempt.ts). */
function figuresOf(body: string): AttemptFigures {
  const unknown: AttemptFigures = { means: '?', amountMinor: 0, outcome: 'unknown' };
  const record = objectIn(body);
  if (record === null) return unknown;
  const { amountMinor, means, money } = record;
  return {
    means: isObject(means) && typeof means.id === 'string' ? means.id : unknown.means,
    amountMinor: Number.isSafeInteger(amountMinor) ? Number(amountMinor) : 0,
    outcome: outcomes.find((outcome) => outcome === money) ?? 'unknown',
  };
}

/** A closing's statement, read again; null where it is none. What it says is only to be trusted once it has been verified. */
export function closingIn(statement: string): Closing | null {
  const said = objectIn(statement);
  if (said === null || !isClosing(said)) return null;
  return said;
}

function isClosing(said: Record<string, unknown>): said is Record<string, unknown> & Closing {
  const { firstDay, lastDay, lastHash, figures, open, previousSignature } = said;
  const { closing, fromMs, toMs, firstSeq, lastSeq } = said;
  return (
    [firstDay, lastDay, lastHash].every((text) => typeof text === 'string') &&
    [closing, fromMs, toMs, firstSeq, lastSeq].every((whole) => Number.isSafeInteger(whole)) &&
    (previousSignature === null || typeof previousSignature === 'string') &&
    isListOf(figures, ['means', 'outcome'], ['count', 'sumMinor']) &&
    isListOf(open, ['attempt', 'means'], ['amountMinor'])
  );
}

function isListOf(list: unknown, texts: readonly string[], wholes: readonly string[]): boolean {
  return (
    Array.isArray(list) &&
    list.every(
      (each: unknown) =>
        isObject(each) &&
        texts.every((name) => typeof each[name] === 'string') &&
        wholes.every((name) => Number.isSafeInteger(each[name])),
    )
  );
}

function objectIn(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** YYYY-MM-DD in the process's time zone (TZ). */
export function localDay(wallMs: number): string {
  const date = new Date(wallMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The day before the one that this moment is in. */
export function localDayBefore(wallMs: number): string {
  const date = new Date(wallMs);
  // Noon is on the same day whatever summer time does.
  return localDay(new Date(date.getFullYear(), date.getMonth(), date.getDate() - 1, 12).getTime());
}
