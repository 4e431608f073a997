import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileFault } from './fault-of.ts';
import { type JournalKey, keyFrom, newKey } from './key.ts';
import { placeFile } from './place-file.ts';
import { JournalFault } from './port.ts';

/** Where a journal's key is unless another place is configured. */
export function usualKeyFile(file: string): string {
  return `${file}.key`;
}

/** The key in this file. Throws JournalFault, `not-ready` where it is missing, open to others or no key. */
export function readKey(keyFile: string): JournalKey {
  const found = stat(keyFile);
  if (found === undefined) {
    throw notReady(`The key ${keyFile} of the journal is missing. ${putBack}`);
  }
  if (!found.isFile()) {
    throw notReady(`${keyFile} is to be the key of the journal, but is not a file. ${putBack}`);
  }
  if (isOpenToOthers(keyFile, found.mode)) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, '0');
    throw notReady(
      `The key ${keyFile} of the journal is open to others (mode ${mode}). Type: chmod 600 ${keyFile}`,
    );
  }
  const key = keyFrom(read(keyFile));
  if (key === null) {
    throw notReady(`${keyFile} is no key of a journal: it was cut off or changed. ${putBack}`);
  }
  return key;
}

/** The key in this file, which is made where there is none. For a journal that has no keyed row yet. Throws JournalFault. */
export function readOrMakeKey(keyFile: string): JournalKey {
  if (existsSync(keyFile)) return readKey(keyFile);
  const made = newKey();
  if (!existsSync(dirname(keyFile))) {
    throw notReady(
      `The key ${keyFile} of the journal cannot be made: its folder does not exist. Make it, or ` +
        'correct "journalKey" in the configuration.',
    );
  }
  placeFile(keyFile, made.text, 0o600);
  return made;
}

/** The remedy for a key that is not there; a new one could not vouch for what the old one wrote. */
export const putBack =
  'Put back the copy of it that was kept, or correct "journalKey" in the configuration. If it is ' +
  'lost for good, see "A lost key" in docs/journal.md: a new key is only for a new journal.';

function notReady(message: string): JournalFault {
  return new JournalFault('not-ready', message);
}

/**
 * What systemd hands over (LoadCredential=) lies in a folder that only the unit may enter, and shows the group's bits for
 * the sake of an access list: systemd issue 29435.
 */
function isOpenToOthers(keyFile: string, mode: number): boolean {
  const { CREDENTIALS_DIRECTORY: handedOver } = process.env;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return false;
  if (handedOver === undefined || !existsSync(handedOver)) return true;
  return dirname(realpathSync(keyFile)) !== realpathSync(handedOver) || (mode & 0o007) !== 0;
}

function stat(keyFile: string) {
  try {
    return statSync(keyFile, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(keyFile, error);
  }
}

function read(keyFile: string): string {
  try {
    return readFileSync(keyFile, 'utf8');
  } catch (error) {
    throw unreadable(keyFile, error);
  }
}

function unreadable(keyFile: string, error: unknown): unknown {
  const fault = fileFault(error, keyFile);
  if (!(fault instanceof JournalFault)) return fault;
  return new JournalFault(
    'not-ready',
    `The key ${keyFile} of the journal cannot be read by this user. It belongs to the station's user alone.`,
    { cause: error },
  );
}
