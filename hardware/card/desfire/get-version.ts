import { type DesfireCommand, noBytes, wrongAnswer } from './command.ts';

const name = 'GET VERSION';
const answerBytes = 28;

/** 60, answered in three frames of which the last begins with the UID (cards.md 2.2). The 7 bytes of the UID. */
export const getVersion: DesfireCommand<Uint8Array> = {
  name,
  ins: 0x60,
  header: noBytes,
  data: noBytes,
  answerBytes,
  parse(data) {
    // Later chips say a byte more at the end.
    if (data.length < answerBytes) {
      return wrongAnswer(name, `truncated: ${data.length} bytes, ${answerBytes} expected`);
    }
    return { kind: 'done', value: data.slice(14, 21) };
  },
};
