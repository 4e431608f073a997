import { joinBytes } from '../apdu.ts';
import { toBcd } from '../bcd.ts';

/** Amount (04, 6 bytes BCD, minor units) and currency (49, ISO 4217 number). */
export function moneyFields(amountMinor: number, currency: number): Uint8Array {
  return joinBytes(
    Uint8Array.of(0x04),
    toBcd(amountMinor, 6),
    Uint8Array.of(0x49),
    toBcd(currency, 2),
  );
}

/** Receipt number (87, 2 bytes BCD). */
export function receiptField(receipt: number): Uint8Array {
  return joinBytes(Uint8Array.of(0x87), toBcd(receipt, 2));
}
