import type { StatusInformation } from './command/status-information.ts';

/** The terminal's name for one transaction. */
export type TransactionName = {
  /** Receipt number, 1 to 9999; it wraps, and begins anew with the terminal's day. */
  readonly receipt: number;
  /** Trace number, 1 to 999999; it wraps. */
  readonly trace: number;
};

/** A transaction that can be booked or reversed. `attribute`: bitmap 3B, which booking a reservation needs. */
export type PaymentName = TransactionName & { readonly attribute: Uint8Array | null };

/** What the terminal's repeat-receipt said. `empty`: it has no receipt. `unreadable`: it answered without one. */
type LastReceipt = TransactionName | 'empty' | 'unreadable';

/** The terminal just before a payment. `open`: receipts of its open reservations, null where it has no such list. */
export type Mark = {
  readonly last: LastReceipt;
  readonly open: ReadonlySet<number> | null;
};

const digits = (value: number, count: number) => value.toString().padStart(count, '0');

/** "0231/000975", with "/750071" for the authorisation attribute: as short as it is printed on paper. */
export function formatReference(name: PaymentName): string {
  const base = `${formatReceipt(name)}/${digits(name.trace, 6)}`;
  return name.attribute === null ? base : `${base}/${formatAttribute(name.attribute)}`;
}

/** "0231": the receipt number as it stands on the terminal's own receipt. */
export function formatReceipt(name: TransactionName): string {
  return digits(name.receipt, 4);
}

/** Null when this driver did not write it. */
export function parseReference(text: string): PaymentName | null {
  const found = /^(\d{4})\/(\d{6})(?:\/([0-9A-Za-z]{1,8}|=[0-9a-f]{16}))?$/.exec(text);
  if (found === null) return null;
  return {
    receipt: Number(found[1]),
    trace: Number(found[2]),
    attribute: found[3] === undefined ? null : parseAttribute(found[3]),
  };
}

/** "0230/000974 open 0007,0009"; "empty" or "unreadable" for the receipt, "open ?" where the terminal has no list. */
export function formatMark(mark: Mark): string {
  const last =
    typeof mark.last === 'string'
      ? mark.last
      : `${digits(mark.last.receipt, 4)}/${digits(mark.last.trace, 6)}`;
  const open =
    mark.open === null ? '?' : [...mark.open].map((receipt) => digits(receipt, 4)).join(',');
  return `${last} open ${open}`;
}

/** A mark that cannot be read proves nothing: it counts as unreadable. */
export function parseMark(text: string): Mark {
  const found = /^(?:(\d{4})\/(\d{6})|(empty|unreadable)) open (\?|(?:\d{4}(?:,\d{4})*)?)$/.exec(
    text,
  );
  if (found === null) return { last: 'unreadable', open: null };
  const [, receipt, trace, word, open] = found;
  return {
    last:
      word === 'empty'
        ? 'empty'
        : receipt === undefined
          ? 'unreadable'
          : { receipt: Number(receipt), trace: Number(trace) },
    open:
      open === undefined || open === '?'
        ? null
        : new Set(open === '' ? [] : open.split(',').map(Number)),
  };
}

/** The name that a status-information carries, or null when it lacks receipt or trace. */
export function nameOf(status: StatusInformation): PaymentName | null {
  if (status.receipt === null || status.trace === null) return null;
  return { receipt: status.receipt, trace: status.trace, attribute: status.attribute };
}

export function sameTransaction(a: TransactionName, b: TransactionName): boolean {
  return a.receipt === b.receipt && a.trace === b.trace;
}

/** Whether as many receipts as traces lie between the two: receipts that began anew in between would be fewer. */
export function countedOn(from: TransactionName, to: TransactionName): boolean {
  const receipts = (to.receipt - from.receipt + 9999) % 9999;
  const traces = (to.trace - from.trace + 999999) % 999999;
  return receipts === traces % 9999;
}

/** The attribute is ASCII, padded with NUL (750071 in a Feig cVEND capture); anything else is kept as hex behind "=". */
function formatAttribute(attribute: Uint8Array): string {
  const text = String.fromCharCode(...attribute).replace(/\0+$/, '');
  return /^[0-9A-Za-z]{1,8}$/.test(text) ? text : `=${Buffer.from(attribute).toString('hex')}`;
}

function parseAttribute(text: string): Uint8Array {
  const bytes = new Uint8Array(8);
  bytes.set(text.startsWith('=') ? Buffer.from(text.slice(1), 'hex') : Buffer.from(text, 'latin1'));
  return bytes;
}
