// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { CommandKind } from '../../main/contract/command.ts';
import type { ScreenKind } from '../../main/contract/view.ts';
import { oneAnswerMs } from '../../renderer/connect.ts';
import { setConnection } from '../../renderer/store.ts';
import { wordsIn } from '../../renderer/text/say.ts';
import { fixtures, viewOf } from './gallery/fixtures.ts';
import { openStage, viewNamed } from './stage.tsx';

const { keys, confirm, oneMoment } = wordsIn.en;
const ofReference = { reference: '0M3T-YX88' };

test.each([
  ['card', keys.topUp, { kind: 'begin-top-up' }],
  ['attract', keys.findMoney, { kind: 'find-money' }],
  ['card', keys.findMoney, { kind: 'find-money' }],
  ['out-of-service', keys.findMoney, { kind: 'find-money' }],
  ['card', keys.endVisit, { kind: 'cancel' }],
  ['card-full', keys.endVisit, { kind: 'cancel' }],
  ['amount', /^¥ ?50 ?\.00/, { kind: 'choose-amount', amountMinor: 5000 }],
  ['amount', /^Fill up to ¥100/, { kind: 'choose-amount', amountMinor: 7660 }],
  ['amount', keys.back, { kind: 'back' }],
  ['amount', keys.cancel, { kind: 'cancel' }],
  ['confirm', keys.confirm, { kind: 'confirm' }],
  ['confirm', confirm.no, { kind: 'want-receipt', wanted: false }],
  ['means', 'Phone', { kind: 'choose-means', means: 'qr' }],
  ['pay-present', keys.cancel, { kind: 'cancel' }],
  ['put-card-back', keys.moneyBack, { kind: 'cancel' }],
  ['money-back-released', keys.understood, { kind: 'finish' }],
  ['done', keys.finish, { kind: 'finish' }],
  ['receipt-not-printed', keys.finish, { kind: 'finish' }],
  ['receipt-print', keys.printReceipt, { kind: 'print-again' }],
  ['receipt-print-copy', keys.printCopy, { kind: 'print-again' }],
  ['money-back-print', keys.printReceipt, { kind: 'print-again' }],
  ['see-staff-print-copy', keys.printCopy, { kind: 'print-again' }],
  ['see-staff-print-copy', keys.finish, { kind: 'finish' }],
  ['declined-declined', keys.retry, { kind: 'retry' }],
  ['refused-card-unreadable', keys.understood, { kind: 'finish' }],
  ['see-staff-card-undecided', keys.finish, { kind: 'finish' }],
  ['find-money', keys.back, { kind: 'cancel' }],
  ['account', `${keys.printReceipt} 0M3T-YX88`, { kind: 'print-slip', ...ofReference }],
  ['account', `${keys.askNow} 0M3T-YX88`, { kind: 'settle', ...ofReference }],
  ['account', keys.back, { kind: 'back' }],
  ['account', keys.endVisit, { kind: 'cancel' }],
  ['account-reference', keys.printReceipt, { kind: 'print-slip', ...ofReference }],
  ['account-reference-open', keys.askNow, { kind: 'settle', ...ofReference }],
  ['account-reference', keys.finish, { kind: 'cancel' }],
  ['unfinished', keys.finishTopUp, { kind: 'finish-top-up' }],
  ['unfinished', keys.payBack, { kind: 'pay-back' }],
  ['unfinished-card-full', keys.payBack, { kind: 'pay-back' }],
  ['idle-warning', keys.moreTime, { kind: 'more-time' }],
  ['out-of-service', '繁體中文', { kind: 'choose-language', language: 'zh-Hant' }],
])('on %s, "%s" says what the person meant about the view they saw', (name, key, command) => {
  const stage = openStage();
  stage.show(viewNamed(name), 41);
  stage.tap(key);
  expect(stage.answers).toEqual([{ seq: 41, command }]);
});

const always: readonly CommandKind[] = ['choose-language'];
const allowed: Record<ScreenKind, readonly CommandKind[]> = {
  starting: [],
  attract: ['find-money'],
  reading: [],
  card: ['begin-top-up', 'find-money', 'cancel'],
  amount: ['choose-amount', 'back', 'cancel'],
  confirm: ['confirm', 'want-receipt', 'back', 'cancel'],
  means: ['choose-means', 'back', 'cancel'],
  pay: ['cancel'],
  'checking-payment': [],
  'hold-card': [],
  'put-card-back': ['cancel'],
  'money-back': ['finish', 'print-again'],
  done: ['finish'],
  receipt: ['finish', 'print-again'],
  'slip-first': [],
  'take-card': [],
  declined: ['retry', 'cancel'],
  'refused-card': ['finish'],
  'see-staff': ['finish', 'print-again'],
  unfinished: ['finish-top-up', 'pay-back'],
  'find-money': ['look-up', 'cancel'],
  account: ['print-slip', 'settle', 'back', 'cancel'],
  'out-of-service': ['find-money'],
};

test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(
  'no key on %s says anything that has no place there',
  (_, fixture) => {
    const buttons = () => document.querySelectorAll('button');
    let stage = openStage();
    stage.show(viewOf(fixture, 'en'));
    const count = buttons().length;
    const said: CommandKind[] = [];
    for (let index = 0; index < count; index += 1) {
      fireEvent.click(buttons()[index] ?? document.body);
      said.push(...stage.answers.map((answer) => answer.command.kind));
      // A key that only types leaves the screen as it was for the next one.
      if (stage.answers.length === 0 && buttons().length === count) continue;
      stage = openStage();
      stage.show(viewOf(fixture, 'en'));
    }
    const permitted = [
      ...always,
      ...allowed[fixture.screen.kind],
      ...(fixture.idleWarning === undefined ? [] : ['more-time']),
    ];
    expect(said.filter((kind) => !permitted.includes(kind))).toEqual([]);
    expect(said.filter((kind) => kind === 'choose-language').length).toBeGreaterThan(0);
  },
);

test.each([
  ['pay-cancelling', keys.cancel],
  ['put-card-back-wrong-card', keys.moneyBack],
  ['money-back-under-way', keys.understood],
  ['receipt-printing', keys.finish],
  ['receipt-paper-out', keys.finish],
  ['receipt-printed', keys.printCopy],
  ['receipt-maybe-printed', keys.printCopy],
  ['see-staff-no-paper', keys.printReceipt],
  ['declined-terminal-fault', keys.retry],
  ['card-expired', keys.topUp],
  ['out-of-service-journal', keys.findMoney],
  ['find-money-looking', keys.lookUp],
  ['account', `${keys.askNow} K7Q4-0193`],
  ['account', `${keys.printReceipt} W41N-2D7C`],
  ['account-reference', keys.askNow],
])('on %s there is no "%s" to press', (name, key) => {
  const stage = openStage();
  stage.show(viewNamed(name));
  expect(screen.queryByRole('button', { name: key })).toBeNull();
});

test('pressing what is chosen already says nothing and holds nothing up', () => {
  const stage = openStage();
  stage.show(viewNamed('confirm'));
  stage.tap(confirm.yes);
  stage.tap('English');
  stage.tap(keys.confirm);
  expect(stage.answers.map((answer) => answer.command.kind)).toEqual(['confirm']);
});

test('a double tap is one answer', () => {
  const stage = openStage();
  stage.show(viewNamed('confirm'));
  stage.tap(keys.confirm);
  stage.tap(keys.confirm);
  stage.tap(keys.back);
  expect(stage.answers).toHaveLength(1);
});

test('a key that was pressed shows it until main answers with the next view', () => {
  const stage = openStage();
  stage.show(viewNamed('confirm'), 7);
  stage.tap(keys.confirm);
  const pressed = () => screen.getByRole('button', { name: keys.confirm });
  expect(pressed().hasAttribute('data-answered')).toBe(true);
  stage.show(viewNamed('confirm'), 8);
  expect(pressed().hasAttribute('data-answered')).toBe(false);
  stage.tap(keys.confirm);
  expect(stage.answers.map((answer) => answer.seq)).toEqual([7, 8]);
});

test('a view that main left standing can be answered again after a while', () => {
  const stage = openStage();
  stage.show(viewNamed('confirm'));
  stage.tap(keys.confirm);
  stage.waitMs(oneAnswerMs - 1);
  stage.tap(keys.confirm);
  expect(stage.answers).toHaveLength(1);
  stage.waitMs(1);
  stage.tap(keys.confirm);
  expect(stage.answers).toHaveLength(2);
});

test('before main has spoken, the person reads "one moment" in every language', () => {
  openStage();
  for (const words of Object.values(wordsIn)) {
    expect(document.body.textContent).toContain(words.oneMoment.lead);
  }
  expect(document.querySelectorAll('h1')).toHaveLength(1);
});

test('when main falls silent the screen says "one moment", keeps its language, and comes back', () => {
  const stage = openStage();
  stage.show(viewNamed('confirm', 'zh-Hant'));
  act(() => setConnection('lost'));
  expect(screen.getByRole('heading').textContent).toBe(wordsIn['zh-Hant'].oneMoment.title);
  expect(screen.queryAllByRole('button')).toEqual([]);
  stage.show(viewNamed('confirm'));
  expect(screen.getByRole('heading').textContent).toBe(confirm.title);
});

test('a view that cannot be drawn is "one moment", and the next view is drawn again', () => {
  const stage = openStage();
  const silenced = console.error;
  console.error = () => {};
  try {
    stage.show({ ...viewNamed('confirm'), currency: undefined as never });
  } finally {
    console.error = silenced;
  }
  expect(screen.getByRole('heading').textContent).toBe(oneMoment.title);
  stage.show(viewNamed('confirm'));
  expect(screen.getByRole('heading').textContent).toBe(confirm.title);
});
