/** What the bytes at the head of the printer's buffer are. */
export type ParsedCommand =
  | { readonly kind: 'initialise' }
  | { readonly kind: 'chinese'; readonly on: boolean }
  | { readonly kind: 'code-page'; readonly number: number }
  | { readonly kind: 'align'; readonly align: number }
  | { readonly kind: 'bold'; readonly on: boolean }
  /** Multiples of the standard size, 1 to 8. */
  | { readonly kind: 'size'; readonly wide: number; readonly tall: number }
  | { readonly kind: 'line-feed' }
  /** One character's code, one or two bytes, the first in the high byte. */
  | { readonly kind: 'character'; readonly code: number }
  | { readonly kind: 'qr-module'; readonly dots: number }
  /** Model and level: known, and the same for whatever is drawn here. */
  | { readonly kind: 'qr-set' }
  | { readonly kind: 'qr-store'; readonly data: Uint8Array }
  | { readonly kind: 'qr-print' }
  | { readonly kind: 'qr-ask-size' }
  /** Executed when it arrived (DLE). */
  | { readonly kind: 'nothing' }
  /** The head of an image: as many rows of bytes follow, and are not parsed. */
  | { readonly kind: 'raster'; readonly widthBytes: number; readonly heightDots: number }
  | { readonly kind: 'cut'; readonly feedDots: number }
  | { readonly kind: 'process-id'; readonly id: Uint8Array }
  | { readonly kind: 'ask-paper' }
  | { readonly kind: 'ask-identity'; readonly what: number }
  | { readonly kind: 'automatic-status'; readonly on: boolean }
  | { readonly kind: 'unknown'; readonly what: string };

/** Null while the command is not whole yet. */
export type Parsed = { readonly command: ParsedCommand; readonly length: number } | null;

/** Parse one command or character at `at`. `chinese`: whether bytes from 81 on come in pairs. */
export function parseCommand(bytes: Uint8Array, at: number, end: number, chinese: boolean): Parsed {
  const first = bytes[at];
  if (first === undefined || at >= end) return null;
  if (first >= 0x20) return parseCharacter(bytes, at, end, chinese);
  if (first === 0x0a) return { command: { kind: 'line-feed' }, length: 1 };
  const parse = introducers.get(first);
  if (parse === undefined) return unknown(bytes, at, 1);
  if (at + 1 >= end) return null;
  return parse(bytes, at, end);
}

function parseCharacter(bytes: Uint8Array, at: number, end: number, chinese: boolean): Parsed {
  const first = bytes[at] ?? 0;
  if (!chinese || first < 0x81) {
    return { command: { kind: 'character', code: first }, length: 1 };
  }
  if (at + 1 >= end) return null;
  const code = (first << 8) | (bytes[at + 1] ?? 0);
  return { command: { kind: 'character', code }, length: 2 };
}

type Parse = (bytes: Uint8Array, at: number, end: number) => Parsed;

const introducers: ReadonlyMap<number, Parse> = new Map([
  [0x10, parseRealTime],
  [0x1b, parseEscape],
  [0x1c, parseFileSeparator],
  [0x1d, parseGroupSeparator],
]);

/** Already executed on arrival: here they only have to be stepped over. */
function parseRealTime(bytes: Uint8Array, at: number, end: number): Parsed {
  const second = bytes[at + 1];
  if (second === 0x04 || second === 0x05) return whole(at, end, 3, { kind: 'nothing' });
  if (second === 0x14) return whole(at, end, 10, { kind: 'nothing' });
  return unknown(bytes, at, 1);
}

function parseEscape(bytes: Uint8Array, at: number, end: number): Parsed {
  const parameter = bytes[at + 2] ?? 0;
  switch (bytes[at + 1]) {
    case 0x40:
      return { command: { kind: 'initialise' }, length: 2 };
    case 0x61:
      return whole(at, end, 3, { kind: 'align', align: parameter % 0x30 });
    case 0x45:
      return whole(at, end, 3, { kind: 'bold', on: (parameter & 1) === 1 });
    case 0x74:
      return whole(at, end, 3, { kind: 'code-page', number: parameter });
    default:
      return unknown(bytes, at, 2);
  }
}

function parseFileSeparator(bytes: Uint8Array, at: number): Parsed {
  const second = bytes[at + 1];
  if (second === 0x26) return { command: { kind: 'chinese', on: true }, length: 2 };
  if (second === 0x2e) return { command: { kind: 'chinese', on: false }, length: 2 };
  return unknown(bytes, at, 2);
}

function parseGroupSeparator(bytes: Uint8Array, at: number, end: number): Parsed {
  const third = bytes[at + 2] ?? 0;
  switch (bytes[at + 1]) {
    case 0x21: {
      const size = { wide: ((third >> 4) & 7) + 1, tall: (third & 7) + 1 };
      return whole(at, end, 3, { kind: 'size', ...size });
    }
    case 0x28:
      return parseExtended(bytes, at, end);
    case 0x49:
      return whole(at, end, 3, { kind: 'ask-identity', what: third });
    case 0x56:
      return parseCut(bytes, at, end);
    case 0x61:
      return whole(at, end, 3, { kind: 'automatic-status', on: third !== 0 });
    case 0x72:
      if (at + 2 >= end) return null;
      return third % 0x30 === 1
        ? { command: { kind: 'ask-paper' }, length: 3 }
        : unknown(bytes, at, 3);
    case 0x76:
      return parseRaster(bytes, at, end);
    default:
      return unknown(bytes, at, 2);
  }
}

function parseCut(bytes: Uint8Array, at: number, end: number): Parsed {
  if (at + 2 >= end) return null;
  const mode = bytes[at + 2] ?? 0;
  if (mode === 0x41 || mode === 0x42) {
    return whole(at, end, 4, { kind: 'cut', feedDots: bytes[at + 3] ?? 0 });
  }
  if (mode % 0x30 > 1) return unknown(bytes, at, 3);
  return { command: { kind: 'cut', feedDots: 0 }, length: 3 };
}

/** GS v 0 m xL xH yL yH; the rows that follow may be more than the buffer holds. */
function parseRaster(bytes: Uint8Array, at: number, end: number): Parsed {
  if (at + 8 > end) return null;
  const [zero = 0, mode = 0, xL = 0, xH = 0, yL = 0, yH = 0] = bytes.subarray(at + 2, at + 8);
  if (zero !== 0x30 || mode !== 0) return unknown(bytes, at, 8);
  const widthBytes = xL | (xH << 8);
  const heightDots = yL | (yH << 8);
  return { command: { kind: 'raster', widthBytes, heightDots }, length: 8 };
}

/** GS ( x pL pH, then as many bytes: what is not known can still be stepped over. */
function parseExtended(bytes: Uint8Array, at: number, end: number): Parsed {
  if (at + 5 > end) return null;
  const length = 5 + (bytes[at + 3] ?? 0) + ((bytes[at + 4] ?? 0) << 8);
  if (at + length > end) return null;
  const parameters = bytes.slice(at + 5, at + length);
  const name = bytes[at + 2];
  const command =
    name === 0x6b ? qrCommand(parameters) : name === 0x48 ? response(parameters) : null;
  return command === null ? unknown(bytes, at, length) : { command, length };
}

function qrCommand(parameters: Uint8Array): ParsedCommand | null {
  const [symbol, deed, value = 0] = parameters;
  if (symbol !== 0x31) return null;
  if (deed === 0x41 || deed === 0x45) return { kind: 'qr-set' };
  if (deed === 0x43) return { kind: 'qr-module', dots: value };
  if (deed === 0x50 && value === 0x30) return { kind: 'qr-store', data: parameters.slice(3) };
  if (deed === 0x52 && value === 0x30) return { kind: 'qr-ask-size' };
  return deed === 0x51 && value === 0x30 ? { kind: 'qr-print' } : null;
}

function response(parameters: Uint8Array): ParsedCommand | null {
  const isProcessId = parameters.length === 6 && parameters[0] === 0x30 && parameters[1] === 0x30;
  const id = parameters.slice(2);
  const isLegal = id.every((byte) => byte >= 0x20 && byte <= 0x7e);
  return isProcessId && isLegal ? { kind: 'process-id', id } : null;
}

function whole(at: number, end: number, length: number, command: ParsedCommand): Parsed {
  return at + length > end ? null : { command, length };
}

function unknown(bytes: Uint8Array, at: number, length: number): Parsed {
  const what = Buffer.from(bytes.subarray(at, at + Math.min(length, 8))).toString('hex');
  return { command: { kind: 'unknown', what }, length };
}
