import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { JournalFault, type JournalRow } from './port.ts';
import { type JournalReader, openJournalToRead } from './sqlite-journal.ts';

const usage = `Look at a journal, also while the kiosk writes it:
  npm run journal -- verify FILE [--json]   is every row as it was written?
  npm run journal -- list FILE [--json]     every row, oldest first; --json: one object a line, with its body
Exit codes: 0 whole, 1 broken, 2 wrong usage or the file cannot be opened.
`;

const exitCodes = { whole: 0, broken: 1, unusable: 2 } as const;

/** The command line `journal`. Answers the exit code. */
export async function runJournalCli(
  args: readonly string[],
  out: Writable,
  err: Writable,
): Promise<number> {
  const order = parse(args);
  if (order === null) {
    err.write(usage);
    return exitCodes.unusable;
  }
  const { deed, file, json } = order;
  let journal: JournalReader;
  try {
    journal = openJournalToRead(file);
  } catch (error) {
    return report(error, err, exitCodes.unusable);
  }
  try {
    if (deed === 'verify') return verify(journal, file, json, out, err);
    await list(journal, json, out);
    return exitCodes.whole;
  } catch (error) {
    return report(error, err, exitCodes.broken);
  } finally {
    journal.close();
  }
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    const [deed, file, ...more] = positionals;
    if ((deed !== 'verify' && deed !== 'list') || file === undefined || more.length > 0)
      return null;
    return { deed, file, json: values.json } as const;
  } catch {
    return null;
  }
}

function verify(
  journal: JournalReader,
  file: string,
  json: boolean,
  out: Writable,
  err: Writable,
): number {
  const answer = journal.verify();
  if (json) out.write(`${JSON.stringify({ file, ...answer })}\n`);
  if (answer.kind === 'whole') {
    if (!json) out.write(`${file} is whole: ${answer.rows} rows, each as it was written.\n`);
    return exitCodes.whole;
  }
  if (!json) {
    const where = answer.row === 0 ? 'The file itself' : `Row ${answer.row}`;
    err.write(
      `${file} is broken. ${where}: ${answer.what}.\n` +
        'Stop the kiosk, keep the file and its -wal file as evidence, and settle the attempts ' +
        'from that row on with the terminal and the card issuer before it is replaced.\n',
    );
  }
  return exitCodes.broken;
}

async function list(journal: JournalReader, json: boolean, out: Writable): Promise<void> {
  const chunk = 500;
  let after = 0;
  if (!json) out.write(line('row', 'time (UTC)', 'attempt', 'what happened', 'afterwards'));
  for (;;) {
    const rows = journal.rows(after, chunk);
    const text = rows.map((row) => (json ? `${JSON.stringify(row)}\n` : lineOf(row))).join('');
    if (!out.write(text)) await once(out, 'drain');
    after = rows.at(-1)?.seq ?? after;
    if (rows.length < chunk) return;
  }
}

function lineOf(row: JournalRow): string {
  const words = row.kind.replaceAll('-', ' ');
  return line(
    String(row.seq),
    time(row.wallMs),
    row.attempt,
    words,
    row.settled ? 'settled' : 'open',
  );
}

function line(row: string, at: string, attempt: string, kind: string, state: string): string {
  return `${row.padStart(8)}  ${at.padEnd(23)}  ${attempt.padEnd(24)}  ${kind.padEnd(28)}  ${state}\n`;
}

/** A damaged row may hold a time that no calendar has. */
function time(wallMs: number): string {
  const date = new Date(wallMs);
  return Number.isNaN(date.getTime())
    ? String(wallMs)
    : date.toISOString().replace('T', ' ').replace('Z', '');
}

function report(error: unknown, err: Writable, exitCode: number): number {
  if (!(error instanceof JournalFault)) throw error;
  err.write(`${error.message}\n`);
  return exitCode;
}

if (import.meta.main) {
  // "journal list FILE | head" closes the pipe early: that is no failure.
  process.stdout.on('error', () => process.exit(exitCodes.whole));
  process.exitCode = await runJournalCli(process.argv.slice(2), process.stdout, process.stderr);
}
