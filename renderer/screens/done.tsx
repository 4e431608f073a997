import type { ReactNode } from 'react';
import { formatMoney } from '../../main/contract/money.ts';
import { BeforeAfter } from '../parts/before-after.tsx';
import { Facts } from '../parts/facts.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture } from '../parts/picture.tsx';
import type { ScreenOf } from './screen-of.ts';

export function Done({ screen }: { readonly screen: ScreenOf<'done'> }): ReactNode {
  const { view, words } = useKiosk();
  const { amountMinor, beforeMinor, afterMinor, maskedNumber, reference } = screen;
  const amount = formatMoney(amountMinor, view.currency);
  return (
    <Layout
      look="picture"
      title={words.done.title}
      lead={(screen.receiptWanted ? words.done.receiptNext : words.done.lead)(amount)}
      aside={<Picture name="done" />}
      keys={
        <Key look="main" does={{ kind: 'finish' }}>
          {words.keys.finish}
        </Key>
      }
    >
      <div className="stack">
        <BeforeAfter beforeMinor={beforeMinor} afterMinor={afterMinor} />
        <Facts
          facts={[
            { name: words.cardNumber, value: maskedNumber },
            { name: words.reference, value: reference },
          ]}
        />
      </div>
    </Layout>
  );
}
