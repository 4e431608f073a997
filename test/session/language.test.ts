import { describe, expect, test } from 'vitest';
import { down, up } from '../../main/contract/device.ts';
import { minorUnits } from '../../main/contract/money.ts';
import type { Fact } from '../../main/session/event.ts';
import { receiptOf } from '../../main/session/receipt-of.ts';
import { recover } from '../../main/session/recover.ts';
import { deadlineOf, type Session, type State } from '../../main/session/session.ts';
import { show } from '../../main/session/show.ts';
import { transition } from '../../main/session/transition.ts';
import { freshCard as card, freshAttempt, marked, momentAt } from '../support/attempt.ts';
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

describe('who chose a language, and loses the reader', () => {
  const lost: Fact = { kind: 'device-changed', device: 'reader', health: down('service-down') };
  const back: Fact = { kind: 'device-changed', device: 'reader', health: up };
  const gone: Fact = { kind: 'card-removed' };
  const leisure = { deadlineMs: 60_000, warned: false };
  const choice = { card, amountMinor: minorUnits(5_000), receiptWanted: true };

  function seen(state: State, ...facts: readonly Fact[]): Session {
    const idle = recover([], testTerms, momentAt(0));
    const devices = { ...idle.devices, reader: up };
    const session: Session = { ...idle, devices, language: 'en', cardPresent: true, state };
    return facts.reduce((each, fact) => transition(each, { at: momentAt(1), fact }).next, session);
  }

  const inCard: State = { kind: 'card', card, leisure };
  const inConfirm: State = { kind: 'confirm', ...choice, leisure };
  const { idleMs } = testTerms.timings;

  test.each<readonly [string, State, readonly Fact[]]>([
    ['sees the card', inCard, [lost, gone]],
    ['sees the card', inCard, [gone, lost]],
    ['confirms', inConfirm, [lost, gone]],
    ['confirms', inConfirm, [gone, lost]],
  ])('while one %s is spoken to in it when it is back', (_what, state, facts) => {
    const idle = seen(state, ...facts);
    expect(idle).toMatchObject({ language: 'en', state: { kind: 'idle' } });
    const again = [back, { kind: 'card-inserted' } as const].reduce(
      (each, fact) => transition(each, { at: momentAt(idleMs), fact }).next,
      idle,
    );
    expect(again).toMatchObject({ language: 'en', state: { kind: 'reading' } });
  });

  test('and does not come back, leaves the machine to others', () => {
    const idle = seen(inCard, lost, gone);
    const deadlineMs = deadlineOf(idle) ?? 0;
    expect(deadlineMs).toBe(1 + idleMs);
    const fact = { kind: 'deadline-passed' } as const;
    const { next } = transition(idle, { at: momentAt(deadlineMs), fact });
    expect(next.language).toBe(testTerms.defaultLanguage);
    expect(deadlineOf(next)).toBeNull();
  });

  test('is not taken for somebody who took the card and went, nor are they for them', () => {
    const idle = seen(inCard, gone);
    expect(idle.language).toBe(testTerms.defaultLanguage);
    const { next } = transition(idle, { at: momentAt(5_000), fact: lost });
    expect(next.language).toBe(testTerms.defaultLanguage);
    const held = { kind: 'device-changed', device: 'reader', health: down('busy') } as const;
    expect(seen(inCard, held, gone).language).toBe(testTerms.defaultLanguage);
  });
});
