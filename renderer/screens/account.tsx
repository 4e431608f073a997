import type { ReactNode } from 'react';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Picture } from '../parts/picture.tsx';
import { writeCall, writeSentences } from '../text/say.ts';
import { AccountOfOne } from './account-of-one.tsx';
import { AccountRows } from './account-rows.tsx';
import type { ScreenOf } from './screen-of.ts';

/** What became of somebody's last top-ups here: of one, the answer in large; of several, a line each. */
export function Account({ screen }: { readonly screen: ScreenOf<'account'> }): ReactNode {
  const { view, words } = useKiosk();
  const { maskedNumber, rows } = screen;
  const say = words.account;
  const exits = (
    <>
      <Key look="quiet" does={{ kind: 'back' }}>
        {words.keys.back}
      </Key>
      <Key look="quiet" does={{ kind: 'cancel' }}>
        {maskedNumber === null ? words.keys.finish : words.keys.endVisit}
      </Key>
    </>
  );
  const [row] = rows;
  if (row === undefined) {
    return (
      <Layout
        look="picture"
        title={say.none.title}
        lead={writeSentences([say.none.lead, ...writeCall(view.helpLine, words)], view.language)}
        aside={<Picture name="staff" />}
        exits={exits}
      />
    );
  }
  if (rows.length === 1) return <AccountOfOne key={row.ending} row={row} exits={exits} />;
  return (
    <Layout
      look="work"
      title={say.title}
      lead={maskedNumber === null ? null : say.ofCard(maskedNumber.slice(-4))}
      exits={exits}
    >
      <AccountRows rows={rows} />
    </Layout>
  );
}
