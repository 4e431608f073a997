import type { ReactNode } from 'react';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture } from '../parts/picture.tsx';
import type { ScreenOf } from './screen-of.ts';

export function HoldCard({ screen }: { readonly screen: ScreenOf<'hold-card'> }): ReactNode {
  const { words } = useKiosk();
  return (
    <Layout
      look="picture"
      {...words.holdCard[screen.step]}
      aside={<Picture name={screen.step === 'done' ? 'read-card' : 'write-card'} />}
    />
  );
}
