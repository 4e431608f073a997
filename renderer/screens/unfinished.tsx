import { type ReactNode, useId } from 'react';
import { formatMoney } from '../../main/contract/money.ts';
import { Facts } from '../parts/facts.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture } from '../parts/picture.tsx';
import { useChime } from '../parts/use-chime.ts';
import { useCountdown } from '../parts/use-countdown.ts';
import { writeObstacle } from '../text/say.ts';
import type { ScreenOf } from './screen-of.ts';

/** Paid for earlier and never loaded: the person says which of the two ways it ends. */
export function Unfinished({ screen }: { readonly screen: ScreenOf<'unfinished'> }): ReactNode {
  const { view, words } = useKiosk();
  useChime();
  const obstacleId = useId();
  const seconds = useCountdown(screen.remainingMs);
  const { amountMinor, reference, maskedNumber, finishObstacle } = screen;
  const say = words.unfinished;
  const amount = formatMoney(amountMinor, view.currency);
  return (
    <Layout
      look="picture"
      title={say.title}
      lead={say.lead(maskedNumber.slice(-4), amount)}
      aside={<Picture name="read-card" />}
      keys={
        <>
          <Key look={finishObstacle === null ? 'plain' : 'main'} does={{ kind: 'pay-back' }}>
            {words.keys.payBack}
          </Key>
          <Key
            look="main"
            does={{ kind: 'finish-top-up' }}
            obstacleId={finishObstacle === null ? null : obstacleId}
          >
            {words.keys.finishTopUp}
          </Key>
        </>
      }
    >
      <div className="stack">
        {finishObstacle !== null && (
          <p id={obstacleId} className="note note--caution">
            {writeObstacle(finishObstacle, words, view.currency)}
          </p>
        )}
        <Facts
          facts={[
            { name: words.reference, value: reference },
            { name: say.timeLeft, value: <span role="timer">{words.seconds(seconds)}</span> },
          ]}
        />
      </div>
    </Layout>
  );
}
