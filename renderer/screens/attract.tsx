import './attract.css';
import type { ReactNode } from 'react';
import { languages } from '../../main/contract/language.ts';
import type { MeansKind } from '../../main/contract/payment.ts';
import type { CardsOut, MeansChoice, View } from '../../main/contract/view.ts';
import { FaultList } from '../parts/fault-list.tsx';
import { FindMoneyKey } from '../parts/find-money-key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { MeansIcon } from '../parts/means-icon.tsx';
import { Note } from '../parts/note.tsx';
import { Picture } from '../parts/picture.tsx';
import { isSuspension, wordsIn, writeList, writeSentences } from '../text/say.ts';
import type { ScreenOf } from './screen-of.ts';

export function Attract({ screen }: { readonly screen: ScreenOf<'attract'> }): ReactNode {
  const { view, words } = useKiosk();
  const { topUpObstacle, cardsOut, receiptObstacle, means } = screen;
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
      <div className="attract" aria-live="polite">
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
        {cardsOut.length > 0 && <BalanceOnly cardsOut={cardsOut} />}
        {receiptObstacle !== null && <p className="attract__receipt">{words.attract.noReceipt}</p>}
      </div>
    </Layout>
  );
}

/** The cards that are only read for now, in a sentence; below it, small, what a technician has to see to. */
function BalanceOnly({ cardsOut }: { readonly cardsOut: readonly CardsOut[] }): ReactNode {
  const { view, words } = useKiosk();
  const titles = [...new Set(cardsOut.map(({ title }) => title))];
  return (
    <div className="balance-only">
      <p>{words.attract.balanceOnly(writeList(titles, view.language))}</p>
      <FaultList
        faults={cardsOut.map(({ family, fault }) => ({ device: 'sam', which: family, fault }))}
      />
    </div>
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
