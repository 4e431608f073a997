import './account-rows.css';
import type { ReactNode } from 'react';
import { formatMoney } from '../../main/contract/money.ts';
import type { AccountEnding, AccountRow } from '../../main/contract/view.ts';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { writeMoment } from '../text/say.ts';

/** How an ending is to be taken: all is well, nothing happened, or it is not over. */
const looks: Readonly<Record<AccountEnding, 'good' | 'nothing' | 'open'>> = {
  loaded: 'good',
  'paid-back': 'good',
  'not-paid': 'nothing',
  'going-back': 'open',
  'being-checked': 'open',
  'card-needed': 'open',
};

const signs = { good: 'M20 33l9 9 16-19', nothing: 'M20 32h24', open: 'M32 18v15l10 8' } as const;

/** A line for each top-up, newest first: how much and when, where that money is, and what can be done about it. */
export function AccountRows({ rows }: { readonly rows: readonly AccountRow[] }): ReactNode {
  return (
    <ol className="account">
      {rows.map((row) => (
        <Row key={row.reference} row={row} />
      ))}
    </ol>
  );
}

function Row({ row }: { readonly row: AccountRow }): ReactNode {
  const { view, words } = useKiosk();
  const { keys, account } = words;
  const { reference, ending, afterMinor, canSettle, canPrint } = row;
  const look = looks[ending];
  return (
    <li data-look={look}>
      <svg viewBox="0 0 64 64" aria-hidden="true">
        <circle cx="32" cy="32" r="28" />
        <path d={signs[look]} />
      </svg>
      <div>
        <p className="account__what">
          <b>{formatMoney(row.amountMinor, view.currency)}</b> {writeMoment(row.at, words)}
        </p>
        <p className="account__ending">{account.ending[ending].title}</p>
        <p className="account__rest">
          <span>
            {words.reference} <b>{reference}</b>
          </span>{' '}
          <span>{words.means[row.means]}</span>{' '}
          {afterMinor !== null && (
            <span>{account.newBalance(formatMoney(afterMinor, view.currency))}</span>
          )}
        </p>
      </div>
      <div className="account__keys">
        {canSettle && (
          <Key
            look="plain"
            does={{ kind: 'settle', reference }}
            label={`${keys.askNow} ${reference}`}
          >
            {keys.askNow}
          </Key>
        )}
        {canPrint && (
          <Key
            look="plain"
            does={{ kind: 'print-slip', reference }}
            label={`${keys.printReceipt} ${reference}`}
          >
            {keys.print}
          </Key>
        )}
      </div>
    </li>
  );
}
