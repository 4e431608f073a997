import './money.css';
import type { CSSProperties, ReactNode } from 'react';
import { formatMoney, type MinorUnits } from '../../main/contract/money.ts';
import { useKiosk } from './kiosk-context.ts';

type Props = {
  readonly minor: MinorUnits;
  /** Written before the amount: "+" on what is added. */
  readonly sign?: '+';
};

/** An amount, its currency sign and small units set smaller than its figures. Its text is formatMoney's. */
export function Money({ minor, sign }: Props): ReactNode {
  const { currency } = useKiosk().view;
  const bare = formatMoney(minor, currency, '');
  const minus = bare.startsWith('-') ? '-' : '';
  const point = bare.indexOf('.');
  const end = point === -1 ? bare.length : point;
  const figures = `${sign ?? ''}${currency.symbol}${bare}`.length;
  return (
    <span className="money" style={{ '--figures': figures } as CSSProperties}>
      {sign ?? minus}
      <span className="money__symbol">{currency.symbol}</span>
      {bare.slice(minus.length, end)}
      <span className="money__small">{bare.slice(end)}</span>
    </span>
  );
}
