import './attract.css';
import type { ReactNode } from 'react';
import { languages } from '../../main/contract/language.ts';
import type { MeansKind } from '../../main/contract/payment.ts';
import type { MeansChoice, View } from '../../main/contract/view.ts';
import { FindMoneyKey } from '../parts/find-money-key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { MeansIcon } from '../parts/means-icon.tsx';
import { Note } from '../parts/note.tsx';
import { Picture } from '../parts/picture.tsx';
import { isSuspension, wordsIn, writeSentences } from '../text/say.ts';
import type { ScreenOf } from './screen-of.ts';

export function Attract({ screen }: { readonly screen: ScreenOf<'attract'> }): ReactNode {
  const { view, words } = useKiosk();
  const { topUpObstacle, receiptObstacle, means } = screen;
  const suspended = means.find(({ obstacle }) => isSuspension(obstacle));
  const others = languages.filter((language) => language !== view.language);
  return (
    <Layout
      look="picture"
      title={words.attract.title}
      lead={
        <ul className="attract__others">
          {others.map((language) => (
            <li key={language} lang={language}>
              {wordsIn[language].attract.title}
            </li>
          ))}
        </ul>
      }
      aside={<Picture name="insert-card" />}
      exits={<FindMoneyKey />}
    >
      <div className="attract">
        {topUpObstacle !== null ? (
          <Note look="caution">{words.attract.noTopUp}</Note>
        ) : suspended !== undefined ? (
          <Note look="caution">{writeSuspended(suspended.kind, means, view)}</Note>
        ) : (
          <p className="attract__lead">{words.attract.lead}</p>
        )}
        {topUpObstacle === null && (
          <ul className="attract__means" aria-label={words.attract.payWith}>
            {means.map(({ id, kind, obstacle }) => (
              <li key={id} data-down={obstacle === null ? undefined : ''}>
                <MeansIcon kind={kind} />
                <span>
                  {words.means[kind]}
                  {obstacle !== null && <small>{words.attract.notNow}</small>}
                </span>
              </li>
            ))}
          </ul>
        )}
        {receiptObstacle !== null && <p className="attract__receipt">{words.attract.noReceipt}</p>}
      </div>
    </Layout>
  );
}

/** Of a means that left payments unanswered: that it is not offered, and what is, before anybody puts a card in. */
function writeSuspended(
  kind: MeansKind,
  means: readonly MeansChoice[],
  { language }: View,
): string {
  const { suspended, payInstead } = wordsIn[language].attract;
  const instead = means.find(({ obstacle }) => obstacle === null);
  return writeSentences(
    [suspended[kind], ...(instead === undefined ? [] : [payInstead[instead.kind]])],
    language,
  );
}
