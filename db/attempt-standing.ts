import type { JournalReader } from './sqlite-journal.ts';

/** How the attempt of a claim stands in a journal. */
export type Standing =
  | { readonly kind: 'not-there' }
  | {
      readonly kind: 'open' | 'settled';
      /** Of its newest row. */
      readonly row: number;
      /** Milliseconds since 1970 UTC, of its newest row. */
      readonly wallMs: number;
      /** As its record names them (main/session/attempt.ts); '?' where it does not. */
      readonly money: string;
      readonly card: string;
      /** The text of the claim that the record holds. Null: none. */
      readonly claim: string | null;
    };

/** Throws JournalFault, also where a row is not as it was written. */
export function standingOf(journal: JournalReader, reference: string): Standing {
  const row = journal.attempt(reference);
  if (row === null) return { kind: 'not-there' };
  const { seq, wallMs, settled, body } = row;
  const { money = '?', card = '?', claim = null } = textsIn(body);
  return { kind: settled ? 'settled' : 'open', row: seq, wallMs, money, card, claim };
}

/** An attempt that is not settled, and its claim; null where it has none. */
export type OpenClaim = { readonly reference: string; readonly claim: string | null };

/** Oldest attempt first. Throws JournalFault. */
export function openClaims(journal: JournalReader): readonly OpenClaim[] {
  return journal.unsettled().map(({ attempt, body }) => {
    return { reference: attempt, claim: textsIn(body).claim ?? null };
  });
}

/** Those fields of a record that are texts. */
function textsIn(body: string): Record<string, string> {
  const record: unknown = JSON.parse(body);
  if (typeof record !== 'object' || record === null) return {};
  const fields = Object.entries(record);
  return Object.fromEntries(fields.filter(([, value]) => typeof value === 'string'));
}
