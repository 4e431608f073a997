import { buildApdu } from '../apdu.ts';
import { receiptField } from './money-field.ts';

const reservationReversal = 0x0625;

/**
 * Pre-authorisation reversal 06 25: let go of a whole reservation. To be confirmed with the terminal's manual: some card
 * schemes cannot be released this way and are booked with amount 0 instead.
 */
export function buildReservationReversal(request: { readonly receipt: number }): Uint8Array {
  return buildApdu(reservationReversal, receiptField(request.receipt));
}
