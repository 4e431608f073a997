import './find-money.css';
import { type ReactNode, useId, useState } from 'react';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { Note } from '../parts/note.tsx';
import { Picture } from '../parts/picture.tsx';
import { writeCall, writeSentences } from '../text/say.ts';
import { ReferenceKeyboard, TypedReference } from './reference-keyboard.tsx';
import type { ScreenOf } from './screen-of.ts';
import { referenceLength, typedReference, writeReference } from './typed-reference.ts';

/** Two ways to somebody's money: their card, or the reference that they were given. What was typed stays through a look-up. */
export function FindMoney({ screen }: { readonly screen: ScreenOf<'find-money'> }): ReactNode {
  const { words } = useKiosk();
  const [typed, setTyped] = useState(typedReference(screen.unknownReference ?? ''));
  if (screen.step === 'looking') {
    return (
      <Layout
        key="looking"
        look="picture"
        {...words.findMoney.looking}
        aside={<Picture name="wait" />}
      />
    );
  }
  return <Ask screen={screen} typed={typed} onType={setTyped} />;
}

type AskProps = {
  readonly screen: ScreenOf<'find-money'>;
  readonly typed: string;
  readonly onType: (typed: string) => void;
};

function Ask({ screen, typed, onType }: AskProps): ReactNode {
  const { view, words } = useKiosk();
  const hintId = useId();
  const say = words.findMoney;
  const reference = writeReference(typed);
  const isUnknown = reference !== '' && reference === screen.unknownReference;
  return (
    <Layout
      look="work"
      title={say.title}
      aside={
        screen.cardWorks ? (
          <section className="card-way">
            <Picture name="insert-card" />
            <div>
              <h2>{say.insert.title}</h2>
              <p>{say.insert.lead}</p>
            </div>
          </section>
        ) : (
          <Note look="caution">{say.cardDown}</Note>
        )
      }
      keys={
        <Key
          look="main"
          does={{ kind: 'look-up', reference }}
          obstacleId={typed.length === referenceLength ? null : hintId}
        >
          {words.keys.lookUp}
        </Key>
      }
      exits={
        <Key look="quiet" does={{ kind: 'cancel' }}>
          {words.keys.back}
        </Key>
      }
    >
      <section className="reference-way">
        <h2>{screen.cardWorks ? say.orType : say.type}</h2>
        <TypedReference typed={typed} />
        <p
          id={hintId}
          className="reference-way__hint"
          aria-live="polite"
          data-wrong={isUnknown ? '' : undefined}
        >
          {isUnknown
            ? writeSentences(
                [
                  say.unknown(reference),
                  ...(screen.cardWorks ? [say.orCard] : []),
                  ...writeCall(view.helpLine, words),
                ],
                view.language,
              )
            : say.hint}
        </p>
        <ReferenceKeyboard typed={typed} onType={onType} />
      </section>
    </Layout>
  );
}
