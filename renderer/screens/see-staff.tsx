import './see-staff.css';
import type { ReactNode } from 'react';
import { formatMoney } from '../../main/contract/money.ts';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture } from '../parts/picture.tsx';
import { SlipKeys, SlipNote } from '../parts/slip.tsx';
import type { ScreenOf } from './screen-of.ts';

export function SeeStaff({ screen }: { readonly screen: ScreenOf<'see-staff'> }): ReactNode {
  const { view, words } = useKiosk();
  const { amountMinor, reference, why, slip } = screen;
  return (
    <Layout
      look="picture"
      title={words.seeStaff.title}
      lead={words.seeStaff.why[why](formatMoney(amountMinor, view.currency))}
      aside={<Picture name="staff" />}
      note={<SlipNote state={slip.state} />}
      keys={<SlipKeys slip={slip} finish={words.keys.finish} />}
    >
      <div className="claim">
        <p className="claim__label">{words.reference}</p>
        <p className="claim__reference">{reference}</p>
        <p className="claim__next">{words.seeStaff.next}</p>
      </div>
    </Layout>
  );
}
