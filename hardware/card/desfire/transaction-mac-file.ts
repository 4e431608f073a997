import type { CommandAnswer } from '../apdu.ts';
import type { DesfireCommand } from './command.ts';
import { readLittleEndian } from './little-endian.ts';
import { readData } from './read-data.ts';

/** What the card says of its last transaction (cards.md 2.2): TMC, how many there were; TMV, 8 bytes. */
export type TransactionMac = { readonly counter: number; readonly mac: Uint8Array };

export const transactionMacBytes = 12;

export function parseTransactionMac(data: Uint8Array): TransactionMac {
  return { counter: readLittleEndian(data, 0, 4), mac: data.slice(4, transactionMacBytes) };
}

export function readTransactionMac(file: number): DesfireCommand<TransactionMac> {
  const read = readData('READ DATA of the transaction MAC file', file, transactionMacBytes);
  return {
    ...read,
    parse(data): CommandAnswer<TransactionMac> {
      const answer = read.parse(data);
      if (answer.kind !== 'done') return answer;
      return { kind: 'done', value: parseTransactionMac(answer.value) };
    },
  };
}
