import { answerTo, type CardResponse, type CommandAnswer, commandApdu } from '../apdu.ts';
import { bcdFromDigits } from '../bcd.ts';

export type PinFormat = 'bcd' | 'ascii';

const triesLeft: Record<number, string> = {};
for (let tries = 0; tries <= 15; tries += 1) {
  triesLeft[0x63c0 | tries] = `PIN wrong, ${tries} tries left`;
}

const command = {
  name: 'VERIFY PIN',
  meanings: { ...triesLeft, 27011: 'PIN blocked', 37891: 'no PIN key' },
};

/** VERIFY (cards.md 1.5): the operator's fixed PIN, packed BCD or ASCII digits. */
export function verifyPin(digits: string, format: PinFormat): Uint8Array {
  const data = format === 'bcd' ? bcdFromDigits(digits) : new TextEncoder().encode(digits);
  return commandApdu({ cla: 0x00, ins: 0x20, p1: 0x00, p2: 0x00, data });
}

export function parseVerifyPin(response: CardResponse): CommandAnswer<null> {
  return answerTo(command, response, 0, () => null);
}
