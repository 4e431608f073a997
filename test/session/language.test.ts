import { expect, test } from 'vitest';
import { receiptOf } from '../../main/session/receipt-of.ts';
import { recover } from '../../main/session/recover.ts';
import { show } from '../../main/session/show.ts';
import { transition } from '../../main/session/transition.ts';
import { freshAttempt, momentAt } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';

test('the station is named in the language that a person chose, on screen and on paper', () => {
  const at = momentAt(0);
  const waiting = recover([], testTerms, at);
  expect(show(waiting, at).stationName).toBe('人民广场站');
  const command = { kind: 'choose-language', language: 'zh-Hant' } as const;
  const { next } = transition(waiting, { at, fact: { kind: 'commanded', command } });
  expect(show(next, at).stationName).toBe('人民廣場站');
  const { language, stationName } = receiptOf(next, freshAttempt, freshAttempt.loadTime);
  expect(stationName[language]).toBe('人民廣場站');
});
