import './put-card-back.css';
import type { ReactNode } from 'react';
import { formatMoney } from '../../main/contract/money.ts';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture, type PictureName } from '../parts/picture.tsx';
import { useChime } from '../parts/use-chime.ts';
import { useCountdown } from '../parts/use-countdown.ts';
import type { ScreenOf } from './screen-of.ts';

const pictures: Readonly<Record<ScreenOf<'put-card-back'>['why'], PictureName>> = {
  'card-away': 'put-card-back',
  'other-card': 'take-card',
  'two-cards': 'two-cards',
  'card-mute': 'put-card-back',
  'reader-down': 'wait',
};

export function PutCardBack({ screen }: { readonly screen: ScreenOf<'put-card-back'> }): ReactNode {
  const { view, words } = useKiosk();
  useChime();
  const seconds = useCountdown(screen.remainingMs);
  const { amountMinor, maskedNumber, why, finishes, canCancel, reference } = screen;
  const say = words.putCardBack;
  const { title, lead } = say.why[why];
  const settles = why === 'card-away' && !finishes;
  const amount = formatMoney(amountMinor, view.currency);
  return (
    <Layout
      key={why}
      look="picture"
      title={title}
      lead={(settles ? say.settlesLead : lead)(maskedNumber.slice(-4), amount)}
      aside={<Picture name={pictures[why]} />}
      exits={
        canCancel && (
          <Key look="quiet" does={{ kind: 'cancel' }}>
            {words.keys.moneyBack}
          </Key>
        )
      }
    >
      <div className="waiting">
        <p>
          {why === 'reader-down' ? say.readerTimeLeft : say.cardTimeLeft}
          <b role="timer">{words.seconds(seconds)}</b>
        </p>
        <p>
          {words.reference} <b>{reference}</b>
        </p>
      </div>
    </Layout>
  );
}
