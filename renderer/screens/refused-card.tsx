import type { ReactNode } from 'react';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Note } from '../parts/note.tsx';
import { Picture } from '../parts/picture.tsx';
import type { ScreenOf } from './screen-of.ts';

export function RefusedCard({ screen }: { readonly screen: ScreenOf<'refused-card'> }): ReactNode {
  const { words } = useKiosk();
  const { reason, name } = screen;
  const known = name === null ? undefined : words.refusedCard.names[name];
  return (
    <Layout
      look="picture"
      {...words.refusedCard[reason]}
      aside={<Picture name={reason === 'reader-fault' ? 'out-of-service' : 'refuse-card'} />}
      keys={
        <Key look="main" does={{ kind: 'finish' }}>
          {words.keys.understood}
        </Key>
      }
    >
      {known !== undefined && <Note look="plain">{words.refusedCard.named(known)}</Note>}
    </Layout>
  );
}
