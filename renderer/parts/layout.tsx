import './layout.css';
import { type ReactNode, useEffect, useRef } from 'react';

type Props = {
  /** `picture`: one thing to do, shown large. `work`: something to read and choose. */
  readonly look: 'picture' | 'work';
  readonly title: string;
  readonly lead?: string | null;
  /** The illustration, or the card. */
  readonly aside?: ReactNode;
  readonly children?: ReactNode;
  readonly keys?: ReactNode;
};

/** One question a screen: its title (which takes the focus), what it is about, what can be answered. */
export function Layout({ look, title, lead = null, aside, children, keys }: Props): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={`layout layout--${look}`}>
      <div className="layout__head" aria-live="polite">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead !== null && <p className="layout__lead">{lead}</p>}
      </div>
      {aside !== undefined && <div className="layout__aside">{aside}</div>}
      {children !== undefined && <div className="layout__body">{children}</div>}
      {keys !== undefined && <div className="layout__keys">{keys}</div>}
    </div>
  );
}
