import './out-of-service.css';
import type { ReactNode } from 'react';
import { FaultList } from '../parts/fault-list.tsx';
import { FindMoneyKey } from '../parts/find-money-key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Note } from '../parts/note.tsx';
import { Picture } from '../parts/picture.tsx';
import type { ScreenOf } from './screen-of.ts';

/** More would push what is for the customer off the screen. */
const shownNotes = 3;

type Props = { readonly screen: ScreenOf<'out-of-service'> };

export function OutOfService({ screen }: Props): ReactNode {
  const { words } = useKiosk();
  const { faults, settling, balanceWorks, canFindMoney, notes } = screen;
  return (
    <Layout
      look="picture"
      {...(settling ? words.outOfService.settling : words.outOfService)}
      aside={<Picture name={settling ? 'wait' : 'out-of-service'} />}
      exits={canFindMoney && <FindMoneyKey />}
    >
      <div className="stack">
        {balanceWorks && <Note look="good">{words.outOfService.balanceWorks}</Note>}
        {faults.length > 0 && <FaultList faults={faults} />}
        {notes.length > 0 && (
          <ul className="technician">
            {notes.slice(0, shownNotes).map((note) => (
              <li key={note} lang="en">
                {note}
              </li>
            ))}
            {notes.length > shownNotes && <li>{words.outOfService.seeLog}</li>}
          </ul>
        )}
      </div>
    </Layout>
  );
}
