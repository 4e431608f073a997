import { answerTo, type CardResponse, type CommandAnswer, commandApdu } from '../apdu.ts';
import { joinBytes, readUint, uint32Bytes } from '../bytes.ts';
import { type Purse, purseParameter } from './purse.ts';

export const noSuchKeyIndex = 0x9403;

const command = {
  name: 'INITIALIZE FOR LOAD',
  meanings: {
    27010: 'PIN needed',
    27013: 'conditions not met, or the purse would overflow',
    37890: 'transaction counter at its end',
    [noSuchKeyIndex]: 'no such key index',
    38145: 'above the load limit',
  },
};

/** The card's challenge. `bytes`: the whole 16-byte answer, as the load authority needs it. */
export type LoadChallenge = {
  readonly bytes: Uint8Array;
  /** In the card's own unit, before the load. */
  readonly balance: number;
  /** On-line counter, before the increment. */
  readonly counter: number;
  readonly keyVersion: number;
  readonly algorithm: number;
};

/** 8050 00 P2 0B (cards.md 1.6 step 1). `amount` in the card's own unit, `terminalId` 6 bytes. */
export function initializeForLoad(
  purse: Purse,
  keyIndex: number,
  amount: number,
  terminalId: Uint8Array,
): Uint8Array {
  const data = joinBytes(Uint8Array.of(keyIndex), uint32Bytes(amount), terminalId);
  return commandApdu({ cla: 0x80, ins: 0x50, p1: 0, p2: purseParameter(purse), data, le: 16 });
}

export function parseInitializeForLoad(response: CardResponse): CommandAnswer<LoadChallenge> {
  return answerTo(command, response, 16, (data) => ({
    bytes: data,
    balance: readUint(data, 0, 4),
    counter: readUint(data, 4, 2),
    keyVersion: readUint(data, 6, 1),
    algorithm: readUint(data, 7, 1),
  }));
}
