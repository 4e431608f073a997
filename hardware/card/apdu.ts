import { hexNumber } from './hex.ts';
import { ok, type StatusWordMeanings, statusWordText } from './status-word.ts';

/** A short command APDU (ISO 7816-3 12.1). `le` 256 is written as 00. */
export type CommandFields = {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data?: Uint8Array;
  readonly le?: number;
};

export function commandApdu({ cla, ins, p1, p2, data, le }: CommandFields): Uint8Array {
  if (data !== undefined && (data.length === 0 || data.length > 255)) {
    throw new RangeError(`${data.length} data bytes do not fit a short APDU`);
  }
  const bodyLength = data === undefined ? 0 : 1 + data.length;
  const apdu = new Uint8Array(4 + bodyLength + (le === undefined ? 0 : 1));
  apdu.set([cla, ins, p1, p2]);
  if (data !== undefined) {
    apdu[4] = data.length;
    apdu.set(data, 5);
  }
  if (le !== undefined) apdu[4 + bodyLength] = le & 0xff;
  return apdu;
}

export type CardResponse = { readonly data: Uint8Array; readonly statusWord: number };

export type ParsedResponse =
  | { readonly kind: 'done'; readonly response: CardResponse }
  /** Less than a status word: it cannot be an APDU response. */
  | { readonly kind: 'truncated'; readonly detail: string };

export function parseResponse(bytes: Uint8Array): ParsedResponse {
  if (bytes.length < 2) {
    const detail = `response truncated: ${bytes.length} bytes, a status word has 2`;
    return { kind: 'truncated', detail };
  }
  const at = bytes.length - 2;
  const statusWord = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return { kind: 'done', response: { data: bytes.subarray(0, at), statusWord } };
}

/** What a card's answer to one command says. `detail` names the command and what is wrong; it never holds data bytes. */
export type CommandAnswer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly statusWord: number; readonly detail: string }
  /** 9000, but not with the data that this command is answered with. */
  | { readonly kind: 'malformed'; readonly detail: string };

export type CommandName = { readonly name: string; readonly meanings: StatusWordMeanings };

/** The step that every command's parser shares: judge the status word and the length, then decode. */
export function answerTo<T>(
  { name, meanings }: CommandName,
  { data, statusWord }: CardResponse,
  lengthBytes: number,
  decode: (data: Uint8Array) => T,
): CommandAnswer<T> {
  if (statusWord !== ok) return refusal({ name, meanings }, statusWord);
  if (data.length !== lengthBytes) {
    const fault = data.length < lengthBytes ? 'truncated' : 'too long';
    return malformed(name, `${fault}: ${data.length} bytes, ${lengthBytes} expected`);
  }
  return { kind: 'done', value: decode(data) };
}

function refusal({ name, meanings }: CommandName, statusWord: number) {
  const detail = `${name} answered ${statusWordText(statusWord, meanings)}`;
  return { kind: 'refused', statusWord, detail } as const;
}

export function malformed(name: string, what: string) {
  return { kind: 'malformed', detail: `${name} answered ${hexNumber(ok, 4)} but ${what}` } as const;
}
