import { expect, test } from 'vitest';
import { receiptOf } from '../../main/session/receipt-of.ts';
import { recover } from '../../main/session/recover.ts';
import { show } from '../../main/session/show.ts';
import { transition } from '../../main/session/transition.ts';
import { freshAttempt, marked, momentAt } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';

test('the station is named in the language that a person chose, on screen and on paper', () => {
  const at = momentAt(0);
  const waiting = recover([], testTerms, at);
  expect(show(waiting, at).stationName).toBe('人民广场站');
  const command = { kind: 'choose-language', language: 'zh-Hant' } as const;
  const { next } = transition(waiting, { at, fact: { kind: 'commanded', command } });
  expect(show(next, at).stationName).toBe('人民廣場站');
  const { language, stationName } = receiptOf(next, freshAttempt);
  expect(stationName[language]).toBe('人民廣場站');
});

test('who was cut off is asked for the card in their language, and is promised no more than is kept', () => {
  const writing = {
    ...freshAttempt,
    language: 'en',
    money: 'authorised',
    card: 'writing',
    loadMark: marked,
  } as const;
  const started = recover([writing], testTerms, momentAt(0));
  const at = momentAt(3_001);
  const { next } = transition(started, { at, fact: { kind: 'deadline-passed' } });
  expect(show(next, at)).toMatchObject({
    language: 'en',
    screen: { kind: 'put-card-back', finishes: false, canCancel: false },
  });
});
