import type { JournalEntry, JournalRow } from './port.ts';

/** A row as SQLite gives it. */
export type StoredRow = Omit<JournalRow, 'settled'> & { readonly settled: number };

/** The columns of `step`, by the names that the port gives them. */
export const columns =
  'seq, wall_ms AS wallMs, kind, step.attempt, settled, body, previous_hash AS previousHash, hash';

export const insertRow = 'INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

/** What `insertRow` asks for. */
export function rowValues(
  seq: number,
  entry: JournalEntry,
  previousHash: string,
  hash: string,
): readonly (string | number)[] {
  const { wallMs, kind, attempt, settled, body } = entry;
  return [seq, wallMs, kind, attempt, settled ? 1 : 0, body, previousHash, hash];
}

export function toRow(row: StoredRow): JournalRow {
  return { ...row, settled: row.settled === 1 };
}
