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
  const { title, lead } = words.declined[reason];
  // What it says of another try is not true where there is no key for one.
  const leadHolds = canRetry || reason === 'terminal-fault';
  return (
    <Layout
      look="picture"
      title={title}
      lead={leadHolds ? lead : null}
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
