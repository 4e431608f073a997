import type { CardLink } from '../link.ts';
import type { Fault } from '../port.ts';
import type { PbocLog, PbocProfile } from './profile.ts';
import {
  type LogRecord,
  parseLogRecord,
  readLogRecord,
  recordNotFound,
} from './read-log-record.ts';

type NotRead =
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'failed'; readonly fault: Fault };

export type ReadLogAnswer =
  /** Newest first. */
  | { readonly kind: 'done'; readonly records: readonly LogRecord[] }
  /** The card does not let its log be read: no such file, or a PIN that the profile does not have. */
  | { readonly kind: 'closed' }
  | NotRead;

/** One of the card's logs, as far as the profile says that it goes. */
export async function readLog(link: CardLink, log: PbocLog): Promise<ReadLogAnswer> {
  const records: LogRecord[] = [];
  for (let number = 1; number <= log.records; number += 1) {
    const answer = await link.send(readLogRecord(log.sfi, number), parseLogRecord);
    if (answer.kind === 'refused') {
      if (answer.statusWord === recordNotFound) break;
      return { kind: 'closed' };
    }
    if (answer.kind !== 'done') return answer;
    if (answer.value !== null) records.push(answer.value);
  }
  return { kind: 'done', records: log.order === 'newest-first' ? records : records.reverse() };
}

/** What the card's logs hold together, newest first; what is closed holds nothing. */
export async function readHistory(
  link: CardLink,
  profile: PbocProfile,
): Promise<{ readonly kind: 'done'; readonly records: readonly LogRecord[] } | NotRead> {
  const all = await readIfAny(link, profile.log);
  if (all.kind !== 'done') return all;
  const loads = await readIfAny(link, profile.loadLog);
  if (loads.kind !== 'done') return loads;
  // What the log of all has lost is older than everything in it.
  const lost = loads.records.filter((load) => !all.records.some((row) => isSame(row, load)));
  return { kind: 'done', records: [...all.records, ...lost] };
}

async function readIfAny(link: CardLink, log: PbocLog | null) {
  const answer = log === null ? ({ kind: 'closed' } as const) : await readLog(link, log);
  return answer.kind === 'closed' ? ({ kind: 'done', records: [] } as const) : answer;
}

/** The logs may count differently, so counters are not compared. */
function isSame(one: LogRecord, other: LogRecord): boolean {
  return (
    one.transactionType === other.transactionType &&
    one.amount === other.amount &&
    one.terminal === other.terminal &&
    one.dateTime === other.dateTime
  );
}
