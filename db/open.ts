import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'better-sqlite3';
import type { Chain } from './chain.ts';
import { fileFault, guarded, restore } from './fault-of.ts';
import { headFileOf } from './head.ts';
import { type JournalKey, newKey } from './key.ts';
import { readKey, usualKeyFile } from './key-file.ts';
import {
  acceptMissingEnd,
  beginKeyedRows,
  chainOf,
  emptied,
  keyToWrite,
  prepareNew,
} from './keyed-chain.ts';
import {
  checkVersion,
  type Migration,
  migrate,
  migrationsDone,
  readMigrations,
  schemaFlaw,
} from './migrations.ts';
import { JournalFault } from './port.ts';

const inMemory = ':memory:';

/** How long a reader's short locks (when it opens or ends) may hold up the writer. */
const patienceMs = 2_000;

/**
 * A journal is written at its end and read at a start. better-sqlite3 would fill 16 MiB with pages that nobody asks for
 * again.
 */
const cacheKib = 1_024;

/** Bytes; SQLite's file format, 1.2. */
const smallestPage = 512;

export type OpenOptions = {
  /** Where its key is. Default: beside the journal, `FILE.key`. A journal in memory has one of its own. */
  readonly keyFile?: string;
  /** The most pages (4 KiB) that the journal may have; then it is disk-full. Default: as many as the disk takes. */
  readonly maxPages?: number;
  /** Where the migrations are, for a packaged program. Default: beside this module. */
  readonly migrationsFolder?: URL;
};

/** A journal's file, opened. `close` also lets go of the writer's lock. */
export type JournalFile = {
  readonly file: string;
  readonly migrations: readonly Migration[];
  readonly db: Database.Database;
  /** What its rows are hashed with. Throws JournalFault: whoever only lists rows needs no key. */
  chain(): Chain;
  /** Null in memory. */
  readonly headFile: string | null;
  close(): void;
};

/**
 * Open for the one writer; made if it is missing. The lock is a second SQLite file beside it with an exclusive
 * transaction that is never ended: the system lets go of it however the process dies, and readers never meet it.
 */
export function openToWrite(file: string, options: OpenOptions): JournalFile {
  return openWith(file, options, (db, done) => {
    if (file === inMemory) return newKey();
    return keyToWrite(db, file, keyFileOf(file, options), done);
  });
}

/**
 * Say in a journal whose end is missing that it is, so that it can be written again. Answers what was missing, or null where
 * nothing was. Throws JournalFault.
 */
export function acceptLoss(file: string, options: OpenOptions, wallMs: number): string | null {
  openToRead(file, options).close();
  let lost: string | null = null;
  const key = readKey(keyFileOf(file, options));
  const opened = openWith(file, options, (db) => {
    lost = acceptMissingEnd(db, file, key, wallMs);
    return key;
  });
  opened.close();
  return lost;
}

function openWith(
  file: string,
  options: OpenOptions,
  match: (db: Database.Database, done: number) => JournalKey,
): JournalFile {
  checkPlace(file);
  const migrations = readMigrations(options.migrationsFolder);
  const lock = file === inMemory ? null : takeWriterLock(file);
  try {
    if (lock !== null && !hasContent(file)) prepareNew(file, keyFileOf(file, options));
    if (lock !== null) checkWritable(file);
    return guarded(file, () => {
      const db = new Database(file, { timeout: patienceMs });
      try {
        setUp(db);
        const done = migrationsDone(db, file, migrations);
        const key = match(db, done);
        // The journal is on disk before what it announces leaves the process: product.md §3.
        if (file !== inMemory) db.pragma('journal_mode = WAL');
        db.pragma('synchronous = FULL');
        if (options.maxPages !== undefined) db.pragma(`max_page_count = ${options.maxPages}`);
        migrate(db, migrations, done, () => beginKeyedRows(db, key, done));
        const flaw = schemaFlaw(db, migrations);
        if (flaw !== null) {
          throw new JournalFault('corrupt', `The journal ${file} lost its ${flaw}. ${restore}`);
        }
        const chain = chainOf(db, file, key);
        const headFile = file === inMemory ? null : headFileOf(file);
        const close = () => {
          db.close();
          lock?.close();
        };
        return { file, migrations, db, chain: () => chain, headFile, close };
      } catch (error) {
        db.close();
        throw error;
      }
    });
  } catch (error) {
    lock?.close();
    throw error;
  }
}

/** Open to read only, also while the kiosk writes. Damaged guards are left for `verify` to name. */
export function openToRead(file: string, options: OpenOptions): JournalFile {
  checkPlace(file);
  if (existsSync(file) && !hasContent(file)) throw emptied(file);
  const migrations = readMigrations(options.migrationsFolder);
  return guarded(file, () => {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: patienceMs });
    try {
      setUp(db);
      checkVersion(db, file, migrations);
    } catch (error) {
      db.close();
      throw error;
    }
    let chain: Chain | null = null;
    return {
      file,
      migrations,
      db,
      chain() {
        chain ??= chainOf(db, file, readKey(keyFileOf(file, options)));
        return chain;
      },
      headFile: headFileOf(file),
      close: () => db.close(),
    };
  });
}

function keyFileOf(file: string, { keyFile }: OpenOptions): string {
  return keyFile ?? usualKeyFile(file);
}

function setUp(db: Database.Database): void {
  db.pragma('foreign_keys = ON');
  db.pragma('cell_size_check = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma(`cache_size = -${cacheKib}`);
}

/** SQLite takes any file that is shorter than its smallest page for a new one. */
function hasContent(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= smallestPage;
}

function checkPlace(file: string): void {
  if (file === inMemory) return;
  const folder = dirname(resolve(file));
  if (!existsSync(folder)) {
    throw new JournalFault(
      'read-only',
      `The journal ${file} cannot be opened: the folder ${folder} does not exist. Make it, or ` +
        'correct the path in the configuration.',
    );
  }
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) {
    throw new JournalFault(
      'read-only',
      `The journal ${file} cannot be opened: it is not a file. Correct the path in the configuration.`,
    );
  }
}

/**
 * SQLite opens a file that may only be read as one, fails at the first row, and leaves companions that may only be read
 * beside it, also once the file may be written again.
 */
function checkWritable(file: string): void {
  try {
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw fileFault(error, file);
  }
}

function takeWriterLock(file: string): Database.Database {
  const lockFile = `${file}-writer`;
  return guarded(file, () => {
    const lock = new Database(lockFile, { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return lock;
    } catch (error) {
      lock.close();
      if (!(error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))) {
        throw error;
      }
      throw new JournalFault(
        'busy',
        `The journal ${file} is being written by another AddValue process, which holds ` +
          `${lockFile}. Stop that process; there is nothing to delete.`,
        { cause: error },
      );
    }
  });
}
