import { buildApdu } from '../apdu.ts';
import { passwordField } from './password.ts';

const repeatReceipt = 0x0620;

/** Repeat receipt 06 20: the status-information of the terminal's last transaction, once more. */
export function buildRepeatReceipt(request: { readonly password: string }): Uint8Array {
  return buildApdu(repeatReceipt, passwordField(request.password));
}
