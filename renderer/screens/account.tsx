import './account.css';
import type { ReactNode } from 'react';
import { formatMoney } from '../../main/contract/money.ts';
import type { AccountEnding, AccountRow } from '../../main/contract/view.ts';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture } from '../parts/picture.tsx';
import { writeCall, writeMoment, writeSentences } from '../text/say.ts';
import type { ScreenOf } from './screen-of.ts';

/** How an ending is to be taken: nothing left to do, money on its way, or something that a person has to do. */
const looks: Readonly<Record<AccountEnding, 'good' | 'nothing' | 'waits'>> = {
  loaded: 'good',
  'paid-back': 'good',
  'not-paid': 'nothing',
  'going-back': 'waits',
  'being-checked': 'waits',
  'card-needed': 'waits',
};

const signs: Readonly<Record<(typeof looks)[AccountEnding], string>> = {
  good: 'M20 33l9 9 16-19',
  nothing: 'M20 32h24',
  waits: 'M32 18v15l10 8',
};

/** What became of somebody's last top-ups here: one plain sentence each, and what can be done about it. */
export function Account({ screen }: { readonly screen: ScreenOf<'account'> }): ReactNode {
  const { view, words } = useKiosk();
  const { maskedNumber, rows } = screen;
  const say = words.account;
  const exits = (
    <>
      <Key look="quiet" does={{ kind: 'back' }}>
        {words.keys.back}
      </Key>
      <Key look="quiet" does={{ kind: 'cancel' }}>
        {maskedNumber === null ? words.keys.finish : words.keys.endVisit}
      </Key>
    </>
  );
  if (rows.length === 0) {
    return (
      <Layout
        look="picture"
        title={say.none.title}
        lead={writeSentences([say.none.lead, ...writeCall(view.helpLine, words)], view.language)}
        aside={<Picture name="staff" />}
        exits={exits}
      />
    );
  }
  return (
    <Layout
      look="work"
      title={maskedNumber === null ? say.one : say.several}
      lead={maskedNumber === null ? null : say.ofCard(maskedNumber.slice(-4))}
      exits={exits}
    >
      <ol className="account" data-few={rows.length <= 2 ? '' : undefined}>
        {rows.map((row) => (
          <Row key={row.reference} row={row} namesCard={maskedNumber === null} />
        ))}
      </ol>
    </Layout>
  );
}

type RowProps = { readonly row: AccountRow; readonly namesCard: boolean };

function Row({ row, namesCard }: RowProps): ReactNode {
  const { view, words } = useKiosk();
  const { reference, at, amountMinor, means, maskedNumber, ending, afterMinor } = row;
  const look = looks[ending];
  const written = (minor: typeof amountMinor) => formatMoney(minor, view.currency);
  return (
    <li className="account__row" data-look={look}>
      <svg viewBox="0 0 64 64" aria-hidden="true">
        <circle cx="32" cy="32" r="28" />
        <path d={signs[look]} />
      </svg>
      <div className="account__told">
        <p className="account__what">
          <b>{written(amountMinor)}</b> {words.means[means]} <span>{writeMoment(at, words)}</span>
        </p>
        <p className="account__ending">
          {writeSentences(
            [
              words.account.ending[ending],
              ...(afterMinor === null ? [] : [words.account.after(written(afterMinor))]),
            ],
            view.language,
          )}
        </p>
        <p className="account__numbers">
          {words.reference} <b>{reference}</b>
          {namesCard && (
            <>
              {' '}
              {words.cardNumber} <b>{maskedNumber}</b>
            </>
          )}
        </p>
      </div>
      <div className="account__keys">
        {row.canSettle && (
          <Key
            look="plain"
            does={{ kind: 'settle', reference }}
            label={`${words.keys.askNow} ${reference}`}
          >
            {words.keys.askNow}
          </Key>
        )}
        {row.canPrint && (
          <Key
            look="plain"
            does={{ kind: 'print-slip', reference }}
            label={`${words.keys.printReceipt} ${reference}`}
          >
            {words.keys.printReceipt}
          </Key>
        )}
      </div>
    </li>
  );
}
