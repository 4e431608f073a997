import { readUint } from '../bytes.ts';
import type { DescribeCommand, DescribedCommand } from '../described-command.ts';
import { hexNumber, toHex } from '../hex.ts';
import { statusMeanings } from './command.ts';

const names = new Map([
  [0x51, 'GET CARD UID'],
  [0x5a, 'SELECT APPLICATION'],
  [0x60, 'GET VERSION'],
  [0x64, 'GET KEY VERSION'],
  [0x6a, 'GET APPLICATION IDS'],
  [0x71, 'AUTHENTICATE EV2 FIRST'],
  [0xa7, 'ABORT TRANSACTION'],
  [0xaa, 'AUTHENTICATE AES'],
  [0xaf, 'NEXT FRAME'],
  [0xc7, 'COMMIT TRANSACTION'],
]);

/** Commands that name a file. */
const namesOnFiles = new Map([
  [0x0c, 'CREDIT'],
  [0x1c, 'LIMITED CREDIT'],
  [0x3b, 'WRITE RECORD'],
  [0x6c, 'GET VALUE'],
  [0xbb, 'READ RECORDS'],
  [0xbd, 'READ DATA'],
  [0xdc, 'DEBIT'],
  [0xf5, 'GET FILE SETTINGS'],
]);

const said = { doneWords: [0x9100, 0x91af], meanings: statusMeanings };
const macBytes = 8;

/**
 * DESFire commands in words (cards.md 2.2 to 2.4). Amounts are shown where they are not enciphered; what a file or a record
 * holds is counted and not shown: a card number may be in it.
 */
export const describeDesfire: DescribeCommand = (command, money) => {
  const [cla, ins = 0] = command;
  if (cla !== 0x90) return null;
  const data = command.subarray(5, 5 + (command[4] ?? 0));
  const amount = (bytes: Uint8Array): string => money(bytes.slice(0, 4).reverse(), 0);
  const onFile = namesOnFiles.get(ins);
  if (onFile !== undefined) {
    const words = `${onFile}, file ${hexNumber(data[0] ?? 0, 2)}`;
    if (ins === 0x6c) return { words, answer: { bytes: 4, macBytes, words: amount }, ...said };
    const isPlainCredit = ins === 0x0c && (data.length === 5 || data.length === 5 + macBytes);
    return { words: isPlainCredit ? `${words}, ${amount(data.subarray(1))}` : words, ...said };
  }
  const name = names.get(ins);
  return name === undefined ? null : { ...described(name, ins, data), ...said };
};

function described(name: string, ins: number, data: Uint8Array): DescribedCommand {
  switch (ins) {
    case 0x5a:
      return { words: `${name} ${toHex(data)}` };
    case 0x71:
    case 0xaa:
      return { words: `${name}, key ${data[0] ?? 0}` };
    case 0xaf:
      return { words: data.length === 0 ? name : `${name} of the command` };
    case 0xc7:
      return {
        words: name,
        answer: {
          bytes: 12,
          macBytes,
          words: (told) =>
            `counter ${readUint(told.slice(0, 4).reverse(), 0, 4)}, ` +
            `transaction MAC ${toHex(told.subarray(4))}`,
        },
      };
    default:
      return { words: name };
  }
}
