import type { LoadOrder } from '../../main/contract/card.ts';
import { bcdFromDigits } from './bcd.ts';
import { fromHex } from './hex.ts';

/** A load order as it is written to a card. */
export type OrderOnCard = {
  /** In the card's own unit. */
  readonly amount: number;
  /** 6 bytes. */
  readonly terminalId: Uint8Array;
  /** 7 bytes BCD. */
  readonly dateTime: Uint8Array;
};

/** Null where the amount is no whole number of the card's units. Throws a RangeError for an order that is none. */
export function orderOnCard(order: LoadOrder, unitMinor: number): OrderOnCard | null {
  const amount = order.amountMinor / unitMinor;
  if (!(amount > 0)) throw new RangeError(`a load of ${order.amountMinor} is not one`);
  if (!Number.isInteger(amount)) return null;
  const dateTime = bcdFromDigits(order.dateTime);
  if (dateTime.length !== 7) throw new RangeError('dateTime is not YYYYMMDDhhmmss');
  const terminalId = fromHex(order.terminalId);
  if (terminalId.length !== 6) throw new RangeError('a terminal id has 6 bytes');
  return { amount, terminalId, dateTime };
}
