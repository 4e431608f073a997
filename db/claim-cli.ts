import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { claimIn } from '../main/contract/claim.ts';
import { openClaims, type Standing, standingOf } from './attempt-standing.ts';
import {
  amountOf,
  claimLines,
  localTime,
  plain,
  plainJson,
  refusalText,
  standingLines,
} from './claim-lines.ts';
import { isClaimedCard, readPublicKey, verdictOn } from './claim-verdict.ts';
import { readKey, usualKeyFile } from './key-file.ts';
import { JournalFault } from './port.ts';
import { type JournalReader, openJournalToRead } from './sqlite-journal.ts';

const usage = `Is a claim genuine, and is it still open?
  npm run claim -- verify [CLAIM] --public-key FILE.pem   offline, with what "npm run journal -- public-key" prints
  npm run claim -- verify [CLAIM] --key KEYFILE           the same with the journal's own key
  npm run claim -- list JOURNAL [--json]                  what is still open in a journal
CLAIM is the text of the QR code on the slip; without it, or with -, it is read from the keyboard, where a scanner types it.
With verify:
  --journal JOURNAL   how it stands in that journal now; its key is JOURNAL.key, or --key KEYFILE
  --card NUMBER       whether this is the card; - reads the number from the keyboard; needs the journal's key
  --json              for a program
Exit codes: 0 genuine, 1 not genuine or not this card, 2 wrong usage, or a file cannot be read or is damaged.
`;

const exitCodes = { genuine: 0, notGenuine: 1, unusable: 2 } as const;

type Streams = { readonly input: Readable; readonly out: Writable; readonly err: Writable };

type Order = {
  readonly name: 'verify' | 'list';
  /** The claim's text, or the journal. Null: to be read. */
  readonly what: string | null;
  readonly publicKeyFile: string | null;
  /** Null: the journal's usual one, if there is a journal. */
  readonly keyFile: string | null;
  readonly journal: string | null;
  /** `-`: to be read. */
  readonly card: string | null;
  readonly json: boolean;
};

/** The command line `claim`. Answers the exit code. */
export async function runClaimCli(args: readonly string[], streams: Streams): Promise<number> {
  const order = parse(args);
  if (order === null) {
    streams.err.write(usage);
    return exitCodes.unusable;
  }
  try {
    return order.name === 'list' ? list(order, streams) : await verify(order, streams);
  } catch (error) {
    if (!(error instanceof JournalFault)) throw error;
    streams.err.write(`${plain(error.message)}\n`);
    return exitCodes.unusable;
  }
}

function parse(args: readonly string[]): Order | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        'public-key': { type: 'string' },
        key: { type: 'string' },
        journal: { type: 'string' },
        card: { type: 'string' },
      },
      allowPositionals: true,
    });
    const [name, what, ...more] = positionals;
    if ((name !== 'verify' && name !== 'list') || more.length > 0) return null;
    const { json, 'public-key': publicKeyFile = null, journal = null, card = null } = values;
    const keyFile = values.key ?? (journal === null ? null : usualKeyFile(journal));
    const text = what === undefined || what === '-' ? null : what;
    const isUsable =
      name === 'list'
        ? text !== null && publicKeyFile === null && journal === null && card === null
        : (keyFile !== null || publicKeyFile !== null) && (keyFile !== null || card === null);
    if (!isUsable) return null;
    return { name, what: text, publicKeyFile, keyFile, journal, card, json };
  } catch {
    return null;
  }
}

async function verify(order: Order, { input, out, err }: Streams): Promise<number> {
  const { keyFile, journal, json } = order;
  const publicKey = publicKeyOf(order);
  const lines = linesOf(input);
  const asked = async (given: string | null, what: string): Promise<string> => {
    if (given !== null && given !== '-') return given.trim();
    if ('isTTY' in input && input.isTTY === true) err.write(`${what}: `);
    const { value } = await lines.next();
    return value ?? '';
  };
  const text = await asked(order.what, 'Claim');
  const number = order.card === null ? null : await asked(order.card, 'Card number');
  await lines.return(undefined);
  if (text === '' || number === '') {
    err.write(`Nothing was given to be verified.\n${usage}`);
    return exitCodes.unusable;
  }
  const verdict = verdictOn(text, publicKey);
  if (verdict.kind !== 'genuine') {
    const { kind: why, ...more } = verdict;
    if (json) out.write(`${plainJson({ genuine: false, why, ...more })}\n`);
    else err.write(refusalText(verdict));
    return exitCodes.notGenuine;
  }
  const { claim } = verdict;
  const isThisCard =
    number === null || keyFile === null
      ? null
      : isClaimedCard(claim, number.replaceAll(' ', ''), readKey(keyFile));
  const standing = journal === null ? null : standingIn(journal, order, claim.reference);
  if (json) {
    out.write(`${plainJson({ genuine: true, claim, isThisCard, standing })}\n`);
  } else {
    const told = [
      'GENUINE: the station with this key has signed it.',
      ...claimLines(claim),
      ...cardLines(isThisCard),
      ...(standing === null || journal === null ? [] : standingLines(standing, journal, text)),
    ];
    out.write(`${told.join('\n')}\n`);
  }
  return isThisCard === false ? exitCodes.notGenuine : exitCodes.genuine;
}

function cardLines(isThisCard: boolean | null): readonly string[] {
  if (isThisCard === null) return [];
  return [
    isThisCard
      ? 'THIS CARD: the claim is about the card with this number.'
      : 'ANOTHER CARD: the claim is not about the card with this number.',
  ];
}

function publicKeyOf({ publicKeyFile, keyFile }: Order): KeyObject {
  if (publicKeyFile !== null) return readPublicKey(publicKeyFile);
  return createPublicKey(readKey(keyFile ?? '').publicPem);
}

/** Somebody may be paid by this, so the whole journal is verified first: one that lost its end would call a settled claim open. */
function standingIn(file: string, { keyFile }: Order, reference: string): Standing {
  return withJournal(file, keyFile, (journal) => {
    const answer = journal.verify();
    if (answer.kind === 'whole') return standingOf(journal, reference);
    const where = answer.row === 0 ? 'The file itself' : `Row ${answer.row}`;
    throw new JournalFault(
      'corrupt',
      `${file} is broken, so it cannot tell how the claim stands. ${where}: ${answer.what}.`,
    );
  });
}

function list({ what, keyFile, json }: Order, { out }: Streams): number {
  const open = withJournal(what ?? '', keyFile, openClaims);
  for (const { reference, claim: text } of open) {
    const claim = text === null ? null : (claimIn(text)?.claim ?? null);
    if (json) {
      out.write(`${plainJson({ reference, text, claim })}\n`);
    } else if (claim === null) {
      out.write(`${plain(reference)}  open, and not claimed yet\n`);
    } else {
      const { at, means, why, card } = claim;
      const amount = amountOf(claim, claim.amountMinor);
      const cells = [reference, localTime(at), amount, `card ${card.lastDigits}`, means, why];
      out.write(`${cells.map(plain).join('  ')}\n`);
    }
  }
  if (!json && open.length === 0) out.write('Nothing is open.\n');
  return exitCodes.genuine;
}

function withJournal<T>(file: string, keyFile: string | null, deed: (journal: JournalReader) => T) {
  const journal = openJournalToRead(file, keyFile === null ? {} : { keyFile });
  try {
    return deed(journal);
  } finally {
    journal.close();
  }
}

/** A claim has some 300 characters. Whatever types more is not a scanner. */
const longestLine = 4_096;

/** What is typed, line by line, without empty ones; a line that is too long is cut, and is the last. */
async function* linesOf(input: Readable): AsyncGenerator<string, undefined> {
  let typed = '';
  for await (const chunk of input) {
    typed += String(chunk);
    const whole = typed.split(/[\r\n]/);
    typed = whole.pop() ?? '';
    for (const line of whole) if (line.trim() !== '') yield line.trim();
    if (typed.length > longestLine) break;
  }
  if (typed.trim() !== '') yield typed.slice(0, longestLine).trim();
  return undefined;
}

if (import.meta.main) {
  const { stdin: input, stdout: out, stderr: err } = process;
  // "claim list JOURNAL | head" closes the pipe early: that is no failure.
  out.on('error', () => process.exit(exitCodes.genuine));
  process.exitCode = await runClaimCli(process.argv.slice(2), { input, out, err });
}
