import './put-card-back.css';
import type { ReactNode } from 'react';
import { formatMoney } from '../../main/contract/money.ts';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture } from '../parts/picture.tsx';
import { useChime } from '../parts/use-chime.ts';
import { useCountdown } from '../parts/use-countdown.ts';
import type { ScreenOf } from './screen-of.ts';

export function PutCardBack({ screen }: { readonly screen: ScreenOf<'put-card-back'> }): ReactNode {
  const { view, words } = useKiosk();
  useChime();
  const seconds = useCountdown(screen.remainingMs);
  const { amountMinor, maskedNumber, wrongCard, finishes, canCancel, reference } = screen;
  const say = words.putCardBack;
  const last = maskedNumber.slice(-4);
  const lead = finishes ? say.lead : say.settlesLead;
  return (
    <Layout
      look="picture"
      title={wrongCard ? say.wrongTitle : say.title}
      lead={wrongCard ? say.wrongLead(last) : lead(formatMoney(amountMinor, view.currency), last)}
      aside={<Picture name={wrongCard ? 'take-card' : 'put-card-back'} />}
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
          {say.timeLeft}
          <b role="timer">{words.seconds(seconds)}</b>
        </p>
        <p>
          {words.reference} <b>{reference}</b>
        </p>
      </div>
    </Layout>
  );
}
