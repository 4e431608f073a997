import type { CommandAnswer } from '../apdu.ts';
import { type DesfireCommand, noBytes, wrongAnswer } from './command.ts';
import { readLittleEndian, readSignedLittleEndian } from './little-endian.ts';
import type { CommMode } from './profile.ts';

export type ValueFileSettings = {
  readonly comm: CommMode;
  /** In the card's own unit. */
  readonly upperLimit: number;
};

export type RecordFileSettings = {
  readonly comm: CommMode;
  readonly recordBytes: number;
  /** How many records the file holds now. */
  readonly records: number;
};

const valueFile = { type: 0x02, bytes: 17 };
const cyclicRecordFile = { type: 0x04, bytes: 13 };

/** F5 of a value file (cards.md 2.2). */
export function getValueFileSettings(file: number): DesfireCommand<ValueFileSettings> {
  return settingsOf('GET FILE SETTINGS of the value file', file, valueFile, (data, comm) => ({
    comm,
    upperLimit: readSignedLittleEndian(data, 8),
  }));
}

/** F5 of a cyclic record file: type, comm, access(2), record size(3), most records(3), records now(3). */
export function getRecordFileSettings(file: number): DesfireCommand<RecordFileSettings> {
  return settingsOf(
    'GET FILE SETTINGS of the record file',
    file,
    cyclicRecordFile,
    (data, comm) => ({
      comm,
      recordBytes: readLittleEndian(data, 4, 3),
      records: readLittleEndian(data, 10, 3),
    }),
  );
}

function settingsOf<T>(
  name: string,
  file: number,
  expected: { readonly type: number; readonly bytes: number },
  decode: (data: Uint8Array, comm: CommMode) => T,
): DesfireCommand<T> {
  return {
    name,
    ins: 0xf5,
    header: Uint8Array.of(file),
    data: noBytes,
    answerBytes: expected.bytes,
    parse(data): CommandAnswer<T> {
      if (data[0] !== expected.type) return wrongAnswer(name, 'it is a file of another kind');
      // EV2 adds further access rights where a file has them.
      if (data.length < expected.bytes) {
        return wrongAnswer(name, `truncated: ${data.length} bytes, ${expected.bytes} expected`);
      }
      return { kind: 'done', value: decode(data, commOf(data[1] ?? 0)) };
    },
  };
}

/** Bits 0 and 1 of the file option: 00 and 10 plain, 01 MAC, 11 full (cards.md 2.2). */
function commOf(option: number): CommMode {
  switch (option & 0x03) {
    case 0x01:
      return 'mac';
    case 0x03:
      return 'full';
    default:
      return 'plain';
  }
}
