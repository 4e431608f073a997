import './attract.css';
import type { ReactNode } from 'react';
import { languages } from '../../main/contract/language.ts';
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
        {topUpObstacle === null ? (
          <p className="attract__lead">{words.attract.lead}</p>
        ) : (
          <Note look="caution">{words.attract.noTopUp}</Note>
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
        {topUpObstacle === null && <Suspended means={means} />}
        {receiptObstacle !== null && <p className="attract__receipt">{words.attract.noReceipt}</p>}
      </div>
    </Layout>
  );
}

type SuspendedProps = Pick<ScreenOf<'attract'>, 'means'>;

/** A means that left payments unanswered: why it is not offered, and what is, before anybody puts a card in. */
function Suspended({ means }: SuspendedProps): ReactNode {
  const { view, words } = useKiosk();
  const suspended = means.find(({ obstacle }) => isSuspension(obstacle));
  const instead = means.find(({ obstacle }) => obstacle === null);
  if (suspended === undefined) return null;
  return (
    <Note look="caution">
      {writeSentences(
        [
          words.attract.suspended[suspended.kind],
          ...(instead === undefined ? [] : [words.attract.payInstead[instead.kind]]),
        ],
        view.language,
      )}
    </Note>
  );
}
