import { hash } from 'node:crypto';
import type { JournalEntry, JournalRow } from './port.ts';

/** What the first row follows. */
export const chainStart = '0'.repeat(64);

/**
 * The hash of a row, hex: SHA-256 over four lines in UTF-8, the body last as the only one that may hold line ends.
 *
 *     previous hash
 *     seq, wall time in ms and settled (0 or 1), with one space between
 *     kind and attempt as a JSON array
 *     body
 */
export function hashOf(previousHash: string, seq: number, entry: JournalEntry): string {
  const { wallMs, kind, attempt, settled, body } = entry;
  const text = `${previousHash}\n${seq} ${wallMs} ${settled ? 1 : 0}\n${JSON.stringify([kind, attempt])}\n${body}`;
  return hash('sha256', text, 'hex');
}

/** Whether a row's own hash fits its fields. */
export function isAsWritten(row: JournalRow): boolean {
  return hashOf(row.previousHash, row.seq, row) === row.hash;
}

/** What is wrong with a row that stands after the one with `previousHash`, or null. */
export function flawOf(row: JournalRow, previousHash: string): string | null {
  const asWritten = isAsWritten(row);
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
