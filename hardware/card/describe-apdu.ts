import { type Currency, formatMoney, minorUnits } from '../../main/contract/money.ts';
import { readUint } from './bytes.ts';
import { hexNumber, toHex } from './hex.ts';
import { ok, statusWordText } from './status-word.ts';

/**
 * One exchange in words, for the bench's trace. MACs and TACs are shown; a PIN, a card number or anything else that belongs
 * to the person never is. Amounts are taken for minor units of `currency`.
 */
export type DescribedApdu = {
  /** "INITIALIZE FOR LOAD ¥50.00, key 1" */
  readonly what: string;
  /** "9000 balance ¥12.00, counter 7, MAC1 06B1BEF5", or "no answer". */
  readonly answer: string;
};

export function describeApdu(
  command: Uint8Array,
  response: Uint8Array | null,
  currency: Currency,
): DescribedApdu {
  const money = (bytes: Uint8Array, at: number) =>
    formatMoney(minorUnits(readUint(bytes, at, 4)), currency);
  const instruction = describeInstruction(command, money);
  return { what: instruction.words, answer: describeResponse(response, instruction) };
}

type Money = (bytes: Uint8Array, at: number) => string;
type Instruction = {
  readonly words: string;
  /** What its data means when it answers 9000, and how long it then is. */
  readonly answer?: { readonly bytes: number; readonly words: (data: Uint8Array) => string };
};

function describeResponse(response: Uint8Array | null, { answer }: Instruction): string {
  if (response === null) return 'no answer';
  if (response.length < 2) return `no status word in ${byteCount(response.length)}`;
  const data = response.subarray(0, -2);
  const statusWord = readUint(response, response.length - 2, 2);
  const word = statusWordText(statusWord, {});
  if (statusWord === ok && data.length === 0) return `${word} done`;
  if (data.length === 0) return word;
  if (statusWord !== ok || answer === undefined) return `${word} ${byteCount(data.length)}`;
  if (data.length !== answer.bytes) {
    return `${word} ${byteCount(data.length)}, ${answer.bytes} expected`;
  }
  return `${word} ${answer.words(data)}`;
}

function describeInstruction(command: Uint8Array, money: Money): Instruction {
  const [, , p1 = 0, p2 = 0] = command;
  const data = command.subarray(5, 5 + (command[4] ?? 0));
  const kind = command.length < 4 ? -1 : readUint(command, 0, 2);
  switch (kind) {
    case 0x00a4:
      return { words: `SELECT ${applicationName(data)}` };
    case 0x00b0:
      return { words: `READ BINARY, file ${hexNumber(p1 & 0x1f, 2)}` };
    case 0x00b2:
      return {
        words: `READ RECORD ${p1}, file ${hexNumber(p2 >> 3, 2)}`,
        answer: { bytes: 23, words: (row) => describeLogRow(row, money) },
      };
    case 0x00c0:
      return { words: 'GET RESPONSE' };
    case 0x0020:
      return { words: 'VERIFY PIN' };
    case 0x805c:
      return {
        words: 'GET BALANCE',
        answer: { bytes: 4, words: (balance) => money(balance, 0) },
      };
    case 0x8050:
      if (data.length !== 11) break;
      return {
        words: `INITIALIZE FOR LOAD ${money(data, 1)}, key ${data[0] ?? 0}`,
        answer: {
          bytes: 16,
          words: (challenge) =>
            `balance ${money(challenge, 0)}, counter ${readUint(challenge, 4, 2)}, ` +
            `MAC1 ${toHex(challenge.subarray(12))}`,
        },
      };
    case 0x8052:
      if (data.length !== 11) break;
      return {
        words: `CREDIT FOR LOAD at ${toHex(data.subarray(0, 7))}, MAC2 ${toHex(data.subarray(7))}`,
        answer: { bytes: 4, words: (tac) => `TAC ${toHex(tac)}` },
      };
    case 0x805a:
      if (data.length !== 2) break;
      return {
        words: `GET TRANSACTION PROVE, type ${p2}, counter ${readUint(data, 0, 2)}`,
        answer: { bytes: 8, words: (proof) => `TAC ${toHex(proof.subarray(4))}` },
      };
  }
  const header = toHex(command.subarray(0, 4));
  return { words: `unknown command ${header}, ${byteCount(command.length)}` };
}

function applicationName(dfName: Uint8Array): string {
  const isText = dfName.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? new TextDecoder().decode(dfName) : toHex(dfName);
}

function describeLogRow(row: Uint8Array, money: Money): string {
  const type = row[9] ?? 0;
  const kind = type <= 0x02 ? 'load' : `type ${type}`;
  return `${kind} ${money(row, 5)}, counter ${readUint(row, 0, 2)}, at ${toHex(row.subarray(16))}`;
}

function byteCount(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
