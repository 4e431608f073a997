import type { CardRecord } from './card-record.ts';

/** A load as it would stand in the card's books. Amounts in the card's own unit. */
export type LoadInQuestion = {
  readonly amount: number;
  /** 12 hex digits. */
  readonly terminal: string;
  /** YYYYMMDDhhmmss. */
  readonly dateTime: string;
  /** 16 hex digits; null where records have no room for it. */
  readonly reference: string | null;
  readonly valueBefore: number;
  /** What `counterBefore` is: the counter of the newest record (0: there was none), or that of transactions (TMC). */
  readonly counted: 'records' | 'transactions';
  readonly counterBefore: number;
};

/** What the card says now. */
export type CardBooks = {
  readonly value: number;
  /** Newest first; the oldest may be gone. */
  readonly records: readonly CardRecord[];
  /** TMC: how many transactions were ever committed; null where the card does not count them. */
  readonly transactions: number | null;
};

export type Verdict =
  | { readonly kind: 'loaded'; readonly record: CardRecord }
  | { readonly kind: 'not-loaded' }
  | { readonly kind: 'undecided'; readonly detail: string };

/**
 * What became of a load, by the card's books. Record and value are written together or not at all (cards.md 2.5), each
 * record has its own counter, and one transaction writes one record at most. So a load is proved by its record; and that it
 * did not happen is proved where every record that can have been written since is there, and none is its own. The value
 * alone proves nothing: gates take from it and other machines add to it.
 */
export function judgeLoad(load: LoadInQuestion, books: CardBooks): Verdict {
  const { records, transactions } = books;
  if (!areNumberedInTurn(records)) {
    return undecided('the records are not numbered one after the other');
  }
  if (load.counted === 'records') return judgeByRecords(load, books);
  if (transactions === null) return undecided('the card does not count its transactions');
  return judgeByTransactions(load, books, transactions);
}

/** Our record can only be the one after the newest there was: the card was in this machine until the commit. */
function judgeByRecords(load: LoadInQuestion, books: CardBooks): Verdict {
  const { records } = books;
  const since = records.filter(({ counter }) => counter > load.counterBefore);
  const ours = records.find((record) => isOurs(load, record));
  if (ours !== undefined) {
    if (ours.counter === load.counterBefore + 1) return { kind: 'loaded', record: ours };
    return undecided('this load is recorded under a counter that cannot be its own');
  }
  const newest = records[0]?.counter ?? 0;
  if (newest < load.counterBefore) {
    return undecided('the newest record is older than it was before the load');
  }
  if (newest - load.counterBefore > since.length) return cycled();
  return judgeByValue(load, books, since);
}

/** Our record would be among as many of the newest as there were transactions since. */
function judgeByTransactions(
  load: LoadInQuestion,
  books: CardBooks,
  transactions: number,
): Verdict {
  const { records, value } = books;
  const committed = transactions - load.counterBefore;
  const ours = records.findIndex((record) => isOurs(load, record));
  const record = records[ours];
  if (record !== undefined) {
    if (ours < committed) return { kind: 'loaded', record };
    return undecided('this load is recorded, and the transactions since do not account for it');
  }
  if (committed < 0) return undecided('the card counts fewer transactions than before the load');
  if (committed === 0) {
    if (value === load.valueBefore) return { kind: 'not-loaded' };
    return undecided('the value has changed, and the card counts no transaction');
  }
  const oldest = records.at(-1);
  const areAllThere = oldest === undefined || oldest.counter === 1;
  if (records.length < committed && !areAllThere) return cycled();
  return judgeByValue(load, books, records.slice(0, committed));
}

/**
 * The last look, once the records say that it did not happen: money that none of them explains is no reason to believe
 * them. `since`: at least all the records that were written since.
 */
function judgeByValue(
  load: LoadInQuestion,
  { value }: CardBooks,
  since: readonly CardRecord[],
): Verdict {
  let most = load.valueBefore;
  for (const { kind, amount } of since) {
    if (kind === 'load') most += amount;
    // A record of another kind may have given back any amount.
    if (kind === 'other') return { kind: 'not-loaded' };
  }
  if (value <= most) return { kind: 'not-loaded' };
  return undecided('the card holds more than its records explain');
}

function isOurs(load: LoadInQuestion, record: CardRecord): boolean {
  return (
    record.kind === 'load' &&
    record.amount === load.amount &&
    record.terminal === load.terminal &&
    record.dateTime === load.dateTime &&
    record.reference === load.reference
  );
}

function areNumberedInTurn(records: readonly CardRecord[]): boolean {
  return records.every(
    ({ counter }, at) => counter === (records[0]?.counter ?? 0) - at && counter > 0,
  );
}

function cycled(): Verdict {
  return undecided('records that were written since the load are gone, and it may be one of them');
}

function undecided(detail: string): Verdict {
  return { kind: 'undecided', detail };
}
