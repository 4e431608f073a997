import { readUint } from '../bytes.ts';
import type { DescribeCommand, Money } from '../described-command.ts';
import { hexNumber, toHex } from '../hex.ts';

/** PBOC commands in words (cards.md 1.3 to 1.8). MACs and TACs are shown, a PIN or a card number never is. */
export const describePboc: DescribeCommand = (command, money) => {
  const [, , p1 = 0, p2 = 0] = command;
  const data = command.subarray(5, 5 + (command[4] ?? 0));
  switch (readUint(command, 0, 2)) {
    case 0x00b2:
      return {
        words: `READ RECORD ${p1}, file ${hexNumber(p2 >> 3, 2)}`,
        answer: { bytes: 23, words: (row) => describeLogRow(row, money) },
      };
    case 0x805c:
      return {
        words: 'GET BALANCE',
        answer: { bytes: 4, words: (balance) => money(balance, 0) },
      };
    case 0x8050:
      if (data.length !== 11) return null;
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
      if (data.length !== 11) return null;
      return {
        words: `CREDIT FOR LOAD at ${toHex(data.subarray(0, 7))}, MAC2 ${toHex(data.subarray(7))}`,
        answer: { bytes: 4, words: (tac) => `TAC ${toHex(tac)}` },
      };
    case 0x805a:
      if (data.length !== 2) return null;
      return {
        words: `GET TRANSACTION PROVE, type ${p2}, counter ${readUint(data, 0, 2)}`,
        answer: { bytes: 8, words: (proof) => `TAC ${toHex(proof.subarray(4))}` },
      };
    default:
      return null;
  }
};

function describeLogRow(row: Uint8Array, money: Money): string {
  const type = row[9] ?? 0;
  const kind = type <= 0x02 ? 'load' : `type ${type}`;
  return `${kind} ${money(row, 5)}, counter ${readUint(row, 0, 2)}, at ${toHex(row.subarray(16))}`;
}
