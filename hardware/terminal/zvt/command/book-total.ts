import { buildApdu, joinBytes } from '../apdu.ts';
import { toBcd } from '../bcd.ts';
import { moneyFields, receiptField } from './money-field.ts';

const bookTotal = 0x0624;

/**
 * Book total 06 24: take what was reserved. Receipt, trace and authorisation attribute (3B) of the reservation name it.
 *
 * To be confirmed with the terminal's manual: terminals differ here. A CCV A920 wants 87, 0B and 3B and may ask for the card
 * again; a Feig cVEND books by the partial reversal 06 23 of the unused amount instead. Both read in public code, not tried.
 */
export function buildBookTotal(request: {
  readonly receipt: number;
  readonly trace: number;
  readonly amountMinor: number;
  readonly currency: number;
  /** 8 bytes, or null where the terminal gave none. */
  readonly attribute: Uint8Array | null;
}): Uint8Array {
  return buildApdu(
    bookTotal,
    joinBytes(
      receiptField(request.receipt),
      moneyFields(request.amountMinor, request.currency),
      Uint8Array.of(0x0b),
      toBcd(request.trace, 3),
      request.attribute === null
        ? new Uint8Array(0)
        : joinBytes(Uint8Array.of(0x3b), request.attribute),
    ),
  );
}
