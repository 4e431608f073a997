import type { ReactNode } from 'react';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture } from '../parts/picture.tsx';
import { writeSentences } from '../text/say.ts';
import type { Saying, Words } from '../text/words.ts';
import type { ScreenOf } from './screen-of.ts';

export function RefusedCard({ screen }: { readonly screen: ScreenOf<'refused-card'> }): ReactNode {
  const { view, words } = useKiosk();
  const { reason, name } = screen;
  const { title, lead } = words.refusedCard[reason];
  const known = knownCard(name, words);
  return (
    <Layout
      look="picture"
      title={known?.title ?? title}
      lead={known === undefined ? lead : writeSentences([known.lead, lead], view.language)}
      aside={<Picture name={reason === 'reader-fault' ? 'out-of-service' : 'refuse-card'} />}
      keys={
        <Key look="main" does={{ kind: 'finish' }}>
          {words.keys.understood}
        </Key>
      }
    />
  );
}

/** What is said of a card by its name; nothing of itself where there are no words for it. */
function knownCard(name: string | null, { refusedCard }: Words): Saying | undefined {
  const known: Readonly<Record<string, Saying>> = refusedCard.known;
  return name === null ? undefined : known[name];
}
