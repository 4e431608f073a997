import { answerOf, type DesfireCommand, noBytes } from './command.ts';
import { readSignedLittleEndian } from './little-endian.ts';

/** 6C: the value as it was last committed, in the card's own unit; below zero for an overdrawn card. */
export function getValue(file: number): DesfireCommand<number> {
  const name = 'GET VALUE';
  return {
    name,
    ins: 0x6c,
    header: Uint8Array.of(file),
    data: noBytes,
    answerBytes: 4,
    parse: (data) => answerOf(name, data, 4, (value) => readSignedLittleEndian(value, 0)),
  };
}
