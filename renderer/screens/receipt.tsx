import type { ReactNode } from 'react';
import { Facts } from '../parts/facts.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Money } from '../parts/money.tsx';
import { Picture, type PictureName } from '../parts/picture.tsx';
import { Qr } from '../parts/qr.tsx';
import { SlipKeys } from '../parts/slip.tsx';
import type { ScreenOf } from './screen-of.ts';

/** Where there is paper to look for; else its code is shown. */
const pictures: { readonly [state in ScreenOf<'receipt'>['state']]?: PictureName } = {
  printing: 'print-receipt',
  printed: 'take-receipt',
};

export function Receipt({ screen }: { readonly screen: ScreenOf<'receipt'> }): ReactNode {
  const { words } = useKiosk();
  const { state, amountMinor, afterMinor, reference, qrText } = screen;
  const picture = pictures[state];
  const isComing = state === 'printing' || state === 'paper-out' || state === 'cover-open';
  return (
    <Layout
      key={state}
      look="picture"
      {...words.receipt[state]}
      aside={
        picture === undefined ? (
          <Qr text={qrText} label={words.receipt.qr} />
        ) : (
          <Picture name={picture} />
        )
      }
      keys={!isComing && <SlipKeys slip={screen} finish={words.keys.finish} />}
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
