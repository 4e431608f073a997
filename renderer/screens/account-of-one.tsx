import './account-of-one.css';
import type { ReactNode } from 'react';
import { formatMoney } from '../../main/contract/money.ts';
import type { AccountEnding, AccountRow } from '../../main/contract/view.ts';
import { Facts } from '../parts/facts.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Money } from '../parts/money.tsx';
import { Picture, type PictureName } from '../parts/picture.tsx';
import { writeMoment } from '../text/say.ts';

const pictures: Readonly<Record<AccountEnding, PictureName>> = {
  loaded: 'done',
  'paid-back': 'money-back',
  'not-paid': 'terminal-declined',
  'going-back': 'money-back',
  'being-checked': 'terminal-wait',
  'card-needed': 'insert-card',
};

type Props = { readonly row: AccountRow; readonly exits: ReactNode };

/** One top-up: where its money is, as the screen's own statement. */
export function AccountOfOne({ row, exits }: Props): ReactNode {
  const { view, words } = useKiosk();
  const { reference, at, amountMinor, means, maskedNumber, ending, afterMinor } = row;
  const say = words.account.ending[ending];
  return (
    <Layout
      look="picture"
      title={say.title}
      lead={
        afterMinor === null
          ? say.lead
          : words.account.newBalance(formatMoney(afterMinor, view.currency))
      }
      aside={<Picture name={pictures[ending]} />}
      keys={
        (row.canSettle || row.canPrint) && (
          <>
            {row.canPrint && (
              <Key look="plain" does={{ kind: 'print-slip', reference }}>
                {words.keys.printReceipt}
              </Key>
            )}
            {row.canSettle && (
              <Key look="main" does={{ kind: 'settle', reference }}>
                {words.keys.askNow}
              </Key>
            )}
          </>
        )
      }
      exits={exits}
    >
      <Facts
        facts={[
          {
            name: words.topUpAmount,
            value: (
              <>
                <Money minor={amountMinor} /> · {words.means[means]}
              </>
            ),
          },
          { name: words.account.at, value: writeMoment(at, words) },
          { name: words.cardNumber, value: maskedNumber },
          { name: words.reference, value: reference },
        ]}
      />
    </Layout>
  );
}
