import { type Currency, formatMoney, minorUnits } from '../../main/contract/money.ts';
import { readUint } from './bytes.ts';
import type { DescribeCommand, DescribedCommand } from './described-command.ts';
import { describeDesfire } from './desfire/describe-command.ts';
import { hexNumber, toHex } from './hex.ts';
import { describePboc } from './pboc/describe-command.ts';
import { ok, statusWordText } from './status-word.ts';

/** Every family's words for its commands. */
const families: readonly DescribeCommand[] = [describePboc, describeDesfire];

/**
 * One exchange in words, for the bench's trace. MACs and TACs are shown; a PIN, a card number or anything else that belongs
 * to the person never is. Amounts are taken for minor units of `currency`.
 */
export type DescribedApdu = {
  /** "INITIALIZE FOR LOAD ¥50.00, key 1" */
  readonly what: string;
  /** "9000 balance ¥12.00, counter 7, MAC1 06B1BEF5", or "no answer". */
  readonly answer: string;
  /** `failed`: there was no answer, or none that is one. */
  readonly outcome: 'done' | 'refused' | 'failed';
};

export function describeApdu(
  command: Uint8Array,
  response: Uint8Array | null,
  currency: Currency,
): DescribedApdu {
  const money = (bytes: Uint8Array, at: number) =>
    formatMoney(minorUnits(readUint(bytes, at, 4)), currency);
  const isOne = command.length >= 4;
  const known = isOne ? families.map((describe) => describe(command, money)) : [];
  const described =
    known.find((each) => each !== null) ??
    (isOne ? describeIso(command) : null) ??
    unknown(command);
  return { what: described.words, ...describeResponse(response, described) };
}

function describeResponse(
  response: Uint8Array | null,
  { answer, doneWords = [ok], meanings = {} }: DescribedCommand,
): Omit<DescribedApdu, 'what'> {
  if (response === null) return { answer: 'no answer', outcome: 'failed' };
  if (response.length < 2) {
    return { answer: `no status word in ${byteCount(response.length)}`, outcome: 'failed' };
  }
  const data = response.subarray(0, -2);
  const statusWord = readUint(response, response.length - 2, 2);
  const word = statusWordText(statusWord, meanings);
  if (!doneWords.includes(statusWord)) {
    return {
      answer: data.length === 0 ? word : `${word} ${byteCount(data.length)}`,
      outcome: 'refused',
    };
  }
  return { answer: `${word} ${describeData(data, answer)}`, outcome: 'done' };
}

function describeData(data: Uint8Array, answer: DescribedCommand['answer']): string {
  if (data.length === 0) return 'done';
  if (answer === undefined) return byteCount(data.length);
  const { bytes, macBytes = 0, words } = answer;
  if (data.length === bytes || data.length === bytes + macBytes) {
    return words(data.subarray(0, bytes));
  }
  // With a MAC it may as well be enciphered, or be nothing but the MAC.
  return macBytes > 0 ? byteCount(data.length) : `${byteCount(data.length)}, ${bytes} expected`;
}

/** Commands of no one family (ISO 7816-4). */
function describeIso(command: Uint8Array): DescribedCommand | null {
  const [, , p1 = 0] = command;
  switch (readUint(command, 0, 2)) {
    case 0x00a4:
      return { words: `SELECT ${applicationName(command.subarray(5, 5 + (command[4] ?? 0)))}` };
    case 0x00b0:
      return { words: `READ BINARY, file ${hexNumber(p1 & 0x1f, 2)}` };
    case 0x00c0:
      return { words: 'GET RESPONSE' };
    case 0x0020:
      return { words: 'VERIFY PIN' };
    default:
      return null;
  }
}

function unknown(command: Uint8Array): DescribedCommand {
  const header = toHex(command.subarray(0, 4));
  return { words: `unknown command ${header}, ${byteCount(command.length)}` };
}

function applicationName(dfName: Uint8Array): string {
  const isText = dfName.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? new TextDecoder().decode(dfName) : toHex(dfName);
}

function byteCount(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
