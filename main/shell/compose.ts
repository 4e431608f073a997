import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { freeBytesAround } from '../../db/free-space.ts';
import { JournalFault } from '../../db/port.ts';
import { type BookkeepingJournal, openJournal } from '../../db/sqlite-journal.ts';
import type { Clock } from '../contract/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Ports } from '../runtime/ports.ts';
import { type Station, startStation } from '../runtime/station.ts';
import type { Terms } from '../session/session.ts';
import { closingSlip } from './closing-slip.ts';

export type Composition = {
  readonly terms: Terms;
  readonly ports: Ports;
  /** Path of the journal file; its folder is made when it is missing. */
  readonly journalFile: string;
  /** Path of the journal's key. Default: beside the journal. */
  readonly journalKey?: string | undefined;
  /** Whether each day's closing is printed. Default: false. */
  readonly printClosings?: boolean;
  readonly clock: Clock;
  readonly log: Log;
};

/** sysexits.h: an internal software error was detected. Tells a supervisor to start the station again. */
const softwareError = 70;

/** Put a station together from its parts: real chance, a journal on disk, and whatever ports there are. */
export function composeStation(composition: Composition): Station {
  const { terms, ports, journalFile, journalKey, clock, log, printClosings = false } = composition;
  let journal: BookkeepingJournal | null = null;
  return startStation({
    terms,
    ports,
    openJournal() {
      journal = openJournalIn(journalFile, journalKey);
      return journal;
    },
    closeBooks(wallMs) {
      const signed = journal?.closeBooks(wallMs, 'when-due') ?? null;
      if (signed === null) return null;
      log.info({}, 'the books of the day are closed');
      return printClosings ? closingSlip(signed, terms, journalFile) : null;
    },
    freeBytes: () => freeBytesAround(journalFile),
    clock,
    chance: () => randomBytes(5).toString('hex'),
    log,
    onFatal(error) {
      // A program that is wrong about money must not go on. The next start recovers from the journal.
      log.fatal(
        { error: error instanceof Error ? error.stack : String(error) },
        'assertion failed',
      );
      process.exit(softwareError);
    },
  });
}

/** What keeps a journal from being opened now; null when nothing does. */
export function journalFault(file: string, keyFile?: string): JournalFault | null {
  try {
    openJournalIn(file, keyFile).close();
    return null;
  } catch (error) {
    if (error instanceof JournalFault) return error;
    throw error;
  }
}

function openJournalIn(file: string, keyFile: string | undefined): BookkeepingJournal {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new JournalFault('read-only', `the journal's folder ${folder} cannot be made`, {
      cause: error,
    });
  }
  return openJournal(file, keyFile === undefined ? {} : { keyFile });
}
