import { buildApdu, joinBytes } from '../apdu.ts';
import { receiptField } from './money-field.ts';
import { passwordField } from './password.ts';

const reversal = 0x0630;

/** Reversal 06 30 of what was taken, by its receipt number. Some hosts reverse only the last transaction (B5 otherwise). */
export function buildReversal(request: {
  readonly password: string;
  readonly receipt: number;
}): Uint8Array {
  return buildApdu(
    reversal,
    joinBytes(passwordField(request.password), receiptField(request.receipt)),
  );
}
