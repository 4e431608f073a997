import type { ReactNode } from 'react';
import type { Slip } from '../../main/contract/view.ts';
import { Key } from './key.tsx';
import { useKiosk } from './kiosk-context.ts';
import { Note } from './note.tsx';
import { useChime } from './use-chime.ts';

/** What has become of the slip, beside something more important. */
export function SlipNote({ state }: Pick<Slip, 'state'>): ReactNode {
  const { words } = useKiosk();
  const isComing = state === 'printing' || state === 'printed';
  return <Note look={isComing ? 'plain' : 'caution'}>{words.slip[state]}</Note>;
}

/** The ways on from a page with a slip: have it printed, where that can be done now, and be done. */
export function SlipKeys({
  slip,
  finish,
}: {
  readonly slip: Slip | null;
  readonly finish: string;
}): ReactNode {
  const canPrint = slip?.canPrint === true;
  return (
    <>
      <Key look={canPrint ? 'plain' : 'main'} does={{ kind: 'finish' }}>
        {finish}
      </Key>
      {canPrint && <PrintKey state={slip.state} />}
    </>
  );
}

/** It comes up by itself when the printer is back, so it is heard. */
function PrintKey({ state }: Pick<Slip, 'state'>): ReactNode {
  const { words } = useKiosk();
  useChime();
  return (
    <Key look="main" does={{ kind: 'print-again' }}>
      {state === 'not-printed' ? words.keys.printReceipt : words.keys.printCopy}
    </Key>
  );
}
