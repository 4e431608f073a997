import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { currencies, formatMoney, minorUnits } from '../main/contract/money.ts';
import { backUp } from './backup.ts';
import { closingIn, type SignedClosing } from './closing.ts';
import { closingLines } from './closing-lines.ts';
import { headFileOf, readHead } from './head.ts';
import { readKey, usualKeyFile } from './key-file.ts';
import { acceptLoss } from './open.ts';
import { JournalFault, type JournalRow, type VerifyAnswer } from './port.ts';
import { type JournalReader, openJournal, openJournalToRead } from './sqlite-journal.ts';

const usage = `Look at a journal, also while the kiosk writes it:
  npm run journal -- verify FILE [--json]   is every row as it was written?
  npm run journal -- list FILE [--json]     every row, oldest first; --json: one object a line, with its body
  npm run journal -- closings FILE [--json] [--currency CNY]   what each day came to, as it was signed
  npm run journal -- backup FILE TO         a copy that is checked before it has its name
  npm run journal -- public-key FILE        the key that its signatures are checked with
While the kiosk is stopped:
  npm run journal -- close FILE             close the books now; the kiosk does it after each midnight
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
  /** How amounts are written. */
  readonly money: (amountMinor: number) => string;
  readonly json: boolean;
  readonly out: Writable;
  readonly err: Writable;
};

type Deed = (order: Order) => number | Promise<number>;

const deeds = new Map<string | undefined, Deed>([
  ['verify', verify],
  ['closings', showClosings],
  ['close', closeNow],
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
      options: {
        json: { type: 'boolean', default: false },
        key: { type: 'string' },
        currency: { type: 'string' },
      },
      allowPositionals: true,
    });
    const [name, file, to = '', ...more] = positionals;
    const deed = deeds.get(name);
    if (deed === undefined || file === undefined || more.length > 0) return null;
    const money = moneyIn(values.currency);
    if (money === null) return null;
    if ((to === '') === (deed === copyTo)) return null;
    const keyFile = values.key ?? usualKeyFile(file);
    return { deed, file, to, keyFile, money, json: values.json };
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

/** Null: there is no such currency. */
function moneyIn(code: string | undefined): ((amountMinor: number) => string) | null {
  if (code === undefined) return String;
  const currency = Object.values(currencies).find((each) => each.code === code);
  if (currency === undefined) return null;
  return (amountMinor) => formatMoney(minorUnits(amountMinor), currency, '');
}

/** Each closing with what verify says of all; those that are no longer as they were signed are shown all the same. */
function showClosings(order: Order): number {
  const { file, keyFile, json, out, err } = order;
  const journal = openJournalToRead(file, { keyFile });
  try {
    const closings = journal.closings();
    for (const signed of closings) {
      if (json) out.write(`${JSON.stringify(signed)}\n`);
      else out.write(`${textOf(signed, order)}\n\n`);
    }
    const answer = journal.verify();
    if (answer.kind === 'broken') {
      err.write(brokenText(file, answer));
      return exitCodes.broken;
    }
    if (!json)
      out.write(`Closings: ${closings.length}, each as it was signed and as the rows say.\n`);
    return exitCodes.whole;
  } finally {
    journal.close();
  }
}

function closeNow(order: Order): number {
  const { file, keyFile, json, out } = order;
  openJournalToRead(file).close();
  const journal = openJournal(file, { keyFile });
  try {
    const signed = journal.closeBooks(Date.now(), 'now');
    if (signed !== null) out.write(`${json ? JSON.stringify(signed) : textOf(signed, order)}\n`);
    return exitCodes.whole;
  } finally {
    journal.close();
  }
}

/** Characters in a line: an 80 mm receipt's. */
const width = 48;

function textOf({ statement, signature }: SignedClosing, { money }: Order): string {
  const closing = closingIn(statement);
  if (closing === null) return `A closing that cannot be read: ${statement}`;
  return closingLines(closing, signature, width, money).join('\n');
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
