import './one-moment.css';
import type { ReactNode } from 'react';
import { type Language, languages } from '../../main/contract/language.ts';
import { wordsIn } from '../text/say.ts';
import { Picture } from './picture.tsx';

/** Nothing can be shown or asked now: say so calmly, in the person's language, or in all before one is known. */
export function OneMoment({ language }: { readonly language: Language | null }): ReactNode {
  const spoken = language === null ? languages : [language];
  return (
    <main className="one-moment" aria-live="polite">
      <Picture name="wait" />
      {spoken.map((each, index) => {
        const Heading = index === 0 ? 'h1' : 'p';
        return (
          <div key={each} lang={each} className="one-moment__saying">
            <Heading className="one-moment__title">{wordsIn[each].oneMoment.title}</Heading>
            <p className="one-moment__lead">{wordsIn[each].oneMoment.lead}</p>
          </div>
        );
      })}
    </main>
  );
}
