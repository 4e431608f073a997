import { buildApdu } from '../apdu.ts';
import { fromBcd } from '../bcd.ts';
import { walkBitmaps } from '../bitmap.ts';
import { walkTlv } from '../tlv.ts';

const partialReversal = 0x0623;

/** "Enquire if pre-authorisations exist": the partial reversal 06 23 with receipt number FFFF (PA00P015 13.06, 2.10.1). */
export function buildOpenReservations(): Uint8Array {
  return buildApdu(partialReversal, Uint8Array.of(0x87, 0xff, 0xff));
}

/**
 * Receipt numbers of the open reservations. `data` is that of the abort 06 1E with code B8 that ends the enquiry:
 * `B8 87 rr rr`, FFFF for none, and where there are more, a TLV container `06 { 23 { 08 rr rr … } }` (bytes as in the public
 * `ecrterm` and `zvt` projects). Null when it is none of this.
 */
export function parseOpenReservations(data: Uint8Array): ReadonlySet<number> | null {
  const open = new Set<number>();
  let answered = false;
  let good = true;
  const take = (value: Uint8Array) => {
    answered = true;
    if (value.length === 2 && value[0] === 0xff && value[1] === 0xff) return;
    const receipt = value.length === 2 ? fromBcd(value) : null;
    if (receipt === null) good = false;
    else open.add(receipt);
  };
  const rest = walkBitmaps(data.subarray(1), (bmp, value) => {
    if (bmp === 0x87) take(value);
    if (bmp === 0x06) {
      walkTlv(value, (tag, list) => {
        if (tag !== 0x23) return;
        walkTlv(list, (inner, receipt) => {
          if (inner === 0x08) take(receipt);
        });
      });
    }
  });
  return answered && good && rest === null ? open : null;
}
