import { type ReactNode, useEffect } from 'react';
import type { Shown } from '../main/contract/channel.ts';
import type { Say } from './connect.ts';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { Frame } from './parts/frame.tsx';
import { KioskContext } from './parts/kiosk-context.ts';
import { OneMoment } from './parts/one-moment.tsx';
import { Drawn } from './screens/drawn.tsx';
import { useStore } from './store.ts';
import { wordsIn } from './text/say.ts';

/** The whole kiosk: the view that main showed last, or a calm "one moment" while main cannot be heard. */
export function Kiosk({ say }: { readonly say: Say }): ReactNode {
  const shown = useStore((store) => store.shown);
  const connection = useStore((store) => store.connection);
  if (shown === null || connection === 'lost') {
    return <OneMoment language={shown?.view.language ?? null} />;
  }
  return (
    <ErrorBoundary seq={shown.seq} language={shown.view.language}>
      <Shows shown={shown} say={say} />
    </ErrorBoundary>
  );
}

function Shows({ shown, say }: { readonly shown: Shown; readonly say: Say }): ReactNode {
  const { seq, view } = shown;
  useEffect(() => {
    document.documentElement.lang = view.language;
  }, [view.language]);
  return (
    <KioskContext value={{ seq, view, words: wordsIn[view.language], say }}>
      <Frame>
        <Drawn screen={view.screen} />
      </Frame>
    </KioskContext>
  );
}
