import './frame.css';
import type { ReactNode } from 'react';
import { languages } from '../../main/contract/language.ts';
import type { ScreenKind } from '../../main/contract/view.ts';
import { wordsIn } from '../text/say.ts';
import { IdleWarning } from './idle-warning.tsx';
import { Key } from './key.tsx';
import { useKiosk } from './kiosk-context.ts';
import { Steps } from './steps.tsx';

/** Posters, on the accent colour: the moments when the person's hands must do something with the card. */
const posters: ReadonlySet<ScreenKind> = new Set(['attract', 'put-card-back', 'take-card']);

/** What is around every screen: the station, where to find help, the steps of a load, the languages, and the idle warning. */
export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const { view, words } = useKiosk();
  const { screen, idleWarning } = view;
  return (
    <div
      className="frame"
      data-tone={posters.has(screen.kind) ? 'accent' : 'paper'}
      data-screen={screen.kind}
    >
      <div className="frame__all" inert={idleWarning !== null}>
        <header className="frame__head">
          <p className="frame__station">{view.stationName}</p>
          {view.helpLine !== '' && (
            <p className="frame__help">
              {words.needHelp} <b>{view.helpLine}</b>
            </p>
          )}
        </header>
        <Steps />
        <main className="frame__main">{children}</main>
        <nav className="frame__languages" aria-label={words.chooseLanguage}>
          {languages.map((language) => (
            <Key
              key={language}
              look="plain"
              lang={language}
              pressed={language === view.language}
              does={{ kind: 'choose-language', language }}
            >
              {wordsIn[language].name}
            </Key>
          ))}
        </nav>
      </div>
      {idleWarning !== null && <IdleWarning remainingMs={idleWarning.remainingMs} />}
    </div>
  );
}
