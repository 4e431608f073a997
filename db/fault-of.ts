import Database from 'better-sqlite3';
import { JournalFault } from './port.ts';

type SqliteFailure = InstanceType<typeof Database.SqliteError>;

/** Do something with a journal's file; what SQLite throws leaves as a JournalFault that names the file and the remedy. */
export function guarded<T>(file: string, deed: () => T): T {
  try {
    return deed();
  } catch (error) {
    throw faultOf(error, file);
  }
}

/** The JournalFault for an SQLite error. Anything else, a caller's mistake among them, stays what it is. */
function faultOf(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const said = `(SQLite: ${error.message}, ${error.code})`;
  const fault = (kind: JournalFault['kind'], text: string) =>
    new JournalFault(kind, `${text} ${said}`, { cause: error });

  const diskFull = () =>
    fault(
      'disk-full',
      `The journal ${file} cannot grow: the disk is full. Free some space on its disk.`,
    );

  switch (primary(error.code)) {
    case 'SQLITE_FULL':
      return diskFull();
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
    case 'SQLITE_CANTOPEN':
      return fault(
        'read-only',
        `The journal ${file} cannot be opened or written. ` +
          'Look whether its folder exists and whether this user may write both the folder and the file.',
      );
    case 'SQLITE_IOERR':
      // The -shm file cannot be made larger: that is how a full disk shows when a journal is opened on it.
      if (error.code === 'SQLITE_IOERR_SHMSIZE') return diskFull();
      return /_(READ|SHORT_READ|CORRUPTFS|DATA)$/.test(error.code)
        ? fault('corrupt', `The journal ${file} cannot be read: the disk fails. ${restore}`)
        : fault('read-only', `The journal ${file} cannot be written: the disk fails. Replace it.`);
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return fault(
        'busy',
        `The journal ${file} is in use by another program. Stop that one first.`,
      );
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
    case 'SQLITE_FORMAT':
    case 'SQLITE_SCHEMA':
    // Every statement in this folder is fixed, so one that no longer fits means that the file has another shape.
    case 'SQLITE_ERROR':
      return fault('corrupt', `The journal ${file} is damaged. ${restore}`);
    default:
      return constraintFault(error, file) ?? error;
  }
}

/** The JournalFault for what the system said when a file beside the journal was opened or written. Anything else stays what it is. */
export function fileFault(error: unknown, file: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  const fault = (kind: JournalFault['kind'], text: string) =>
    new JournalFault(kind, `${text} (${String(error.code)})`, { cause: error });
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return fault('disk-full', `${file} cannot be written: the disk is full. Free some space.`);
    case 'EEXIST':
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
    case 'EIO':
      return fault(
        'read-only',
        `${file} cannot be read or written. Look whether its folder exists, whether this user may ` +
          'write there, and whether the disk is whole.',
      );
    default:
      return error;
  }
}

/** Constraints on the fields guard against our own mistakes; all others hold unless the file is not what it was. */
function constraintFault(error: SqliteFailure, file: string): JournalFault | null {
  if (!error.code.startsWith('SQLITE_CONSTRAINT')) return null;
  if (/_(CHECK|NOTNULL|DATATYPE)$/.test(error.code)) return null;
  const text = `The journal ${file} is damaged or was written by another program. ${restore}`;
  return new JournalFault('corrupt', `${text} (SQLite: ${error.message}, ${error.code})`, {
    cause: error,
  });
}

/** The remedy for a damaged file: nothing in it is thrown away. */
export const restore =
  'Move it and its -wal file aside as evidence, run "journal verify" on a copy, and start with the last good copy.';

/** "SQLITE_IOERR_WRITE" → "SQLITE_IOERR". */
function primary(code: string): string {
  return code.split('_', 2).join('_');
}
