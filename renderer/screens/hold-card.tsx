import './hold-card.css';
import type { ReactNode } from 'react';
import type { LoadStep } from '../../main/contract/view.ts';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture } from '../parts/picture.tsx';
import type { ScreenOf } from './screen-of.ts';

export function HoldCard({ screen }: { readonly screen: ScreenOf<'hold-card'> }): ReactNode {
  const { words } = useKiosk();
  return (
    <Layout
      look="picture"
      {...words.holdCard[screen.step]}
      aside={<Picture name={screen.step === 'done' ? 'read-card' : 'write-card'} />}
    >
      <Steps now={screen.step} />
    </Layout>
  );
}

const order: readonly LoadStep[] = ['paid', 'writing', 'done'];

/** "Paid" is behind as soon as it is shown; writing and the last check are under way while they are shown. */
function Steps({ now }: { readonly now: LoadStep }): ReactNode {
  const { words } = useKiosk();
  const at = Math.max(1, order.indexOf(now));
  return (
    <ol className="steps" aria-label={words.holdCard.stepsLabel}>
      {order.map((step, index) => (
        <li
          key={step}
          data-state={index < at ? 'behind' : index === at ? 'now' : 'ahead'}
          aria-current={index === at ? 'step' : undefined}
        >
          <svg viewBox="0 0 64 64" aria-hidden="true">
            <circle cx="32" cy="32" r="28" />
            {index < at && <path d="M20 33l9 9 16-19" />}
          </svg>
          {words.holdCard.steps[step]}
        </li>
      ))}
    </ol>
  );
}
