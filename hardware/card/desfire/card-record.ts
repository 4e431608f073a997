import { readUint } from '../bytes.ts';
import { toHex } from '../hex.ts';
import { littleEndian, readLittleEndian } from './little-endian.ts';
import type { RecordFile } from './profile.ts';

/** What somebody did with the card, as its record file keeps it. */
export type CardRecord = {
  readonly counter: number;
  readonly kind: 'load' | 'purchase' | 'other';
  /** In the card's own unit. */
  readonly amount: number;
  /** 12 hex digits. */
  readonly terminal: string;
  /** YYYYMMDDhhmmss. */
  readonly dateTime: string;
  /** 16 hex digits; null where the layout has none. */
  readonly reference: string | null;
  readonly bytes: Uint8Array;
};

/** A load as its record says it. */
export type LoadRecord = {
  readonly counter: number;
  readonly amount: number;
  /** 6 bytes. */
  readonly terminalId: Uint8Array;
  /** 7 bytes BCD. */
  readonly dateTime: Uint8Array;
  /** 8 bytes. */
  readonly reference: Uint8Array;
};

export function parseRecord(layout: RecordFile, bytes: Uint8Array): CardRecord {
  const { counterOffset, terminalOffset, dateTimeOffset, referenceOffset } = layout;
  const hexAt = (at: number, lengthBytes: number) => toHex(bytes.subarray(at, at + lengthBytes));
  return {
    counter: numberAt(layout, bytes, counterOffset, layout.counterBytes),
    kind: kindOf(layout, bytes[layout.kindOffset] ?? 0),
    amount: numberAt(layout, bytes, layout.amountOffset, 4),
    terminal: hexAt(terminalOffset, 6),
    dateTime: hexAt(dateTimeOffset, 7),
    reference: referenceOffset === null ? null : hexAt(referenceOffset, 8),
    bytes: bytes.slice(),
  };
}

/** The record of a load. Throws a RangeError where its counter does not fit the layout: see lastCounter. */
export function loadRecord(layout: RecordFile, load: LoadRecord): Uint8Array {
  const bytes = new Uint8Array(layout.lengthBytes);
  putNumber(layout, bytes, layout.counterOffset, layout.counterBytes, load.counter);
  bytes[layout.kindOffset] = layout.loadKind;
  putNumber(layout, bytes, layout.amountOffset, 4, load.amount);
  bytes.set(load.terminalId, layout.terminalOffset);
  bytes.set(load.dateTime, layout.dateTimeOffset);
  if (layout.referenceOffset !== null) bytes.set(load.reference, layout.referenceOffset);
  return bytes;
}

/** After the record with this counter there can be none: the next would begin again at 0. */
export function lastCounter({ counterBytes }: RecordFile): number {
  return 256 ** counterBytes - 1;
}

function kindOf(layout: RecordFile, kind: number): CardRecord['kind'] {
  if (kind === layout.loadKind) return 'load';
  return kind === layout.purchaseKind ? 'purchase' : 'other';
}

function numberAt(
  { byteOrder }: RecordFile,
  bytes: Uint8Array,
  at: number,
  lengthBytes: number,
): number {
  return byteOrder === 'little'
    ? readLittleEndian(bytes, at, lengthBytes)
    : readUint(bytes, at, lengthBytes);
}

function putNumber(
  { byteOrder }: RecordFile,
  bytes: Uint8Array,
  at: number,
  lengthBytes: number,
  value: number,
): void {
  const field = littleEndian(value, lengthBytes);
  bytes.set(byteOrder === 'little' ? field : field.reverse(), at);
}
