import { answerTo, type CardResponse, type CommandAnswer, commandApdu } from '../apdu.ts';
import { readUint } from '../bytes.ts';
import { type Purse, purseParameter } from './purse.ts';

const command = { name: 'GET BALANCE', meanings: {} };

/** 805C 00 P2 04 (cards.md 1.3). */
export function getBalance(purse: Purse): Uint8Array {
  return commandApdu({ cla: 0x80, ins: 0x5c, p1: 0x00, p2: purseParameter(purse), le: 4 });
}

/** 805C 01 P2 04: on T-Union cards, the overdraft limit that is counted into the balance (cards.md 1.3). */
export function getOverdraftLimit(purse: Purse): Uint8Array {
  return commandApdu({ cla: 0x80, ins: 0x5c, p1: 0x01, p2: purseParameter(purse), le: 4 });
}

/** The balance, or the limit, in the card's own unit. */
export function parseBalance(response: CardResponse): CommandAnswer<number> {
  return answerTo(command, response, 4, (data) => readUint(data, 0, 4));
}
