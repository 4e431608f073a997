import { describe, expect, test } from 'vitest';
import { answersOf } from '../../main/session/effect.ts';
import { recover } from '../../main/session/recover.ts';
import { decisions, ImpossibleFact, transition } from '../../main/session/transition.ts';
import { momentAt } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';

const answerKinds = new Set<string>(Object.values(answersOf).flat());
const facts = [
  ...answerKinds,
  'card-inserted',
  'card-removed',
  'device-changed',
  'terminal-changed',
  'deadline-passed',
];

describe('every state decides every fact', () => {
  test('no pair is missing, and none is decided by accident', () => {
    const states = Object.keys(decisions);
    expect(states).toHaveLength(26);
    expect(facts).toHaveLength(39);
    for (const [state, table] of Object.entries(decisions)) {
      expect(Object.keys(table.facts).sort(), state).toEqual([...facts].sort());
    }
  });

  test('an order’s answers are handled together, or are all impossible', () => {
    for (const [state, table] of Object.entries(decisions)) {
      for (const [effect, answers] of Object.entries(answersOf)) {
        if (effect === 'cancel-payment') continue;
        const handled = answers.map((answer) => typeof table.facts[answer] === 'function');
        expect(new Set(handled).size, `${state} × ${effect}`).toBe(1);
      }
    }
  });

  test('an answer that nobody asked for stops the program', () => {
    const session = recover([], testTerms, momentAt(0));
    const fact = { kind: 'payment-captured' } as const;
    expect(() => transition(session, { at: momentAt(1), fact })).toThrow(ImpossibleFact);
  });
});
