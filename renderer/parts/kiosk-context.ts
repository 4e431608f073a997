import { createContext, useContext } from 'react';
import type { View } from '../../main/contract/view.ts';
import type { Say } from '../connect.ts';
import type { Words } from '../text/words.ts';

/** What every part of a screen may need: the view on screen, its number, its language, and a way to answer it. */
export type KioskNow = {
  readonly seq: number;
  readonly view: View;
  readonly words: Words;
  readonly say: Say;
};

export const KioskContext = createContext<KioskNow | null>(null);

export function useKiosk(): KioskNow {
  const now = useContext(KioskContext);
  if (now === null) throw new Error('a part of a screen was drawn outside the kiosk');
  return now;
}
