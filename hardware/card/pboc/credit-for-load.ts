import { answerTo, type CardResponse, type CommandAnswer, commandApdu } from '../apdu.ts';
import { joinBytes } from '../bytes.ts';

/** The words with which cards refuse a MAC2: 9302 by the standard, the others on some card programs (cards.md 1.7). */
export const mac2RefusalWords: readonly number[] = [0x9302, 0x6982, 0x6988];

const command = {
  name: 'CREDIT FOR LOAD',
  meanings: {
    26881: 'no load was initialised',
    27013: 'no load was initialised',
    37634: 'MAC2 invalid',
  },
};

/** 8052 00 00 0B (cards.md 1.6 step 3). `dateTime`: 7 bytes BCD, `mac2`: 4 bytes. */
export function creditForLoad(dateTime: Uint8Array, mac2: Uint8Array): Uint8Array {
  const data = joinBytes(dateTime, mac2);
  return commandApdu({ cla: 0x80, ins: 0x52, p1: 0x00, p2: 0x00, data, le: 4 });
}

/** The transaction authentication code, 4 bytes. */
export function parseCreditForLoad(response: CardResponse): CommandAnswer<Uint8Array> {
  return answerTo(command, response, 4, (data) => data);
}
