// @vitest-environment happy-dom
import { fireEvent, screen } from '@testing-library/react';
import fc from 'fast-check';
import jsQr from 'jsqr';
import { expect, test } from 'vitest';
import type { View } from '../../main/contract/view.ts';
import { referenceFrom } from '../../main/session/reference.ts';
import {
  typeCharacter,
  typedReference,
  writeReference,
} from '../../renderer/screens/typed-reference.ts';
import { wordsIn } from '../../renderer/text/say.ts';
import { openStage, viewNamed } from './stage.tsx';

const words = wordsIn.en;
const { findMoney, keys } = words;

function key(characters: string): void {
  for (const character of characters) {
    fireEvent.click(screen.getByRole('button', { name: character }));
  }
}

function shown(): string | null {
  return screen.getByLabelText(words.reference).textContent;
}

function asked(view: View): Extract<View['screen'], { kind: 'find-money' }> {
  if (view.screen.kind !== 'find-money') throw new Error('the fixture is of another screen');
  return view.screen;
}

test('a reference is shown as it is printed while it is keyed in, and looked up as it was read', () => {
  const stage = openStage();
  stage.show(viewNamed('find-money'), 5);
  key('K7Q4');
  expect(shown()).toBe('K7Q4');
  key('0');
  expect(shown()).toBe('K7Q4-0');
  key('193');
  stage.tap(keys.lookUp);
  expect(stage.answers).toEqual([{ seq: 5, command: { kind: 'look-up', reference: 'K7Q4-0193' } }]);
});

test('half a reference is not looked up, and says how long one is', () => {
  const stage = openStage();
  stage.show(viewNamed('find-money'));
  key('K7Q4019');
  const lookUp = screen.getByRole('button', { name: keys.lookUp });
  expect(lookUp.getAttribute('aria-disabled')).toBe('true');
  const why = document.getElementById(lookUp.getAttribute('aria-describedby') ?? '');
  expect(why?.textContent).toContain('8 characters');
  fireEvent.click(lookUp);
  expect(stage.answers).toEqual([]);
});

test('a mistyped character can be taken back, and a ninth goes nowhere', () => {
  const stage = openStage();
  stage.show(viewNamed('find-money'));
  key('K7Q40198');
  stage.tap(keys.erase);
  key('3Z');
  expect(shown()).toBe('K7Q4-0193');
});

test('no key stands for a letter that no reference has', () => {
  openStage().show(viewNamed('find-money'));
  for (const letter of 'ILOU') expect(screen.queryByRole('button', { name: letter })).toBeNull();
});

test('every reference that a top-up can have can be keyed in', () => {
  openStage().show(viewNamed('find-money'));
  const named = [...document.querySelectorAll('.keyboard button')].map((each) => each.textContent);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 40 - 1 }), (chance) => {
      const reference = referenceFrom(chance.toString(16).padStart(10, '0'));
      const characters = [...typedReference(reference)];
      expect(characters.filter((character) => !named.includes(character))).toEqual([]);
      expect(writeReference(characters.reduce(typeCharacter, ''))).toBe(reference);
    }),
  );
});

test('what was keyed in stays through the look-up, to be put right where it is not known', () => {
  const stage = openStage();
  const view = viewNamed('find-money');
  stage.show(view);
  key('K7Q40198');
  stage.tap(keys.lookUp);
  stage.show(viewNamed('find-money-looking'));
  expect(screen.getByRole('heading').textContent).toBe(findMoney.looking.title);
  stage.show({ ...view, screen: { ...asked(view), unknownReference: 'K7Q4-0198' } });
  expect(shown()).toBe('K7Q4-0198');
  const hint = () => document.querySelector('.reference-way__hint')?.textContent;
  expect(hint()).toBe(
    `${findMoney.unknown('K7Q4-0198')} ${findMoney.orCard} ${words.call('12580-3')}`,
  );
  stage.tap(keys.erase);
  expect(hint()).toBe(findMoney.hint);
  key('3');
  stage.tap(keys.lookUp);
  expect(stage.answers.at(-1)?.command).toEqual({ kind: 'look-up', reference: 'K7Q4-0193' });
});

test('a screen that was started again still holds the reference that is not known', () => {
  openStage().show(viewNamed('find-money-unknown'));
  expect(shown()).toBe('K7Q4-0198');
});

test('changing the language loses nothing that was keyed in', () => {
  const stage = openStage();
  stage.show(viewNamed('find-money'));
  key('K7Q4');
  stage.show(viewNamed('find-money', 'zh-Hant'));
  expect(screen.getByLabelText(wordsIn['zh-Hant'].reference).textContent).toBe('K7Q4');
});

test('nobody is asked for a card that cannot be read, and everybody is told why', () => {
  openStage().show(viewNamed('find-money'));
  expect(document.body.textContent).toContain(findMoney.insert.title);
  for (const name of ['find-money-no-reader', 'find-money-no-reader-unknown']) {
    openStage().show(viewNamed(name));
    expect(document.body.textContent).not.toContain(findMoney.insert.title);
    expect(document.body.textContent).not.toContain(findMoney.orCard);
    expect(document.body.textContent).toContain(findMoney.cardDown);
  }
});

test('each of the last top-ups says how much, when, by what, and where that money is', () => {
  openStage().show(viewNamed('account'));
  const rows = [...document.querySelectorAll('.account li')].map((row) => row.textContent);
  const { ending } = words.account;
  expect(rows).toHaveLength(5);
  for (const part of ['¥50.00', '21 Nov 08:15', ending.loaded.title, 'Bank card', '¥73.40']) {
    expect(rows[0]).toContain(part);
  }
  for (const part of ['¥1,000.00', '1 Oct 12:00', ending['not-paid'].title, 'Phone', '77RF-H1KE']) {
    expect(rows[4]).toContain(part);
  }
});

test('one top-up is answered in the title, with its card and its reference', () => {
  openStage().show(viewNamed('account-reference'));
  expect(screen.getByRole('heading').textContent).toBe(words.account.ending['card-needed'].title);
  for (const part of ['¥50.00', '21 Nov 08:01', '9432', '0M3T-YX88']) {
    expect(document.body.textContent).toContain(part);
  }
});

test('the new balance is only spoken of where it was read from the card', () => {
  const stage = openStage();
  stage.show(viewNamed('account-one'));
  expect(document.body.textContent).toContain(words.account.newBalance('¥73.40'));
  stage.show(viewNamed('account-reference'));
  expect(document.body.textContent).not.toContain('New balance');
});

test('whoever never topped up here is told where to turn', () => {
  const stage = openStage();
  stage.show(viewNamed('account-none'));
  expect(document.body.textContent).toContain(words.call('12580-3'));
  stage.show({ ...viewNamed('account-none'), helpLine: '' });
  expect(document.body.textContent).not.toContain('call');
});

test('a top-up that cannot be finished now says why, and the money can still be had back', () => {
  const stage = openStage();
  stage.show(viewNamed('unfinished-card-full'));
  const finish = screen.getByRole('button', { name: keys.finishTopUp });
  const why = document.getElementById(finish.getAttribute('aria-describedby') ?? '');
  expect(why?.textContent).toBe(words.obstacle.cardFull);
  fireEvent.click(finish);
  expect(stage.answers).toEqual([]);
  stage.tap(keys.payBack);
  expect(stage.answers).toHaveLength(1);
});

test('an unfinished top-up says how long it waits for an answer', () => {
  openStage().show(viewNamed('unfinished'));
  expect(screen.getByRole('timer').textContent).toBe('58 seconds');
});

test('a means that is suspended is named before anybody puts a card in, with what works instead', () => {
  const { attract, obstacle } = words;
  const stage = openStage();
  stage.show(viewNamed('attract'));
  expect(document.body.textContent).not.toContain('paused');
  stage.show(viewNamed('attract-suspended'));
  expect(document.body.textContent).toContain(
    `${attract.suspended['bank-card']} ${attract.payInstead.mobile}`,
  );
  stage.show(viewNamed('means-one-suspended'));
  expect(screen.getByRole('button', { name: /^Bank card/ }).textContent).toContain(
    obstacle.suspended,
  );
});

test('the signed claim can be read off the screen, every character of it', () => {
  const stage = openStage();
  const view = viewNamed('see-staff-card-undecided');
  if (view.screen.kind !== 'see-staff') throw new Error('the fixture is of another screen');
  stage.show(view);
  expect(view.screen.qrText.length).toBeGreaterThan(220);
  expect(readCode(screen.getByRole('img', { name: words.seeStaff.qr }))).toBe(view.screen.qrText);
});

/** What a telephone reads: the drawing as pixels, four to a module. */
function readCode(code: Element): string | undefined {
  const size = Number(code.getAttribute('viewBox')?.split(' ').at(-1));
  const side = size * 4;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  const drawn = code.querySelector('path')?.getAttribute('d') ?? '';
  for (const [, x, y] of drawn.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < 4; row += 1) {
      const start = ((Number(y) * 4 + row) * side + Number(x) * 4) * 4;
      for (let pixel = start; pixel < start + 16; pixel += 4) pixels.fill(0, pixel, pixel + 3);
    }
  }
  return jsQr(pixels, side, side)?.data;
}
