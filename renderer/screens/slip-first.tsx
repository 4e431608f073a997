import type { ReactNode } from 'react';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture } from '../parts/picture.tsx';

export function SlipFirst(): ReactNode {
  const { words } = useKiosk();
  return <Layout look="picture" {...words.slipFirst} aside={<Picture name="wait" />} />;
}
