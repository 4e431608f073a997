import { writeSync } from 'node:fs';
import { openJournal } from '../../db/sqlite-journal.ts';

// A kiosk that does nothing but journal: it says each row's seq once append has returned, until it is killed.
const journal = openJournal(process.argv[2] ?? '');
for (let seq = journal.newest(1)[0]?.seq ?? 0; ; seq += 2) {
  const attempt = `A-${seq}`;
  const body = JSON.stringify({ attempt, note: 'x'.repeat(600) });
  const step = { wallMs: seq, kind: 'credit-unknown', attempt, settled: false, body };
  journal.append([step, { ...step, kind: 'credit-done', settled: seq % 10 !== 0 }]);
  writeSync(1, `${seq + 2}\n`);
}
