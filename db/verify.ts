import Database from 'better-sqlite3';
import { type Chain, chainStart, flawOf } from './chain.ts';
import { Auditor } from './closings.ts';
import { headFlaw, readHead } from './head.ts';
import { schemaFlaw } from './migrations.ts';
import type { JournalFile } from './open.ts';
import type { JournalRow, VerifyAnswer } from './port.ts';
import { columns, type StoredRow, toRow } from './stored-row.ts';

type OpenAttempt = {
  readonly attempt: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
};

/**
 * Read the whole journal once, in one snapshot and constant memory. Row 0 stands for the file itself: a guard against
 * change that is gone, or damage that touches no row.
 */
export function verifyFile({ db, migrations, chain, headFile }: JournalFile): VerifyAnswer {
  const keyed = chain();
  // Before the snapshot: a row that is written meanwhile must not seem to be missing.
  const head = headFile === null ? null : readHead(headFile, keyed.key);
  return db.transaction((): VerifyAnswer => {
    const walk = walkRows(db, keyed, new Auditor(db, keyed.key));
    if (walk.kind === 'broken') return walk;
    if (keyed.firstKeyedSeq > Math.max(walk.rows, 1)) {
      return { kind: 'broken', row: walk.rows + 1, what: 'it is missing: no row is keyed' };
    }
    const end = headFile === null ? null : headFlaw(db, head, headFile);
    if (end !== null) return { kind: 'broken', ...end };
    const disagreement = openAttemptFlaw(db, walk.open);
    if (disagreement !== null) return disagreement;
    const lost = schemaFlaw(db, migrations);
    if (lost !== null) {
      return { kind: 'broken', row: 0, what: `the file's ${lost} is not as it was made` };
    }
    const pages = db.prepare<[], string>('PRAGMA integrity_check(1)').pluck().get();
    if (pages !== 'ok') return { kind: 'broken', row: 0, what: `the file is damaged: ${pages}` };
    return { kind: 'whole', rows: walk.rows };
  })();
}

/** The highest seq that any row was ever given: AUTOINCREMENT's own book. */
export function highestSeqGiven(db: Database.Database): number {
  const sql = "SELECT seq FROM sqlite_sequence WHERE name = 'step'";
  return db.prepare<[], number>(sql).pluck().get() ?? 0;
}

type Broken = Extract<VerifyAnswer, { kind: 'broken' }>;

type Walk =
  | Broken
  | { readonly kind: 'walked'; readonly rows: number; readonly open: Map<string, OpenAttempt> };

function walkRows(db: Database.Database, chain: Chain, auditor: Auditor): Walk {
  const open = new Map<string, OpenAttempt>();
  let rows = 0;
  let previousHash = chainStart;
  const broken = (what: string): Broken => ({ kind: 'broken', row: rows + 1, what });
  try {
    const all = db.prepare<[], StoredRow>(`SELECT ${columns} FROM step ORDER BY seq`);
    let flaw: string | null = null;
    let closing: Broken | null = null;
    for (const stored of all.iterate()) {
      const row = toRow(stored);
      flaw = row.seq === rows + 1 ? flawOf(row, previousHash, chain) : 'it is missing';
      if (flaw !== null) break;
      closing ??= auditor.note(row);
      note(open, row);
      rows = row.seq;
      previousHash = row.hash;
    }
    if (flaw !== null) return broken(whereItStands(db, previousHash, rows + 1) ?? flaw);
    const given = highestSeqGiven(db);
    if (given !== rows) return broken(`it is missing: ${given} rows were written`);
    // Only where the rows themselves are whole: otherwise they are what is to be named.
    closing ??= auditor.end(rows);
    if (closing !== null) return closing;
    return { kind: 'walked', rows, open };
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    return broken(`it cannot be read: ${error.message}`);
  }
}

/** A row that was moved still names the row that it was written after. */
function whereItStands(db: Database.Database, previousHash: string, seq: number): string | null {
  const sql = 'SELECT seq FROM step WHERE previous_hash = ? AND seq <> ?';
  const found = db.prepare<[string, number], number>(sql).pluck().get(previousHash, seq);
  return found === undefined ? null : `rows were reordered: it now stands as row ${found}`;
}

/** What the triggers do in SQL, done again. */
function note(open: Map<string, OpenAttempt>, row: JournalRow): void {
  if (row.settled) {
    open.delete(row.attempt);
    return;
  }
  const firstSeq = open.get(row.attempt)?.firstSeq ?? row.seq;
  open.set(row.attempt, { attempt: row.attempt, firstSeq, lastSeq: row.seq });
}

/** The first row whose attempt is not in the list of open attempts as it should be. */
function openAttemptFlaw(db: Database.Database, open: Map<string, OpenAttempt>): Broken | null {
  const sql =
    'SELECT attempt, first_seq AS firstSeq, last_seq AS lastSeq FROM open_attempt ORDER BY last_seq';
  for (const listed of db.prepare<[], OpenAttempt>(sql).iterate()) {
    const walked = open.get(listed.attempt);
    if (walked?.firstSeq !== listed.firstSeq || walked.lastSeq !== listed.lastSeq) {
      const what = 'the list of open attempts holds an attempt that does not agree with it';
      return { kind: 'broken', row: listed.lastSeq, what };
    }
    open.delete(listed.attempt);
  }
  for (const { lastSeq } of open.values()) {
    const what = 'its attempt is open, but the list of open attempts has lost it';
    return { kind: 'broken', row: lastSeq, what };
  }
  return null;
}
