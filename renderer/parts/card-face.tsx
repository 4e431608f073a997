import './card-face.css';
import type { ReactNode } from 'react';
import type { CardFace as Face } from '../../main/contract/view.ts';
import { writeDate } from '../text/say.ts';
import { useKiosk } from './kiosk-context.ts';
import { Money } from './money.tsx';

/** The person's card as it lies in the reader: its balance large, its number masked. */
export function CardFace({ card }: { readonly card: Face }): ReactNode {
  const { words } = useKiosk();
  return (
    <dl className="card-face">
      <div className="card-face__name">
        <dt>{card.title}</dt>
        <dd>{card.maskedNumber}</dd>
      </div>
      <div className="card-face__balance">
        <dt>{words.balance}</dt>
        <dd>
          <Money minor={card.balanceMinor} />
        </dd>
      </div>
      {card.validTo !== null && (
        <div className="card-face__valid">
          <dt>{words.validTo}</dt>
          <dd>{writeDate(card.validTo, words)}</dd>
        </div>
      )}
    </dl>
  );
}
