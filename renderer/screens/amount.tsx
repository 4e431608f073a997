import './amount.css';
import { type ReactNode, useState } from 'react';
import type { AmountChoice, Obstacle } from '../../main/contract/view.ts';
import { CardFace } from '../parts/card-face.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Money } from '../parts/money.tsx';
import { writeObstacle, writeRound } from '../text/say.ts';
import { AmountKeypad } from './amount-keypad.tsx';
import type { ScreenOf } from './screen-of.ts';

export function Amount({ screen }: { readonly screen: ScreenOf<'amount'> }): ReactNode {
  const { view, words } = useKiosk();
  const { minimumMinor, maximumMinor, balanceCapMinor } = screen;
  const noRoom: Obstacle = { kind: 'above-balance-cap', capMinor: balanceCapMinor };
  const [typing, setTyping] = useState(false);
  if (typing) return <AmountKeypad screen={screen} onBack={() => setTyping(false)} />;
  return (
    <Layout
      look="work"
      title={words.amount.title}
      aside={<CardFace card={screen.card} />}
      exits={
        <>
          <Key look="quiet" does={{ kind: 'back' }}>
            {words.keys.back}
          </Key>
          <Key look="quiet" does={{ kind: 'cancel' }}>
            {words.keys.cancel}
          </Key>
        </>
      }
    >
      <ul className="amounts" aria-label={words.keys.presets}>
        {screen.choices.map((choice) => (
          <li key={`${choice.kind} ${choice.amountMinor} ${choice.afterMinor}`}>
            <AmountKey choice={choice} />
          </li>
        ))}
        <li className="amounts__other">
          <Key
            look="tile"
            does={() => setTyping(true)}
            obstacle={
              minimumMinor <= maximumMinor ? null : writeObstacle(noRoom, words, view.currency)
            }
          >
            {words.keys.otherAmount}
          </Key>
        </li>
      </ul>
    </Layout>
  );
}

function AmountKey({ choice }: { readonly choice: AmountChoice }): ReactNode {
  const { view, words } = useKiosk();
  const { amountMinor, afterMinor, kind, obstacle } = choice;
  return (
    <Key
      look="tile"
      does={{ kind: 'choose-amount', amountMinor }}
      obstacle={obstacle === null ? null : writeObstacle(obstacle, words, view.currency)}
    >
      <span className="amounts__amount" data-kind={kind}>
        {kind === 'fill-to' ? (
          words.amount.fillTo(writeRound(afterMinor, view.currency))
        ) : (
          <Money minor={amountMinor} />
        )}
      </span>
      {obstacle === null && (
        <span className="amounts__after">
          {kind === 'fill-to' ? (
            <Money minor={amountMinor} sign="+" />
          ) : (
            <>
              {words.amount.makes} <Money minor={afterMinor} />
            </>
          )}
        </span>
      )}
    </Key>
  );
}
