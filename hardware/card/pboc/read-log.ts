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

/**
 * What its holder is shown of the past, newest first; a log that is closed holds nothing. One log is enough for that: each row costs
 * a command, and somebody waits for the balance. Where a load is in doubt both are heard.
 */
export async function readHistory(
  link: CardLink,
  { log, loadLog }: PbocProfile,
): Promise<{ readonly kind: 'done'; readonly records: readonly LogRecord[] } | NotRead> {
  const place = log ?? loadLog;
  const answer = place === null ? ({ kind: 'closed' } as const) : await readLog(link, place);
  return answer.kind === 'closed' ? { kind: 'done', records: [] } : answer;
}
