import type { JournalRow } from './port.ts';

/** A row as SQLite gives it. */
export type StoredRow = Omit<JournalRow, 'settled'> & { readonly settled: number };

/** The columns of `step`, by the names that the port gives them. */
export const columns =
  'seq, wall_ms AS wallMs, kind, step.attempt, settled, body, previous_hash AS previousHash, hash';

export function toRow(row: StoredRow): JournalRow {
  return { ...row, settled: row.settled === 1 };
}
