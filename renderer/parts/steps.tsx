import './steps.css';
import type { ReactNode } from 'react';
import type { LoadStep, Screen } from '../../main/contract/view.ts';
import { useKiosk } from './kiosk-context.ts';

const order: readonly LoadStep[] = ['paid', 'writing', 'done'];

/** How many steps lie behind the person; null where a screen is not about a load under way. */
function stepsBehind(screen: Screen): number | null {
  switch (screen.kind) {
    case 'hold-card':
      // "Paid" is behind as soon as it is shown; writing and the last check are under way while they are shown.
      return Math.max(1, order.indexOf(screen.step));
    case 'done':
      return order.length;
    default:
      return null;
  }
}

/** Paid, writing, done: one list in one place, from the payment until the card has been proved. */
export function Steps(): ReactNode {
  const { view, words } = useKiosk();
  const behind = stepsBehind(view.screen);
  if (behind === null) return null;
  return (
    <ol className="steps" aria-label={words.holdCard.stepsLabel}>
      {order.map((step, index) => (
        <li
          key={step}
          data-state={index < behind ? 'behind' : index === behind ? 'now' : 'ahead'}
          aria-current={index === behind ? 'step' : undefined}
        >
          <svg viewBox="0 0 64 64" aria-hidden="true">
            <circle cx="32" cy="32" r="28" />
            {index < behind && <path d="M20 33l9 9 16-19" />}
          </svg>
          {words.holdCard.steps[step]}
        </li>
      ))}
    </ol>
  );
}
