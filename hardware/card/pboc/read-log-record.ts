import { answerTo, type CardResponse, type CommandAnswer, commandApdu } from '../apdu.ts';
import { readUint } from '../bytes.ts';
import { toHex } from '../hex.ts';

/** One row of the transaction log as it stands on the card. Amount in the card's own unit. */
export type LogRecord = {
  readonly counter: number;
  readonly overdraftLimit: number;
  readonly amount: number;
  readonly transactionType: number;
  /** 12 hex digits. */
  readonly terminal: string;
  /** YYYYMMDDhhmmss. */
  readonly dateTime: string;
};

export const recordNotFound = 0x6a83;

const command = {
  name: 'READ RECORD of the log',
  meanings: { 27010: 'PIN needed', 27266: 'no log file' },
};
const recordBytes = 23;

/** READ RECORD by number (from 1) in the file with this SFI: 00B2 nn C4 17 for SFI 18 (cards.md 1.4). */
export function readLogRecord(sfi: number, record: number): Uint8Array {
  return commandApdu({ cla: 0x00, ins: 0xb2, p1: record, p2: (sfi << 3) | 4, le: recordBytes });
}

/** The record; null for one that was never written (all 00 or all FF). */
export function parseLogRecord(response: CardResponse): CommandAnswer<LogRecord | null> {
  return answerTo(command, response, recordBytes, (data) => {
    if (data.every((byte) => byte === 0x00) || data.every((byte) => byte === 0xff)) return null;
    return {
      counter: readUint(data, 0, 2),
      overdraftLimit: readUint(data, 2, 3),
      amount: readUint(data, 5, 4),
      transactionType: readUint(data, 9, 1),
      terminal: toHex(data.subarray(10, 16)),
      dateTime: toHex(data.subarray(16, 23)),
    };
  });
}
