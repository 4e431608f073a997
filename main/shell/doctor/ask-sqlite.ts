import { openJournal, openJournalToRead } from '../../../db/sqlite-journal.ts';

/*
 * A process of its own, because a native part that does not fit ends the process that loads it. Without an argument it tries
 * a journal in memory; with a journal's file it writes when its newest row was written, milliseconds since 1970, or nothing
 * where there is none.
 */

const [, , file] = process.argv;
if (file === undefined) {
  const journal = openJournal(':memory:');
  const entry = { wallMs: 0, kind: 'tried', attempt: 'none', settled: true, body: '{}' };
  journal.append([entry]);
  const { kind } = journal.verify();
  journal.close();
  if (kind !== 'whole') throw new Error('what was written was not read again');
  process.stdout.write('Loads, writes and reads');
} else {
  const journal = openJournalToRead(file);
  const [newest] = journal.newest(1);
  journal.close();
  if (newest !== undefined) process.stdout.write(String(newest.wallMs));
}
