import './idle-warning.css';
import { type ReactNode, useEffect, useRef } from 'react';
import { Key } from './key.tsx';
import { useKiosk } from './kiosk-context.ts';
import { useChime } from './use-chime.ts';
import { useCountdown } from './use-countdown.ts';

/** Over whatever is on screen: one touch keeps the visit. What is underneath cannot be touched meanwhile. */
export function IdleWarning({ remainingMs }: { readonly remainingMs: number }): ReactNode {
  const { words } = useKiosk();
  const seconds = useCountdown(remainingMs);
  useChime();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.querySelector('button')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <div className="idle">
      <div
        ref={box}
        className="idle__box"
        role="alertdialog"
        aria-modal="true"
        aria-labelledby="idle-title"
        aria-describedby="idle-lead"
      >
        <h2 id="idle-title">{words.idle.title}</h2>
        <p id="idle-lead" className="idle__lead">
          {words.idle.lead}
        </p>
        <p className="idle__seconds" role="timer">
          {words.seconds(seconds)}
        </p>
        <Key look="main" does={{ kind: 'more-time' }}>
          {words.keys.moreTime}
        </Key>
      </div>
    </div>
  );
}
