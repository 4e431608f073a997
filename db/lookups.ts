import type { JournalRow } from './port.ts';
import { columns } from './stored-row.ts';

/** The last row of the attempt with this reference. */
export const attemptSql = `
  SELECT ${columns} FROM step WHERE attempt = ? ORDER BY seq DESC LIMIT 1`;

/**
 * The last row of each of the newest attempts with this card number; the second parameter is how many. The rows of the card are
 * walked from its newest one, so that only a few are met however often it was there. Migration 0004 has the same expression:
 * SQLite uses the index for no other.
 */
export const attemptsOfCardSql = `
  SELECT ${columns} FROM step JOIN (
    SELECT seq AS first, (SELECT max(seq) FROM step WHERE attempt = began.attempt) AS last
    FROM step AS began
    WHERE CASE WHEN json_valid(body) THEN body ->> '$.cardNumber' END = ?
      AND NOT EXISTS (SELECT 1 FROM step WHERE attempt = began.attempt AND seq < began.seq)
    ORDER BY seq DESC LIMIT ?
  ) ON seq = last ORDER BY first DESC`;

/** An index is in no hash, so it can lie. Only for a row whose hash fits: its body is JSON. */
export function isOfCard({ body }: JournalRow, cardNumber: string): boolean {
  const record: unknown = JSON.parse(body);
  return (
    typeof record === 'object' &&
    record !== null &&
    'cardNumber' in record &&
    record.cardNumber === cardNumber
  );
}
