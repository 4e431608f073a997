import { answerTo, type CardResponse, type CommandAnswer, commandApdu } from '../apdu.ts';
import { uint16Bytes } from '../bytes.ts';

const command = {
  name: 'GET TRANSACTION PROVE',
  meanings: { 27013: 'no proof held', 37894: 'no MAC or TAC for this transaction' },
};

/** 805A 00 type 02 counter 08 (cards.md 1.8). */
export function getTransactionProve(transactionType: number, counter: number): Uint8Array {
  const data = uint16Bytes(counter);
  return commandApdu({ cla: 0x80, ins: 0x5a, p1: 0x00, p2: transactionType, data, le: 8 });
}

/** The TAC, 4 bytes; the MAC before it has no meaning for a load. */
export function parseTransactionProve(response: CardResponse): CommandAnswer<Uint8Array> {
  return answerTo(command, response, 8, (data) => data.subarray(4));
}
