import type { CounterConvention } from './profile.ts';
import { isOnline, loadTransactionType, type Purse } from './purse.ts';
import type { LogRecord } from './read-log-record.ts';

/** A load as it would stand in the card's books. Amounts in the card's own unit. */
export type LoadInQuestion = {
  readonly purse: Purse;
  readonly amount: number;
  /** 12 hex digits. */
  readonly terminal: string;
  /** YYYYMMDDhhmmss. */
  readonly dateTime: string;
  /** What INITIALIZE FOR LOAD answered before the credit. */
  readonly balanceBefore: number;
  readonly counterBefore: number;
};

/**
 * What the log says of a load. `anothers`: the on-line counter at which this load would have been written was used by
 * another transaction. `contradicts`: our row, but under another counter than the profile says. `silent`: neither.
 */
export type LogTestimony = 'ours' | 'anothers' | 'contradicts' | 'silent';

/** The log's testimony. A counter is used up by one on-line transaction, so its row names who used it. */
export function hearLog(
  records: readonly LogRecord[],
  load: LoadInQuestion,
  convention: CounterConvention,
): LogTestimony {
  const counter = counterByConvention(load.counterBefore, convention);
  let testimony: LogTestimony = 'silent';
  for (const record of records) {
    const isOurs =
      record.transactionType === loadTransactionType(load.purse) &&
      record.amount === load.amount &&
      record.terminal === load.terminal &&
      record.dateTime === load.dateTime;
    if (isOurs) return record.counter === counter ? 'ours' : 'contradicts';
    if (record.counter === counter && isOnline(load.purse, record.transactionType)) {
      testimony = 'anothers';
    }
  }
  return testimony;
}

/**
 * What the log of all transactions and the log of loads say together. One may have lost what the other kept; where they
 * speak against each other, one of them is not read as its card writes it.
 */
export function bothLogs(one: LogTestimony, other: LogTestimony): LogTestimony {
  if (one === 'silent' || one === other) return other;
  return other === 'silent' ? one : 'contradicts';
}

/** The counter has two bytes on the card: after FFFF there can only be 0000. */
export function counterByConvention(counterBefore: number, convention: CounterConvention): number {
  return convention === 'n' ? counterBefore : (counterBefore + 1) & 0xffff;
}

export type Verdict =
  | { readonly kind: 'not-loaded' }
  | { readonly kind: 'undecided'; readonly detail: string };

/**
 * What became of a load of which the card has neither a log row nor a TAC (cards.md 1.8). The balance alone proves nothing:
 * gates take from it and other machines add to it. Nor do balance and counter together once the card has been away, for
 * another machine can have loaded the same amount.
 */
export function judgeWithoutProof(
  load: LoadInQuestion,
  log: Exclude<LogTestimony, 'ours'>,
  balance: number,
  /** The on-line counter now; null where the card does not tell. */
  liveCounter: number | null,
): Verdict {
  if (log === 'contradicts') {
    return undecided('the log has this load under a counter that the profile does not expect');
  }
  if (liveCounter === null) {
    if (log === 'anothers') return { kind: 'not-loaded' };
    return undecided('the card does not tell its on-line counter');
  }
  if (liveCounter < load.counterBefore) {
    return undecided('the on-line counter is lower than before the load');
  }
  if (liveCounter === load.counterBefore) {
    // No on-line transaction at all has happened: money can only have been spent.
    if (balance <= load.balanceBefore) return { kind: 'not-loaded' };
    return undecided('the balance has grown but the on-line counter has not');
  }
  if (log === 'anothers') return { kind: 'not-loaded' };
  return undecided('an on-line transaction has happened, and the card no longer tells which');
}

function undecided(detail: string): Verdict {
  return { kind: 'undecided', detail };
}
