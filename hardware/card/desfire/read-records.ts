import { joinBytes } from '../bytes.ts';
import { type CardRecord, parseRecord } from './card-record.ts';
import { answerOf, type DesfireCommand, noBytes } from './command.ts';
import { littleEndian } from './little-endian.ts';
import type { RecordFile } from './profile.ts';

/** BB: the newest so many records, newest first; the card gives them oldest first. A file that has none refuses. */
export function readRecords(recordFile: RecordFile, records: number): DesfireCommand<CardRecord[]> {
  const name = 'READ RECORDS';
  const { file, lengthBytes } = recordFile;
  const answerBytes = records * lengthBytes;
  return {
    name,
    ins: 0xbb,
    header: joinBytes(Uint8Array.of(file), littleEndian(0, 3), littleEndian(records, 3)),
    data: noBytes,
    answerBytes,
    parse: (data) =>
      answerOf(name, data, answerBytes, (all) => {
        const found: CardRecord[] = [];
        for (let at = 0; at < all.length; at += lengthBytes) {
          found.unshift(parseRecord(recordFile, all.subarray(at, at + lengthBytes)));
        }
        return found;
      }),
  };
}
