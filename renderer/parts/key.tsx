import './key.css';
import { type ReactNode, useState } from 'react';
import type { Command } from '../../main/contract/command.ts';
import { useKiosk } from './kiosk-context.ts';

type Props = {
  /** `main`: what most people want next. `plain`: another way on. `quiet`: the way out. `tile`: one of several choices. */
  readonly look: 'main' | 'plain' | 'quiet' | 'tile';
  /** Sent to main, or done here and now (the keypad). */
  readonly does: Command | (() => void);
  readonly children: ReactNode;
  /** Why it cannot be pressed now. It stays readable and focusable, and says this. */
  readonly obstacle?: string | null;
  /** The same, where another element (its id) already says why. */
  readonly obstacleId?: string | null;
  /** For a choice among several: whether it is the chosen one. */
  readonly pressed?: boolean;
  readonly label?: string;
  readonly lang?: string;
};

/** A key. It shows that it was pressed at once, and stays so until main shows the next view. */
export function Key(props: Props): ReactNode {
  const { seq, say } = useKiosk();
  const [answeredSeq, setAnsweredSeq] = useState<number | null>(null);
  const { look, does, obstacle = null, obstacleId = null, pressed, label, lang, children } = props;

  const possible = obstacle === null && obstacleId === null;

  const press = () => {
    // What is chosen already has nothing to say: main would show no new view, and the next tap would be held back.
    if (!possible || pressed === true) return;
    if (typeof does === 'function') does();
    else if (say(does)) setAnsweredSeq(seq);
  };

  return (
    <button
      type="button"
      className={`key key--${look}`}
      data-answered={answeredSeq === seq ? '' : undefined}
      aria-disabled={possible ? undefined : true}
      aria-describedby={obstacleId ?? undefined}
      aria-pressed={pressed}
      aria-label={label}
      lang={lang}
      onClick={press}
    >
      <span className="key__face">{children}</span>
      {obstacle !== null && <span className="key__obstacle">{obstacle}</span>}
    </button>
  );
}
