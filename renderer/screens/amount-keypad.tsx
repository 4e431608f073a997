import './amount-keypad.css';
import { type ReactNode, useId, useState } from 'react';
import { BeforeAfter } from '../parts/before-after.tsx';
import { EraseSign } from '../parts/erase-sign.tsx';
import { Key } from '../parts/key.tsx';
import { useKiosk } from '../parts/kiosk-context.ts';
import { Layout } from '../parts/layout.tsx';
import { writeObstacle, writeRound } from '../text/say.ts';
import type { ScreenOf } from './screen-of.ts';
import { judgeTyped, typeDigit, typedUnitMinor, writeTyped } from './typed-amount.ts';

type Props = { readonly screen: ScreenOf<'amount'>; readonly onBack: () => void };

/** Any amount, typed: what it makes of the balance, or why it cannot be, is said with every digit. */
export function AmountKeypad({ screen, onBack }: Props): ReactNode {
  const { view, words } = useKiosk();
  const { currency } = view;
  const hintId = useId();
  const [digits, setDigits] = useState('');
  const unit = typedUnitMinor(screen.stepMinor, currency);
  const { amountMinor, afterMinor, obstacle } = judgeTyped(digits, screen, unit);
  const range = words.amount.range(
    writeRound(screen.minimumMinor, currency),
    writeRound(screen.maximumMinor, currency),
  );
  const written = writeTyped(amountMinor, unit, currency);

  return (
    <Layout
      look="work"
      title={words.amount.typeTitle}
      aside={
        <div className="typed">
          <output className="typed__amount" data-empty={digits === '' ? '' : undefined}>
            {written}
          </output>
          <p
            id={hintId}
            className="typed__hint"
            aria-live="polite"
            data-wrong={obstacle ? '' : undefined}
          >
            {obstacle === null ? range : writeObstacle(obstacle, words, currency)}
          </p>
          <BeforeAfter beforeMinor={screen.card.balanceMinor} afterMinor={afterMinor} />
        </div>
      }
      keys={
        <Key
          look="main"
          does={{ kind: 'choose-amount', amountMinor }}
          obstacleId={afterMinor === null ? hintId : null}
        >
          {afterMinor === null ? words.keys.topUp : words.keys.add(written)}
        </Key>
      }
      exits={
        <>
          <Key look="quiet" does={onBack}>
            {words.keys.back}
          </Key>
          <Key look="quiet" does={{ kind: 'cancel' }}>
            {words.keys.cancel}
          </Key>
        </>
      }
    >
      <div className="keypad">
        {[...'123456789'].map((digit) => (
          <Key
            key={digit}
            look="tile"
            does={() => setDigits(typeDigit(digits, digit, screen, unit))}
          >
            {digit}
          </Key>
        ))}
        <span />
        <Key look="tile" does={() => setDigits(typeDigit(digits, '0', screen, unit))}>
          0
        </Key>
        <Key look="tile" label={words.keys.erase} does={() => setDigits(digits.slice(0, -1))}>
          <EraseSign />
        </Key>
      </div>
    </Layout>
  );
}
