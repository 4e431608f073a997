import type { ReactNode } from 'react';
import { Facts } from '../parts/facts.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Money } from '../parts/money.tsx';
import { Picture } from '../parts/picture.tsx';
import type { ScreenOf } from './screen-of.ts';

type Props = { readonly screen: ScreenOf<'checking-payment'> };

export function CheckingPayment({ screen }: Props): ReactNode {
  const { words } = useKiosk();
  return (
    <Layout look="picture" {...words.checkingPayment} aside={<Picture name="terminal-wait" />}>
      <Facts
        facts={[
          { name: words.topUpAmount, value: <Money minor={screen.amountMinor} /> },
          { name: words.reference, value: screen.reference },
        ]}
      />
    </Layout>
  );
}
