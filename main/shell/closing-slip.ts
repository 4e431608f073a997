import { closingIn, type SignedClosing } from '../../db/closing.ts';
import { closingLines } from '../../db/closing-lines.ts';
import { formatMoney, minorUnits } from '../contract/money.ts';
import type { ClosingSlip } from '../runtime/print-closing.ts';
import type { Terms } from '../session/session.ts';

/** A closing as this machine prints it: what `journal closings` shows, and whose it is. Null: there is nothing to read in it. */
export function closingSlip(
  { statement, signature }: SignedClosing,
  { terminalId, currency }: Terms,
  journalFile: string,
): ClosingSlip | null {
  const closing = closingIn(statement);
  if (closing === null) return null;
  const money = (amountMinor: number) => formatMoney(minorUnits(amountMinor), currency, '');
  const about = [
    ['machine', terminalId],
    ['amounts in', currency.code],
  ] as const;
  return {
    lines: (columns) => closingLines(closing, signature, columns, money, about),
    orType: `npm run journal -- closings ${journalFile} --currency ${currency.code}`,
  };
}
