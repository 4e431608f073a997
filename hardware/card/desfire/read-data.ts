import { joinBytes } from '../bytes.ts';
import { answerOf, type DesfireCommand, noBytes } from './command.ts';
import { littleEndian } from './little-endian.ts';

/** BD: so many bytes from the start of a data file, or of the transaction MAC file. */
export function readData(
  name: string,
  file: number,
  lengthBytes: number,
): DesfireCommand<Uint8Array> {
  return {
    name,
    ins: 0xbd,
    header: joinBytes(Uint8Array.of(file), littleEndian(0, 3), littleEndian(lengthBytes, 3)),
    data: noBytes,
    answerBytes: lengthBytes,
    parse: (data) => answerOf(name, data, lengthBytes, (read) => read),
  };
}
