import { fromBcd } from '../bcd.ts';
import { walkBitmaps } from '../bitmap.ts';

export const statusInformation = 0x040f;

/** What is kept of a status-information 04 0F. Null: the terminal did not say. Nothing of the card is kept. */
export type StatusInformation = {
  /** 27: 00 is approved. */
  readonly resultCode: number | null;
  /** 04, minor units. */
  readonly amountMinor: number | null;
  /** 49, ISO 4217 number. */
  readonly currency: number | null;
  /** 87. */
  readonly receipt: number | null;
  /** 0B. */
  readonly trace: number | null;
  /** 37: the trace number of the transaction that this one reverses or completes. */
  readonly originalTrace: number | null;
  /** 3B: authorisation attribute, 8 bytes. */
  readonly attribute: Uint8Array | null;
};

/** Parse the data of a status-information. Fields behind an unknown bitmap are null: their places cannot be known. */
export function parseStatusInformation(data: Uint8Array): StatusInformation {
  let resultCode: number | null = null;
  let amountMinor: number | null = null;
  let currency: number | null = null;
  let receipt: number | null = null;
  let trace: number | null = null;
  let originalTrace: number | null = null;
  let attribute: Uint8Array | null = null;
  walkBitmaps(data, (bmp, value) => {
    if (bmp === 0x27) resultCode = value[0] ?? null;
    else if (bmp === 0x04) amountMinor = fromBcd(value);
    else if (bmp === 0x49) currency = fromBcd(value);
    else if (bmp === 0x87) receipt = fromBcd(value);
    else if (bmp === 0x0b) trace = fromBcd(value);
    else if (bmp === 0x37) originalTrace = fromBcd(value);
    else if (bmp === 0x3b) attribute = value.slice();
  });
  return { resultCode, amountMinor, currency, receipt, trace, originalTrace, attribute };
}
