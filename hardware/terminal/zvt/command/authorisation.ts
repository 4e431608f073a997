import { buildApdu } from '../apdu.ts';
import { moneyFields } from './money-field.ts';

const authorisation = 0x0601;

/** Authorisation 06 01: a payment, taken at once. The terminal chooses how. */
export function buildAuthorisation(request: {
  readonly amountMinor: number;
  readonly currency: number;
}): Uint8Array {
  return buildApdu(authorisation, moneyFields(request.amountMinor, request.currency));
}
