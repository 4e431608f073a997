import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { backUp } from './backup.ts';
import { headFileOf, readHead } from './head.ts';
import { readKey, usualKeyFile } from './key-file.ts';
import { acceptLoss } from './open.ts';
import { JournalFault, type JournalRow, type VerifyAnswer } from './port.ts';
import { type JournalReader, openJournalToRead } from './sqlite-journal.ts';

const usage = `Look at a journal, also while the kiosk writes it:
  npm run journal -- verify FILE [--json]   is every row as it was written?
  npm run journal -- list FILE [--json]     every row, oldest first; --json: one object a line, with its body
  npm run journal -- backup FILE TO         a copy that is checked before it has its name
  npm run journal -- public-key FILE        the key that its signatures are checked with
While the kiosk is stopped:
  npm run journal -- accept-loss FILE       rows at its end are missing, and will not come back: go on without them
Each of them with --key KEYFILE where the key is not FILE.key.
Exit codes: 0 whole or done, 1 broken, 2 wrong usage, or the file or its key cannot be opened.
`;

const exitCodes = { whole: 0, broken: 1, unusable: 2 } as const;

type Order = {
  readonly file: string;
  /** Where a copy goes. */
  readonly to: string;
  readonly keyFile: string;
  readonly json: boolean;
  readonly out: Writable;
  readonly err: Writable;
};

type Deed = (order: Order) => number | Promise<number>;

const deeds = new Map<string | undefined, Deed>([
  ['verify', verify],
  ['backup', copyTo],
  ['list', list],
  ['public-key', showPublicKey],
  ['accept-loss', acceptMissingRows],
]);

/** The command line `journal`. Answers the exit code. */
export async function runJournalCli(
  args: readonly string[],
  out: Writable,
  err: Writable,
): Promise<number> {
  const parsed = parse(args);
  if (parsed === null) {
    err.write(usage);
    return exitCodes.unusable;
  }
  try {
    return await parsed.deed({ ...parsed, out, err });
  } catch (error) {
    if (!(error instanceof JournalFault)) throw error;
    err.write(`${error.message}\n`);
    return exitCodes.unusable;
  }
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false }, key: { type: 'string' } },
      allowPositionals: true,
    });
    const [name, file, to = '', ...more] = positionals;
    const deed = deeds.get(name);
    if (deed === undefined || file === undefined || more.length > 0) return null;
    if ((to === '') === (deed === copyTo)) return null;
    return { deed, file, to, keyFile: values.key ?? usualKeyFile(file), json: values.json };
  } catch {
    return null;
  }
}

function verify({ file, keyFile, json, out, err }: Order): number {
  const answer = verdict(file, keyFile);
  if (json) out.write(`${JSON.stringify({ file, ...answer })}\n`);
  if (answer.kind === 'whole') {
    if (!json) out.write(`${file} is whole: ${answer.rows} rows, each as it was written.\n`);
    return exitCodes.whole;
  }
  if (!json) err.write(brokenText(file, answer));
  return exitCodes.broken;
}

function brokenText(file: string, { row, what }: Extract<VerifyAnswer, { kind: 'broken' }>) {
  const where = row === 0 ? 'The file itself' : `Row ${row}`;
  return (
    `${file} is broken. ${where}: ${what}.\n` +
    'Stop the kiosk, keep the file and its companions as evidence, and settle the attempts ' +
    'from that row on with the terminal and the card issuer before it is replaced.\n'
  );
}

/** A file that is cut so short that SQLite opens nothing of it lacks all of its rows, if its head knows of any. */
function verdict(file: string, keyFile: string): VerifyAnswer {
  try {
    const journal = openJournalToRead(file, { keyFile });
    try {
      return journal.verify();
    } finally {
      journal.close();
    }
  } catch (error) {
    if (!(error instanceof JournalFault) || error.kind !== 'corrupt') throw error;
    const head = readHead(headFileOf(file), readKey(keyFile));
    if (head === null || head.seq === 0) throw error;
    const what = `it cannot be read, nor any of the ${head.seq} that were written: ${error.message}`;
    return { kind: 'broken', row: 1, what: what.replace(/\.$/, '') };
  }
}

async function list({ file, json, out, err }: Order): Promise<number> {
  const journal = openJournalToRead(file);
  try {
    await writeRows(journal, json, out);
    return exitCodes.whole;
  } catch (error) {
    if (!(error instanceof JournalFault)) throw error;
    err.write(`${error.message}\n`);
    return exitCodes.broken;
  } finally {
    journal.close();
  }
}

async function writeRows(journal: JournalReader, json: boolean, out: Writable): Promise<void> {
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

async function copyTo({ file, to, keyFile, json, out, err }: Order): Promise<number> {
  const answer = await backUp(file, keyFile, to);
  if (json) out.write(`${JSON.stringify({ file, to, ...answer })}\n`);
  if (answer.kind === 'broken') {
    if (!json) err.write(`No copy was made. ${brokenText(file, answer)}`);
    return exitCodes.broken;
  }
  const { rows, openAttempts } = answer;
  if (!json) {
    out.write(
      `${to} is a copy of ${file}: ${rows} rows, each as it was written, attempts open: ${openAttempts}.\n` +
        `Its end is remembered in ${headFileOf(to)}. Look at it with: ` +
        `npm run journal -- verify ${to} --key ${keyFile}\n`,
    );
  }
  return exitCodes.whole;
}

function showPublicKey({ keyFile, out }: Order): number {
  out.write(readKey(keyFile).publicPem);
  return exitCodes.whole;
}

function acceptMissingRows({ file, keyFile, out }: Order): number {
  const lost = acceptLoss(file, { keyFile }, Date.now());
  out.write(
    lost === null
      ? `${file} lacks nothing at its end: nothing was changed.\n`
      : `${file} goes on without what is missing, and a row in it says so. Missing was ${lost}.\n`,
  );
  return exitCodes.whole;
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

if (import.meta.main) {
  // "journal list FILE | head" closes the pipe early: that is no failure.
  process.stdout.on('error', () => process.exit(exitCodes.whole));
  process.exitCode = await runJournalCli(process.argv.slice(2), process.stdout, process.stderr);
}
