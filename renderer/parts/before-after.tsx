import './before-after.css';
import type { ReactNode } from 'react';
import type { MinorUnits } from '../../main/contract/money.ts';
import { useKiosk } from './kiosk-context.ts';
import { Money } from './money.tsx';

type Props = {
  readonly beforeMinor: MinorUnits;
  /** Null while the amount being typed is not possible. */
  readonly afterMinor: MinorUnits | null;
};

/** The balance now and the balance after: the one comparison everybody checks. */
export function BeforeAfter({ beforeMinor, afterMinor }: Props): ReactNode {
  const { words } = useKiosk();
  return (
    <dl className="before-after">
      <div>
        <dt>{words.before}</dt>
        <dd>
          <Money minor={beforeMinor} />
        </dd>
      </div>
      <svg className="before-after__arrow" viewBox="0 0 48 48" aria-hidden="true">
        <path d="M6 24h34M27 10l14 14-14 14" />
      </svg>
      <div className="before-after__after">
        <dt>{words.after}</dt>
        <dd>{afterMinor === null ? '–' : <Money minor={afterMinor} />}</dd>
      </div>
    </dl>
  );
}
