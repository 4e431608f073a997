import type { ReactNode } from 'react';
import { formatMoney } from '../../main/contract/money.ts';
import { Facts } from '../parts/facts.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Money } from '../parts/money.tsx';
import { Note } from '../parts/note.tsx';
import { Picture } from '../parts/picture.tsx';
import { SlipKeys, SlipNote } from '../parts/slip.tsx';
import type { ScreenOf } from './screen-of.ts';

export function MoneyBack({ screen }: { readonly screen: ScreenOf<'money-back'> }): ReactNode {
  const { view, words } = useKiosk();
  const { amountMinor, reference, step, why, slip } = screen;
  const say = words.moneyBack.step[step];
  return (
    <Layout
      key={step}
      look="picture"
      title={say.title}
      lead={say.lead(formatMoney(amountMinor, view.currency))}
      aside={<Picture name="money-back" />}
      note={slip !== null && <SlipNote state={slip.state} />}
      keys={step !== 'under-way' && <SlipKeys slip={slip} finish={words.keys.understood} />}
    >
      <div className="stack">
        <Note look="plain">{words.moneyBack.why[why]}</Note>
        <Facts
          facts={[
            { name: words.topUpAmount, value: <Money minor={amountMinor} /> },
            { name: words.reference, value: reference },
          ]}
        />
      </div>
    </Layout>
  );
}
