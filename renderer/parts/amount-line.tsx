import './amount-line.css';
import type { ReactNode } from 'react';
import type { MinorUnits } from '../../main/contract/money.ts';
import { Money } from './money.tsx';

type Props = { readonly label: string; readonly minor: MinorUnits };

/** The one amount that a screen is about, under its name. */
export function AmountLine({ label, minor }: Props): ReactNode {
  return (
    <p className="amount-line">
      <span className="amount-line__label">{label}</span>
      <Money minor={minor} />
    </p>
  );
}
