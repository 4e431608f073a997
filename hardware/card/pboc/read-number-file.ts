import { answerTo, type CardResponse, type CommandAnswer, commandApdu } from '../apdu.ts';

const command = { name: 'READ BINARY of the number file', meanings: {} };

/** READ BINARY from the start of the file with this short file identifier (cards.md 1.2: 00B095001E for SFI 15). */
export function readNumberFile(sfi: number, lengthBytes: number): Uint8Array {
  return commandApdu({ cla: 0x00, ins: 0xb0, p1: 0x80 | sfi, p2: 0x00, le: lengthBytes });
}

export function parseNumberFile(
  response: CardResponse,
  lengthBytes: number,
): CommandAnswer<Uint8Array> {
  return answerTo(command, response, lengthBytes, (data) => data);
}
