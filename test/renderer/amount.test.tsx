// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Currency,
  currencies,
  type MinorUnits,
  minorUnits,
} from '../../main/contract/money.ts';
import { judgeTyped, typeDigit, typedUnitMinor } from '../../renderer/screens/typed-amount.ts';
import { wordsIn } from '../../renderer/text/say.ts';
import { openStage, viewNamed } from './stage.tsx';

const words = wordsIn.en;

test('an amount that is not possible stays in sight with its reason, and cannot be chosen', () => {
  const stage = openStage();
  stage.show(viewNamed('amount-near-cap'));
  const key = screen.getByRole('button', { name: /^¥ ?200 ?\.00/ });
  expect(key.getAttribute('aria-disabled')).toBe('true');
  expect(key.textContent).toContain('This card holds ¥1,000 at most');
  expect(key.hasAttribute('disabled')).toBe(false);
  fireEvent.click(key);
  expect(stage.answers).toEqual([]);
});

test('every amount that can be chosen says what balance it makes', () => {
  const stage = openStage();
  stage.show(viewNamed('amount'));
  expect(screen.getByRole('button', { name: /^¥ ?50 ?\.00/ }).textContent).toContain('¥73.40');
  expect(screen.getByRole('button', { name: /^Fill up to ¥100/ }).textContent).toContain('¥76.60');
});

test('where nothing fits, the keypad is not offered as a way around', () => {
  const stage = openStage();
  stage.show(viewNamed('amount-no-room'));
  const other = screen.getByRole('button', { name: /^Other amount/ });
  expect(other.getAttribute('aria-disabled')).toBe('true');
  expect(other.textContent).toContain('This card holds ¥1,000 at most');
  fireEvent.click(other);
  expect(screen.queryByRole('button', { name: words.keys.erase })).toBeNull();
});

function typeOnKeypad(digits: string): void {
  fireEvent.click(screen.getByRole('button', { name: words.keys.otherAmount }));
  for (const digit of digits) fireEvent.click(screen.getByRole('button', { name: digit }));
}

test('a typed amount shows the balance before and after, and is sent as it was read', () => {
  const stage = openStage();
  stage.show(viewNamed('amount'), 5);
  typeOnKeypad('250');
  expect(document.body.textContent).toContain('Before¥23.40');
  expect(document.body.textContent).toContain('After¥273.40');
  stage.tap('Add ¥250');
  expect(stage.answers).toEqual([
    { seq: 5, command: { kind: 'choose-amount', amountMinor: 25000 } },
  ]);
});

test.each([
  ['255', 'In steps of ¥10'],
  ['980', 'This card holds ¥1,000 at most'],
  ['5', 'From ¥10'],
])('typing %s is answered with "%s" and sends nothing', (digits, reason) => {
  const stage = openStage();
  stage.show(viewNamed('amount'));
  typeOnKeypad(digits);
  const add = screen.getByRole('button', { name: words.keys.topUp });
  expect(add.getAttribute('aria-disabled')).toBe('true');
  const why = document.getElementById(add.getAttribute('aria-describedby') ?? '');
  expect(why?.textContent).toBe(reason);
  fireEvent.click(add);
  expect(stage.answers).toEqual([]);
});

test('an amount longer than the most is refused with its reason, never cut down to another', () => {
  const stage = openStage();
  stage.show(viewNamed('amount-near-cap'));
  typeOnKeypad('1000');
  expect(document.querySelector('output')?.textContent).toBe('¥1,000');
  expect(document.body.textContent).toContain('This card holds ¥1,000 at most');
  stage.tap(words.keys.topUp);
  expect(stage.answers).toEqual([]);
});

test('an amount that ends between two steps is called no step, not too much', () => {
  const limits = {
    card: { maskedNumber: '', title: '', balanceMinor: minorUnits(50_380), validTo: null },
    minimumMinor: minorUnits(1_000),
    maximumMinor: minorUnits(49_000),
    stepMinor: minorUnits(1_000),
    balanceCapMinor: minorUnits(100_000),
  };
  expect(judgeTyped('495', limits, 100).obstacle).toEqual({ kind: 'not-a-step', stepMinor: 1_000 });
});

test('a mistyped digit can be taken back', () => {
  const stage = openStage();
  stage.show(viewNamed('amount'));
  typeOnKeypad('255');
  stage.tap(words.keys.erase);
  stage.tap('0');
  stage.tap('Add ¥250');
  expect(stage.answers).toHaveLength(1);
});

test('changing the language does not lose what has been typed', () => {
  const stage = openStage();
  stage.show(viewNamed('amount'));
  typeOnKeypad('250');
  stage.show(viewNamed('amount', 'zh-Hant'));
  expect(screen.getByRole('button', { name: '增值 ¥250' })).toBeTruthy();
});

const limits = fc
  .record({
    balance: fc.integer({ min: -5_000, max: 300_000 }),
    step: fc.constantFrom(1, 10, 100, 1_000, 5_000),
    minimum: fc.integer({ min: 1, max: 10 }),
    extra: fc.integer({ min: 0, max: 500 }),
    room: fc.integer({ min: 0, max: 100_000 }),
  })
  .map(({ balance, step, minimum, extra, room }) => {
    const maximumMinor = minorUnits((minimum + extra) * step);
    return {
      card: {
        maskedNumber: '',
        title: '',
        balanceMinor: minorUnits(balance),
        validTo: null,
      },
      stepMinor: minorUnits(step),
      minimumMinor: minorUnits(minimum * step),
      maximumMinor,
      balanceCapMinor: minorUnits(balance + maximumMinor + room),
    };
  });

const presses = fc.array(fc.constantFrom(...'0123456789', 'erase'), { maxLength: 14 });
const money: fc.Arbitrary<Currency> = fc.constantFrom(currencies.CNY, currencies.HKD);

test('whatever is pressed on the keypad, only whole amounts within the limits can come of it', () => {
  fc.assert(
    fc.property(limits, presses, money, (within, pressed, currency) => {
      const unit = typedUnitMinor(within.stepMinor, currency);
      let digits = '';
      for (const key of pressed) {
        digits = key === 'erase' ? digits.slice(0, -1) : typeDigit(digits, key, within, unit);
        const { amountMinor, afterMinor, obstacle } = judgeTyped(digits, within, unit);
        expect(Number.isSafeInteger(amountMinor)).toBe(true);
        if (afterMinor === null) {
          expect(obstacle !== null || digits === '').toBe(true);
          continue;
        }
        expect(amountMinor).toBeGreaterThanOrEqual(within.minimumMinor);
        expect(amountMinor).toBeLessThanOrEqual(within.maximumMinor);
        expect(amountMinor % within.stepMinor).toBe(0);
        expect(afterMinor).toBe(within.card.balanceMinor + amountMinor);
        expect(afterMinor).toBeLessThanOrEqual(within.balanceCapMinor);
      }
    }),
  );
});

test('the least and the most that can be loaded can both be typed', () => {
  fc.assert(
    fc.property(limits, money, (within, currency) => {
      const unit = typedUnitMinor(within.stepMinor, currency);
      const typed = (amount: MinorUnits) =>
        [...String(amount / unit)].reduce(
          (digits, digit) => typeDigit(digits, digit, within, unit),
          '',
        );
      for (const amount of [within.minimumMinor, within.maximumMinor]) {
        expect(judgeTyped(typed(amount), within, unit).obstacle).toBeNull();
      }
    }),
  );
});
