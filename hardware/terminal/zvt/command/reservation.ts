import { buildApdu, joinBytes } from '../apdu.ts';
import { moneyFields } from './money-field.ts';

const reservation = 0x0622;

/**
 * Pre-authorisation / reservation 06 22. Payment type 40 is "as the terminal decides, without e-purse", as sent by public
 * EV charger software. Whether a contract and a card allow reservations is to be confirmed with the acquirer.
 */
export function buildReservation(request: {
  readonly amountMinor: number;
  readonly currency: number;
}): Uint8Array {
  return buildApdu(
    reservation,
    joinBytes(moneyFields(request.amountMinor, request.currency), Uint8Array.of(0x19, 0x40)),
  );
}
