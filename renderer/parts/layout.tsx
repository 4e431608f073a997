import './layout.css';
import { type ReactNode, useEffect, useRef } from 'react';

type Props = {
  /** `picture`: one thing to do, shown large. `work`: something to read and choose. */
  readonly look: 'picture' | 'work';
  readonly title: string;
  readonly lead?: ReactNode;
  /** The illustration, or the card. */
  readonly aside?: ReactNode;
  readonly children?: ReactNode;
  /** Something that goes on beside the question. Read out when it changes. */
  readonly note?: ReactNode;
  /** The way on. */
  readonly keys?: ReactNode;
  /** The ways back and out. */
  readonly exits?: ReactNode;
};

/** One question a screen: its title (which takes the focus), what it is about, what can be answered. */
export function Layout({
  look,
  title,
  lead = null,
  aside,
  children,
  note,
  keys,
  exits,
}: Props): ReactNode {
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
        {lead !== null && <div className="layout__lead">{lead}</div>}
      </div>
      {aside !== undefined && <div className="layout__aside">{aside}</div>}
      {children && <div className="layout__body">{children}</div>}
      {note && (
        <div className="layout__note" aria-live="polite">
          {note}
        </div>
      )}
      {keys && <div className="layout__keys">{keys}</div>}
      {exits && <div className="layout__exits">{exits}</div>}
    </div>
  );
}
