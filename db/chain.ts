import { hash } from 'node:crypto';
import type { JournalKey } from './key.ts';
import type { JournalEntry, JournalRow } from './port.ts';

/** What the first row follows. */
export const chainStart = '0'.repeat(64);

/** How the text of a row becomes its hash, hex. */
type Hasher = (text: string) => string;

/** Rows from `firstKeyedSeq` on are hashed with the key, those before it, of version 0001, without. */
export type Chain = { readonly firstKeyedSeq: number; readonly key: JournalKey };

/** The hash of a row of version 0001: SHA-256. Whoever can change such a row can hash it anew. */
export const unkeyed: Hasher = (text) => hash('sha256', text, 'hex');

/** The hash of a row: HMAC-SHA-256. */
export function keyedBy(key: JournalKey): Hasher {
  return (text) => key.mac(text);
}

/**
 * What is hashed of a row: four lines in UTF-8, the body last as the only one that may hold line ends.
 *
 *     previous hash
 *     seq, wall time in ms and settled (0 or 1), with one space between
 *     kind and attempt as a JSON array
 *     body
 */
export function hashOf(
  hasher: Hasher,
  previousHash: string,
  seq: number,
  entry: JournalEntry,
): string {
  const { wallMs, kind, attempt, settled, body } = entry;
  return hasher(
    `${previousHash}\n${seq} ${wallMs} ${settled ? 1 : 0}\n${JSON.stringify([kind, attempt])}\n${body}`,
  );
}

/** Whether a row's own hash fits its fields. */
export function isAsWritten(row: JournalRow, { firstKeyedSeq, key }: Chain): boolean {
  const hasher = row.seq < firstKeyedSeq ? unkeyed : keyedBy(key);
  return hashOf(hasher, row.previousHash, row.seq, row) === row.hash;
}

/** What is wrong with a row that stands after the one with `previousHash`, or null. */
export function flawOf(row: JournalRow, previousHash: string, chain: Chain): string | null {
  const asWritten = isAsWritten(row, chain);
  const follows = row.previousHash === previousHash;
  if (asWritten && follows) return isJson(row.body) ? null : 'its body is not JSON';
  if (asWritten) return 'it does not follow the row before it: rows were taken out or rewritten';
  if (follows) return 'its hash does not fit its fields: one of them has been changed';
  return 'its hash fits neither its fields nor the row before it: it has been replaced';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
