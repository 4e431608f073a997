import type { CardLink } from '../link.ts';
import type { Fault } from '../port.ts';
import type { PbocProfile } from './profile.ts';
import {
  type LogRecord,
  parseLogRecord,
  readLogRecord,
  recordNotFound,
} from './read-log-record.ts';

export type ReadLogAnswer =
  /** Newest first. */
  | { readonly kind: 'done'; readonly records: readonly LogRecord[] }
  /** The card does not let its log be read: no such file, or a PIN that the profile does not have. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'failed'; readonly fault: Fault };

/** The transaction log, as far as the profile says that it goes. */
export async function readLog(link: CardLink, profile: PbocProfile): Promise<ReadLogAnswer> {
  if (profile.log === null) return { kind: 'closed' };
  const { sfi, order, records: most } = profile.log;
  const records: LogRecord[] = [];
  for (let number = 1; number <= most; number += 1) {
    const answer = await link.send(readLogRecord(sfi, number), parseLogRecord);
    if (answer.kind === 'refused') {
      if (answer.statusWord === recordNotFound) break;
      return { kind: 'closed' };
    }
    if (answer.kind !== 'done') return answer;
    if (answer.value !== null) records.push(answer.value);
  }
  return { kind: 'done', records: order === 'newest-first' ? records : records.reverse() };
}
