import './card.css';
import type { ReactNode } from 'react';
import type { Obstacle, View } from '../../main/contract/view.ts';
import { CardFace } from '../parts/card-face.tsx';
import { FindMoneyKey } from '../parts/find-money-key.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Money } from '../parts/money.tsx';
import { Note } from '../parts/note.tsx';
import { wordsIn, writeMoment, writeObstacle } from '../text/say.ts';
import type { Saying } from '../text/words.ts';
import type { ScreenOf } from './screen-of.ts';

export function Card({ screen }: { readonly screen: ScreenOf<'card'> }): ReactNode {
  const { view, words } = useKiosk();
  const { card, history, topUpObstacle } = screen;
  const obstacle = topUpObstacle === null ? null : writeWhyNot(topUpObstacle, view);
  return (
    <Layout
      look="work"
      title={obstacle?.title ?? words.card.title}
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
      {obstacle !== null && <Note look="caution">{obstacle.lead}</Note>}
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

/** That this card cannot be topped up: for a reason of its own, or because this machine cannot. */
function writeWhyNot(obstacle: Obstacle, { language, currency }: View): Saying {
  const words = wordsIn[language];
  const { blockedTitle, notHere } = words.card;
  if (obstacle.kind !== 'device-down') {
    return { title: blockedTitle, lead: writeObstacle(obstacle, words, currency) };
  }
  const { title, lead, thisKind } = notHere;
  return { title, lead: obstacle.device === 'sam' ? thisKind : lead };
}
