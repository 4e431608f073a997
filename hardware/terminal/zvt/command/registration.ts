import { buildApdu, joinBytes } from '../apdu.ts';
import { toBcd } from '../bcd.ts';
import { passwordField } from './password.ts';

const registration = 0x0600;

/**
 * Registration 06 00: password, configuration byte, currency. Configuration bits: 02 and 04 receipts are printed by the cash
 * register, 08 send intermediate status, 10 payments and 20 administration only from the cash register, 80 receipts as print
 * lines. BE sets all of these: the terminal's own menu is locked, and repeat-receipt then carries a status-information.
 */
export function buildRegistration(request: {
  readonly password: string;
  readonly configByte: number;
  readonly currency: number;
}): Uint8Array {
  return buildApdu(
    registration,
    joinBytes(
      passwordField(request.password),
      Uint8Array.of(request.configByte),
      toBcd(request.currency, 2),
    ),
  );
}
