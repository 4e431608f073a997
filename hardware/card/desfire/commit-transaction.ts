import { answerOf, type DesfireCommand, noBytes } from './command.ts';
import {
  parseTransactionMac,
  type TransactionMac,
  transactionMacBytes,
} from './transaction-mac-file.ts';

const name = 'COMMIT TRANSACTION';

/** C7: the only moment at which anything on the card changes (cards.md 2.3). */
export const commitTransaction: DesfireCommand<null> = {
  name,
  ins: 0xc7,
  header: noBytes,
  data: noBytes,
  answerBytes: 0,
  parse: (data) => answerOf(name, data, 0, () => null),
};

/** C7 01: the same, answered with the transaction MAC (cards.md 2.4). */
export const commitWithTransactionMac: DesfireCommand<TransactionMac> = {
  name,
  ins: 0xc7,
  header: Uint8Array.of(0x01),
  data: noBytes,
  answerBytes: transactionMacBytes,
  parse: (data) => answerOf(name, data, transactionMacBytes, parseTransactionMac),
};
