// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { languages } from '../../main/contract/language.ts';
import type { ScreenKind } from '../../main/contract/view.ts';
import { wordsIn } from '../../renderer/text/say.ts';
import { fixtures, viewOf } from './gallery/fixtures.ts';
import { openStage, viewNamed } from './stage.tsx';

// A new screen kind without a fixture does not compile.
const kinds: Record<ScreenKind, true> = {
  starting: true,
  attract: true,
  reading: true,
  card: true,
  amount: true,
  confirm: true,
  means: true,
  pay: true,
  'checking-payment': true,
  'hold-card': true,
  'put-card-back': true,
  'money-back': true,
  done: true,
  receipt: true,
  'slip-first': true,
  'take-card': true,
  declined: true,
  'refused-card': true,
  'see-staff': true,
  unfinished: true,
  'find-money': true,
  account: true,
  'out-of-service': true,
};

test('every kind of screen has been drawn for these tests', () => {
  expect(new Set(fixtures.map((fixture) => fixture.screen.kind))).toEqual(
    new Set(Object.keys(kinds)),
  );
});

describe.each(languages)('in %s', (language) => {
  test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
    '%s asks one question, has the languages at hand and leaves no hole in its text',
    (_, fixture) => {
      const stage = openStage();
      stage.show(viewOf(fixture, language));

      const titles = document.querySelectorAll('h1');
      expect(titles).toHaveLength(1);
      expect(titles[0]?.textContent.trim()).not.toBe('');

      const text = document.body.textContent;
      expect(text).not.toMatch(/undefined|null|NaN|\[object|\$\{/);
      expect(text).toContain('12580-3');
      for (const each of languages) expect(text).toContain(wordsIn[each].name);
      expect(document.documentElement.lang).toBe(language);

      for (const button of document.querySelectorAll('button')) {
        expect(button.textContent || button.getAttribute('aria-label')).not.toBe('');
      }
    },
  );
});

test('a screen reader is taken to the title of each new screen', () => {
  const stage = openStage();
  stage.show(viewNamed('card'));
  expect(document.activeElement).toBe(document.querySelector('h1'));
  stage.show(viewNamed('amount'));
  expect(document.activeElement?.textContent).toBe(wordsIn.en.amount.title);
  expect(document.activeElement).toBe(document.querySelector('h1'));
});

test('someone who cannot read Chinese sees at once what to do and where English is', () => {
  const stage = openStage();
  stage.show(viewNamed('attract', 'zh-Hans'));
  const english = screen.getByText(wordsIn.en.attract.title);
  expect(english.getAttribute('lang')).toBe('en');
  expect(screen.getByRole('button', { name: 'English' }).getAttribute('lang')).toBe('en');
});

test('paid, writing and done stay on screen through the whole write', () => {
  const stage = openStage();
  for (const step of ['paid', 'writing', 'done'] as const) {
    stage.show(viewNamed(`hold-card-${step}`));
    const steps = [...screen.getByRole('list', { name: 'Progress' }).children];
    expect(steps.map((each) => each.textContent)).toEqual(['Paid', 'Writing', 'Done']);
    expect(steps.filter((each) => each.getAttribute('aria-current') === 'step')).toHaveLength(1);
  }
});

test('the last step is not ticked off while the card is still being proved', () => {
  const stage = openStage();
  stage.show(viewNamed('hold-card-done'));
  const [paid, writing, done] = screen.getByRole('list', { name: 'Progress' }).children;
  expect([paid, writing, done].map((each) => each?.getAttribute('data-state'))).toEqual([
    'behind',
    'behind',
    'now',
  ]);
});

test('the same three steps, all ticked, are still on screen when the card is topped up', () => {
  const stage = openStage();
  stage.show(viewNamed('hold-card-writing'));
  const whileWriting = screen.getByRole('list', { name: 'Progress' });
  stage.show(viewNamed('done'));
  const steps = screen.getByRole('list', { name: 'Progress' });
  expect(steps).toBe(whileWriting);
  expect([...steps.children].map((each) => each.getAttribute('data-state'))).toEqual([
    'behind',
    'behind',
    'behind',
  ]);
  expect(steps.querySelector('[aria-current]')).toBeNull();
});

test('the receipt that did not come can be photographed', () => {
  const stage = openStage();
  stage.show(viewNamed('receipt-printed'));
  expect(screen.queryByRole('img', { name: wordsIn.en.receipt.qr })).toBeNull();
  for (const state of ['paper-out', 'cover-open', 'not-printed', 'maybe-printed']) {
    stage.show(viewNamed(`receipt-${state}`));
    expect(screen.getByRole('img', { name: wordsIn.en.receipt.qr })).toBeTruthy();
  }
});

test('a technician reads three notes at most, and that the log has more', () => {
  const stage = openStage();
  stage.show(viewNamed('out-of-service'));
  expect(document.querySelector('.technician')).toBeNull();
  stage.show(viewNamed('out-of-service-journal'));
  expect(document.querySelectorAll('.technician li')).toHaveLength(1);
  expect(document.body.textContent).not.toContain(wordsIn.en.outOfService.seeLog);
  stage.show(viewNamed('out-of-service-unconfigured', 'zh-Hans'));
  const notes = [...document.querySelectorAll('.technician li')];
  expect(notes.map((note) => note.getAttribute('lang'))).toEqual(['en', 'en', 'en', null]);
  expect(notes.at(0)?.textContent).toContain('"terminalId" is missing');
  expect(notes.at(-1)?.textContent).toBe(wordsIn['zh-Hans'].outOfService.seeLog);
});

test('another try is only spoken of where there is a key for it', () => {
  const stage = openStage();
  const view = viewNamed('declined-cancelled');
  const { lead } = wordsIn.en.declined.cancelled;
  if (view.screen.kind !== 'declined') throw new Error('the fixture is of another screen');
  stage.show({ ...view, screen: { ...view.screen, canRetry: true } });
  expect(document.body.textContent).toContain(lead);
  stage.show({ ...view, screen: { ...view.screen, canRetry: false } });
  expect(document.body.textContent).not.toContain(lead);
});

test('where no configuration names a help line, none is offered', () => {
  const stage = openStage();
  stage.show(viewNamed('out-of-service'));
  expect(document.body.textContent).toContain(wordsIn.en.needHelp);
  stage.show({ ...viewNamed('out-of-service-unconfigured'), helpLine: '' });
  expect(document.body.textContent).not.toContain(wordsIn.en.needHelp);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each(['idle-warning', 'put-card-back', 'receipt-print', 'see-staff-print-copy', 'unfinished'])(
  '%s is heard, once',
  (name) => {
    let heard = 0;
    vi.stubGlobal(
      'Audio',
      class {
        async play(): Promise<void> {
          heard += 1;
        }
      },
    );
    const stage = openStage();
    stage.show(viewNamed('confirm'));
    expect(heard).toBe(0);
    stage.show(viewNamed(name));
    stage.show(viewNamed(name));
    expect(heard).toBe(1);
  },
);

test('the idle warning lies over the screen and takes the focus, and nothing under it can be touched', () => {
  const stage = openStage();
  stage.show(viewNamed('confirm'));
  stage.show(viewNamed('idle-warning'));
  expect(screen.getByRole('alertdialog').textContent).toContain('20 seconds');
  expect(document.activeElement?.textContent).toBe(wordsIn.en.keys.moreTime);
  expect(document.querySelector('.frame__all')?.hasAttribute('inert')).toBe(true);
  stage.show(viewNamed('confirm'));
  expect(screen.queryByRole('alertdialog')).toBeNull();
  expect(document.activeElement).toBe(document.querySelector('h1'));
});
