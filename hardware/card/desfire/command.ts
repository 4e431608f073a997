import { type CardResponse, type CommandAnswer, commandApdu } from '../apdu.ts';
import { type StatusWordMeanings, statusWordText } from '../status-word.ts';

/** A native command (cards.md 2.1) and how its answer is read. Its answer's data are those of all frames together. */
export type DesfireCommand<T> = {
  readonly name: string;
  readonly ins: number;
  /** What is never enciphered: file number, offset, length. */
  readonly header: Uint8Array;
  /** What the communication mode of its file protects on the way to the card. */
  readonly data: Uint8Array;
  /** Of the answer's data. */
  readonly answerBytes: number;
  parse(data: Uint8Array): CommandAnswer<T>;
};

/** One frame of an answer. */
export type Frame = { readonly data: Uint8Array; readonly isLast: boolean };

const done = 0x9100;
const more = 0x91af;

/** What the second byte says (cards.md 2.1; the others as in libfreefare's table). */
export const statusMeanings: StatusWordMeanings = Object.fromEntries([
  [0x910c, 'nothing was changed'],
  [0x910e, 'no memory left'],
  [0x911c, 'instruction not known'],
  [0x911e, 'checksum, MAC or padding wrong'],
  [0x9140, 'no such key'],
  [0x917e, 'wrong length'],
  [0x919d, 'not permitted'],
  [0x919e, 'parameters wrong'],
  [0x91a0, 'no such application'],
  [0x91a1, 'application damaged'],
  [0x91ae, 'not authenticated'],
  [0x91af, 'more frames'],
  [0x91be, 'beyond a limit'],
  [0x91c1, 'card damaged'],
  [0x91ca, 'an earlier command was not finished'],
  [0x91cd, 'card disabled'],
  [0x91ee, 'memory failure'],
  [0x91f0, 'no such file'],
  [0x91f1, 'file damaged'],
]);

/** 90 INS 00 00 Lc … 00: a native command in ISO 7816 wrapping. `body`: at most 255 bytes. */
export function wrapped(ins: number, body: Uint8Array): Uint8Array {
  const data = body.length === 0 ? {} : { data: body };
  return commandApdu({ cla: 0x90, ins, p1: 0x00, p2: 0x00, ...data, le: 256 });
}

/** 90AF000000: the next frame of an answer. */
export const nextFrame = wrapped(0xaf, new Uint8Array());

export function parseFrame(name: string, { data, statusWord }: CardResponse): CommandAnswer<Frame> {
  if (statusWord === done || statusWord === more) {
    return { kind: 'done', value: { data, isLast: statusWord === done } };
  }
  const detail = `${name} answered ${statusWordText(statusWord, statusMeanings)}`;
  return { kind: 'refused', statusWord, detail };
}

/** Whether a card gave this status word to a native command, known or not; others do not know the wrapping. */
export function isNative(statusWord: number): boolean {
  return statusWord >> 8 === 0x91;
}

/** The card answered 9100, and not as this command is answered. */
export function wrongAnswer(name: string, what: string) {
  return { kind: 'malformed', detail: `${name} answered 9100 but ${what}` } as const;
}

/** An answer of exactly so many bytes. */
export function answerOf<T>(
  name: string,
  data: Uint8Array,
  lengthBytes: number,
  decode: (data: Uint8Array) => T,
): CommandAnswer<T> {
  if (data.length !== lengthBytes) {
    const fault = data.length < lengthBytes ? 'truncated' : 'too long';
    return wrongAnswer(name, `${fault}: ${data.length} bytes, ${lengthBytes} expected`);
  }
  return { kind: 'done', value: decode(data) };
}

export const noBytes = new Uint8Array();
