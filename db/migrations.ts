import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { restore } from './fault-of.ts';
import { JournalFault } from './port.ts';

/** Stands in the file's header and tells a journal from any other SQLite file: "ADDV". */
const applicationId = 0x41444456;

export type Migration = { readonly name: string; readonly sql: string };

/** NNNN-deed.sql, numbered from 0001 without gaps; `user_version` is the number of the last one that was done. */
export function readMigrations(
  folder: URL = new URL('./migrations/', import.meta.url),
): readonly Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  names.forEach((name, index) => {
    if (Number(/^(\d{4})-[a-z-]+\.sql$/.exec(name)?.[1]) !== index + 1) {
      throw new Error(`${fileURLToPath(folder)}${name} is not migration ${index + 1}`);
    }
  });
  if (names.length === 0) throw new Error(`no migrations in ${fileURLToPath(folder)}`);
  return names.map((name) => ({ name, sql: readFileSync(new URL(name, folder), 'utf8') }));
}

/** How many migrations a file has seen; 0 for one without anything in it. Throws JournalFault as `checkVersion` does. */
export function migrationsDone(
  db: Database.Database,
  file: string,
  migrations: readonly Migration[],
): number {
  const fresh = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
  return fresh && pragma(db, 'user_version') === 0 ? 0 : versionOf(db, file, migrations);
}

/** Bring a journal that has seen `done` migrations up to the last one: all of them, or none. */
export function migrate(
  db: Database.Database,
  migrations: readonly Migration[],
  done: number,
  andThen: () => void = () => {},
): void {
  db.transaction(() => {
    migrations.slice(done).forEach((migration, index) => {
      db.exec(migration.sql);
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${done + index + 1}`);
    });
    andThen();
  })();
}

/** Refuse a journal that is not at the last migration, for those who only read. Throws JournalFault. */
export function checkVersion(
  db: Database.Database,
  file: string,
  migrations: readonly Migration[],
): void {
  const version = versionOf(db, file, migrations);
  if (version < migrations.length) {
    throw new JournalFault(
      'read-only',
      `The journal ${file} is of an older AddValue (version ${version}, this one reads ` +
        `${migrations.length}). Start the kiosk on it once: that brings it up to date.`,
    );
  }
}

function versionOf(db: Database.Database, file: string, migrations: readonly Migration[]): number {
  const version = pragma(db, 'user_version');
  if (pragma(db, 'application_id') !== applicationId || version < 1) {
    throw new JournalFault(
      'corrupt',
      `${file} is not an AddValue journal, or its header is damaged. Look at the path in the ` +
        `configuration. If it is the right one: ${restore}`,
    );
  }
  if (version > migrations.length) {
    throw new JournalFault(
      'read-only',
      `The journal ${file} was written by a newer AddValue (version ${version}, this one knows ` +
        `${migrations.length}). Install the newer one again; an older one must not write it.`,
    );
  }
  return version;
}

/** What in the file's schema is not as the migrations make it ("trigger step_is_never_deleted"), or null. */
export function schemaFlaw(db: Database.Database, migrations: readonly Migration[]): string | null {
  const pattern = new Database(':memory:');
  try {
    migrate(pattern, migrations, 0);
    const wanted = schemaOf(pattern);
    const found = schemaOf(db);
    const names = new Set([...wanted.keys(), ...found.keys()]);
    return [...names].find((name) => wanted.get(name) !== found.get(name)) ?? null;
  } finally {
    pattern.close();
  }
}

function schemaOf(db: Database.Database): Map<string, string> {
  const rows = db
    .prepare<[], { name: string; sql: string | null }>(
      "SELECT type || ' ' || name AS name, sql FROM sqlite_schema",
    )
    .all();
  return new Map(rows.map((row) => [row.name, row.sql ?? '']));
}

function pragma(db: Database.Database, name: 'user_version' | 'application_id'): number {
  return Number(db.pragma(name, { simple: true }));
}
