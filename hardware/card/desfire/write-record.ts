import { joinBytes } from '../bytes.ts';
import { answerOf, type DesfireCommand } from './command.ts';
import { littleEndian } from './little-endian.ts';

/** 3B: a new record, once it is committed; the oldest makes room for it. */
export function writeRecord(file: number, record: Uint8Array): DesfireCommand<null> {
  const name = 'WRITE RECORD';
  return {
    name,
    ins: 0x3b,
    header: joinBytes(Uint8Array.of(file), littleEndian(0, 3), littleEndian(record.length, 3)),
    data: record,
    answerBytes: 0,
    parse: (data) => answerOf(name, data, 0, () => null),
  };
}
