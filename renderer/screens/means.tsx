import './means.css';
import type { ReactNode } from 'react';
import { AmountLine } from '../parts/amount-line.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { MeansIcon } from '../parts/means-icon.tsx';
import { writeObstacle } from '../text/say.ts';
import type { ScreenOf } from './screen-of.ts';

export function Means({ screen }: { readonly screen: ScreenOf<'means'> }): ReactNode {
  const { view, words } = useKiosk();
  return (
    <Layout
      look="work"
      {...words.chooseMeans}
      aside={<AmountLine label={words.pay.toPay} minor={screen.amountMinor} />}
      exits={
        <>
          <Key look="quiet" does={{ kind: 'back' }}>
            {words.keys.back}
          </Key>
          <Key look="quiet" does={{ kind: 'cancel' }}>
            {words.keys.cancel}
          </Key>
        </>
      }
    >
      <ul className="means">
        {screen.choices.map(({ id, kind, obstacle }) => (
          <li key={id}>
            <Key
              look="tile"
              does={{ kind: 'choose-means', means: id }}
              obstacle={obstacle === null ? null : writeObstacle(obstacle, words, view.currency)}
            >
              <MeansIcon kind={kind} />
              <span>{words.means[kind]}</span>
            </Key>
          </li>
        ))}
      </ul>
    </Layout>
  );
}
