import './see-staff.css';
import type { ReactNode } from 'react';
import { formatMoney } from '../../main/contract/money.ts';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Qr } from '../parts/qr.tsx';
import { SlipKeys, SlipNote } from '../parts/slip.tsx';
import type { ScreenOf } from './screen-of.ts';

/** A claim: what is owed an answer, the number and the signed code to keep, and the ways in which it is settled. */
export function SeeStaff({ screen }: { readonly screen: ScreenOf<'see-staff'> }): ReactNode {
  const { view, words } = useKiosk();
  const { amountMinor, reference, why, qrText, slip } = screen;
  const say = words.seeStaff;
  return (
    <Layout
      look="picture"
      title={say.title}
      lead={say.why[why](formatMoney(amountMinor, view.currency))}
      aside={<Qr text={qrText} label={say.qr} />}
      note={<SlipNote state={slip.state} />}
      keys={<SlipKeys slip={slip} finish={words.keys.finish} />}
    >
      <div className="claim">
        <p className="claim__number">
          {words.reference} <b>{reference}</b>
        </p>
        <ul className="claim__next">
          <li>{say.keep}</li>
          <li>{say.cardBack}</li>
          {view.helpLine !== '' && <li>{words.call(view.helpLine)}</li>}
        </ul>
      </div>
    </Layout>
  );
}
