import { join } from 'node:path';
import Database from 'better-sqlite3';
import { chainStart } from '../../db/chain.ts';
import type { JournalEntry } from '../../db/port.ts';
import { openJournal } from '../../db/sqlite-journal.ts';
import { type Figure, figureWithin } from './figure.ts';
import { inTurn, type Rounds, timed } from './rounds.ts';
import { steps } from './top-up-entries.ts';

/*
 * What a step in the journal costs over a row of the same width in a plain table that promises the same of the disk: ours
 * are the chain of hashes, the checks, the list of open attempts, and the indexes by attempt and by card.
 */

const limit = 1.5;
const rounds = 1_200;

/** `folder`: for the files, on the disk. */
export async function measureJournal(folder: string): Promise<readonly Figure[]> {
  const journal = openJournal(join(folder, 'journal.sqlite'));
  const bare = openBare(join(folder, 'bare.sqlite'));
  const ours = steps();
  const same = steps();
  try {
    const compare = (): Promise<Rounds> =>
      inTurn(rounds, {
        ours() {
          const entry = ours.next().value;
          return timed(() => journal.append([entry]));
        },
        bare() {
          const entry = same.next().value;
          return timed(() => bare.insert(entry));
        },
      });
    return [await figureWithin(limit, 'journal step', compare)];
  } finally {
    journal.close();
    bare.close();
  }
}

/** The columns of the journal's rows, and nothing that looks after them. */
function openBare(file: string) {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'CREATE TABLE step (seq INTEGER PRIMARY KEY, wall_ms INTEGER, kind TEXT, attempt TEXT, ' +
      'settled INTEGER, body TEXT, previous_hash TEXT, hash TEXT)',
  );
  const statement = db.prepare('INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  let seq = 0;
  return {
    insert({ wallMs, kind, attempt, settled, body }: JournalEntry): void {
      seq += 1;
      statement.run(seq, wallMs, kind, attempt, settled ? 1 : 0, body, chainStart, chainStart);
    },
    close: () => db.close(),
  };
}
