import type { ReactNode } from 'react';
import { AmountLine } from '../parts/amount-line.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture, type PictureName } from '../parts/picture.tsx';
import type { ScreenOf } from './screen-of.ts';

function pictureOf({ step, means }: ScreenOf<'pay'>): PictureName {
  switch (step) {
    case 'preparing':
      return 'terminal-wait';
    case 'present':
      return means === 'bank-card' ? 'pay-bank-card' : 'pay-mobile';
    case 'cancelling':
      return 'terminal-cancel';
  }
}

export function Pay({ screen }: { readonly screen: ScreenOf<'pay'> }): ReactNode {
  const { words } = useKiosk();
  const { amountMinor, means, step } = screen;
  const saying = step === 'present' ? words.pay.present[means] : words.pay[step];
  return (
    <Layout
      key={step}
      look="picture"
      {...saying}
      aside={<Picture name={pictureOf(screen)} />}
      exits={
        step !== 'cancelling' && (
          <Key look="quiet" does={{ kind: 'cancel' }}>
            {words.keys.cancel}
          </Key>
        )
      }
    >
      {step !== 'cancelling' && <AmountLine label={words.pay.toPay} minor={amountMinor} />}
    </Layout>
  );
}
