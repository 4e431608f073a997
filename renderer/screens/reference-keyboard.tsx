import './reference-keyboard.css';
import type { ReactNode } from 'react';
import { EraseSign } from '../parts/erase-sign.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import {
  referenceFigures,
  referenceLength,
  referenceLetters,
  typeCharacter,
  writeReference,
} from './typed-reference.ts';

/** A place for each character of a reference, filled as it is typed. Read out as it is printed. */
export function TypedReference({ typed }: { readonly typed: string }): ReactNode {
  const { words } = useKiosk();
  return (
    <div className="typed-reference">
      <output className="unseen" aria-label={words.reference}>
        {writeReference(typed)}
      </output>
      {Array.from({ length: referenceLength }, (_, place) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a place is its number.
          key={place}
          aria-hidden="true"
          data-next={place === typed.length ? '' : undefined}
        >
          {typed[place]}
        </span>
      ))}
    </div>
  );
}

type Props = { readonly typed: string; readonly onType: (typed: string) => void };

/** Every character that a reference can have, figures first, then the alphabet as everybody learns it. */
export function ReferenceKeyboard({ typed, onType }: Props): ReactNode {
  const { words } = useKiosk();
  const keyFor = (character: string) => (
    <Key key={character} look="tile" does={() => onType(typeCharacter(typed, character))}>
      {character}
    </Key>
  );
  return (
    <div className="keyboard">
      {[...referenceFigures].map(keyFor)}
      <Key look="tile" label={words.keys.erase} does={() => onType(typed.slice(0, -1))}>
        <EraseSign />
      </Key>
      {[...referenceLetters].map(keyFor)}
    </div>
  );
}
