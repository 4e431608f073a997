import type { ReactNode } from 'react';
import { Key } from './key.tsx';
import { useKiosk } from './kiosk-context.ts';

/** "Where is my money?": always at hand where a visit begins, never in the way of who wants to top up. */
export function FindMoneyKey(): ReactNode {
  const { words } = useKiosk();
  return (
    <Key look="quiet" does={{ kind: 'find-money' }}>
      {words.keys.findMoney}
    </Key>
  );
}
