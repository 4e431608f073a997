import type { ReactNode } from 'react';
import { Facts } from '../parts/facts.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Money } from '../parts/money.tsx';
import { Picture } from '../parts/picture.tsx';
import { Qr } from '../parts/qr.tsx';
import type { ScreenOf } from './screen-of.ts';

export function Receipt({ screen }: { readonly screen: ScreenOf<'receipt'> }): ReactNode {
  const { words } = useKiosk();
  const { state, amountMinor, afterMinor, reference, qrText } = screen;
  const onPaper = state === 'printing' || state === 'printed';
  return (
    <Layout
      key={state}
      look="picture"
      {...words.receipt[state]}
      aside={
        onPaper ? (
          <Picture name={state === 'printing' ? 'print-receipt' : 'take-receipt'} />
        ) : (
          <Qr text={qrText} label={words.receipt.qr} />
        )
      }
      keys={
        state !== 'printing' && (
          <Key look="main" does={{ kind: 'finish' }}>
            {words.keys.finish}
          </Key>
        )
      }
    >
      <Facts
        facts={[
          { name: words.topUpAmount, value: <Money minor={amountMinor} sign="+" /> },
          ...(afterMinor === null
            ? []
            : [{ name: words.balance, value: <Money minor={afterMinor} /> }]),
          { name: words.reference, value: reference },
        ]}
      />
    </Layout>
  );
}
