import './note.css';
import type { ReactNode } from 'react';

type Props = {
  /** `good`: nothing to worry about. `caution`: something is not as expected. */
  readonly look: 'good' | 'caution' | 'plain';
  readonly children: ReactNode;
};

/** One sentence set apart, so that it is read. */
export function Note({ look, children }: Props): ReactNode {
  return <p className={`note note--${look}`}>{children}</p>;
}
