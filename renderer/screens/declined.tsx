import type { ReactNode } from 'react';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Note } from '../parts/note.tsx';
import { Picture } from '../parts/picture.tsx';
import type { ScreenOf } from './screen-of.ts';

export function Declined({ screen }: { readonly screen: ScreenOf<'declined'> }): ReactNode {
  const { words } = useKiosk();
  const { reason, canRetry } = screen;
  return (
    <Layout
      look="picture"
      {...words.declined[reason]}
      aside={
        <Picture
          name={
            reason === 'cancelled' || reason === 'timed-out'
              ? 'terminal-cancel'
              : 'terminal-declined'
          }
        />
      }
      keys={
        canRetry && (
          <Key look="main" does={{ kind: 'retry' }}>
            {words.keys.retry}
          </Key>
        )
      }
      exits={
        <Key look={canRetry ? 'quiet' : 'main'} does={{ kind: 'cancel' }}>
          {words.keys.endVisit}
        </Key>
      }
    >
      <Note look="good">{words.declined.noMoney}</Note>
    </Layout>
  );
}
