import type { Language } from './language.ts';
import type { Currency, MinorUnits } from './money.ts';
import type { MeansKind } from './payment.ts';

/** A receipt as data. How it looks on paper is the printer's matter; nothing here is formatted but the masked number. */
export type Receipt = {
  readonly kind: 'top-up' | 'paid-back' | 'unresolved';
  readonly language: Language;
  readonly currency: Currency;
  /** In each language, for the paper's may be another than the person's (hardware/printer/paper-language.ts). */
  readonly stationName: Readonly<Record<Language, string>>;
  readonly terminalId: string;
  readonly reference: string;
  /** Local time, YYYYMMDDhhmmss. */
  readonly at: string;
  readonly maskedNumber: string;
  readonly amountMinor: MinorUnits;
  readonly means: MeansKind;
  /** The number on the bank terminal's own receipt, where it gave one. */
  readonly terminalReceipt: string | null;
  readonly beforeMinor: MinorUnits | null;
  /** Only ever a balance read from the card after the write. */
  readonly afterMinor: MinorUnits | null;
  /** Of what is unresolved: the signed claim (claim.ts). Null: there is none. */
  readonly claim: string | null;
  /** Where to turn to; from the configuration. */
  readonly helpLine: string;
};

/** The text in the receipt's QR code: plain, offline readable. A claim's is signed; others say no more than is printed beside it. */
export function receiptQrText(receipt: Receipt): string {
  if (receipt.claim !== null) return receipt.claim;
  const fields = [
    'ADDVALUE',
    '1',
    receipt.kind,
    receipt.reference,
    receipt.at,
    receipt.terminalId,
    receipt.currency.code,
    String(receipt.amountMinor),
    receipt.maskedNumber.slice(-4),
  ];
  return fields.join('|');
}
