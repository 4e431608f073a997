import './card.css';
import type { ReactNode } from 'react';
import { CardFace } from '../parts/card-face.tsx';
import { FindMoneyKey } from '../parts/find-money-key.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Money } from '../parts/money.tsx';
import { Note } from '../parts/note.tsx';
import { writeMoment, writeObstacle } from '../text/say.ts';
import type { ScreenOf } from './screen-of.ts';

export function Card({ screen }: { readonly screen: ScreenOf<'card'> }): ReactNode {
  const { view, words } = useKiosk();
  const { card, history, topUpObstacle } = screen;
  return (
    <Layout
      look="work"
      title={topUpObstacle === null ? words.card.title : words.card.blockedTitle}
      aside={<CardFace card={card} />}
      keys={
        topUpObstacle === null ? (
          <Key look="main" does={{ kind: 'begin-top-up' }}>
            {words.keys.topUp}
          </Key>
        ) : (
          <Key look="main" does={{ kind: 'cancel' }}>
            {words.keys.endVisit}
          </Key>
        )
      }
      exits={
        <>
          <FindMoneyKey />
          {topUpObstacle === null && (
            <Key look="quiet" does={{ kind: 'cancel' }}>
              {words.keys.endVisit}
            </Key>
          )}
        </>
      }
    >
      {topUpObstacle !== null && (
        <Note look="caution">{writeObstacle(topUpObstacle, words, view.currency)}</Note>
      )}
      <section className="history">
        <h2>{words.card.history}</h2>
        {history.length === 0 ? (
          <p className="history__none">{words.card.noHistory}</p>
        ) : (
          <ol data-few={history.length <= 6 ? '' : undefined}>
            {history.map((row) => (
              <li key={`${row.kind} ${row.counter} ${row.at}`} data-kind={row.kind}>
                <span className="history__at">{writeMoment(row.at, words)}</span>
                <span className="history__kind">{words.card.rows[row.kind]}</span>
                <span className="history__amount">
                  {row.kind === 'load' ? (
                    <Money minor={row.amountMinor} sign="+" />
                  ) : (
                    <Money minor={row.amountMinor} />
                  )}
                </span>
              </li>
            ))}
          </ol>
        )}
      </section>
    </Layout>
  );
}
