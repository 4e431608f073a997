import './confirm.css';
import type { ReactNode } from 'react';
import { BeforeAfter } from '../parts/before-after.tsx';
import { Facts } from '../parts/facts.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Money } from '../parts/money.tsx';
import { writeObstacle } from '../text/say.ts';
import type { ScreenOf } from './screen-of.ts';

export function Confirm({ screen }: { readonly screen: ScreenOf<'confirm'> }): ReactNode {
  const { words } = useKiosk();
  const { card, amountMinor, afterMinor, roomAfterMinor } = screen;
  return (
    <Layout
      look="work"
      title={words.confirm.title}
      aside={
        <div className="confirm__figure">
          <Money minor={amountMinor} sign="+" />
        </div>
      }
      keys={
        <Key look="main" does={{ kind: 'confirm' }}>
          {words.keys.confirm}
        </Key>
      }
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
      <BeforeAfter beforeMinor={card.balanceMinor} afterMinor={afterMinor} />
      <Facts
        facts={[
          { name: words.confirm.room, value: <Money minor={roomAfterMinor} /> },
          { name: card.title, value: <span className="confirm__number">{card.maskedNumber}</span> },
        ]}
      />
      <ReceiptChoice screen={screen} />
    </Layout>
  );
}

function ReceiptChoice({ screen }: { readonly screen: ScreenOf<'confirm'> }): ReactNode {
  const { view, words } = useKiosk();
  const { receiptWanted, receiptObstacle } = screen;
  if (receiptObstacle !== null) {
    return <p className="receipt-choice">{writeObstacle(receiptObstacle, words, view.currency)}</p>;
  }
  return (
    <fieldset className="receipt-choice">
      <legend>{words.confirm.receipt}</legend>
      {[true, false].map((wanted) => (
        <Key
          key={String(wanted)}
          look="plain"
          pressed={receiptWanted === wanted}
          does={{ kind: 'want-receipt', wanted }}
        >
          {wanted ? words.confirm.yes : words.confirm.no}
        </Key>
      ))}
    </fieldset>
  );
}
