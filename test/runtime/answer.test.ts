import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../main/runtime/answer.ts';

describe('a message from the screen', () => {
  test('that is a command is taken', () => {
    const message = { seq: 4, command: { kind: 'choose-amount', amountMinor: 5_000 } };
    expect(checkAnswer(message)).toEqual({ kind: 'answer', answer: message });
  });

  test.each([
    ['nothing', undefined, 'message'],
    ['text', 'confirm', 'message'],
    ['no seq', { command: { kind: 'confirm' } }, 'seq'],
    ['a fraction of a fen', amount(5_000.5), 'command.amountMinor'],
    ['less than nothing', amount(-5_000), 'command.amountMinor'],
    ['text for money', amount('5000'), 'command.amountMinor'],
    ['more than a number can hold', amount(1e300), 'command.amountMinor'],
    ['an unknown command', { seq: 1, command: { kind: 'capture' } }, 'command.kind'],
    ['an unknown language', language('xx'), 'command.language'],
    ['a field too many', { seq: 1, command: { kind: 'confirm', free: true } }, 'command'],
    ['a name without end', means('x'.repeat(1_000)), 'command.means'],
    ['a reference without its dash', lookUp('K7Q40193'), 'command.reference'],
    ['a reference with a letter that none has', lookUp('K7Q4-O193'), 'command.reference'],
    ['a reference and something more', lookUp('K7Q4-0193\n'), 'command.reference'],
  ])('that is %s is refused by the name of the field', (_what, message, field) => {
    const check = checkAnswer(message);
    expect(check).toMatchObject({ kind: 'malformed' });
    expect(check.kind === 'malformed' ? check.problem : '').toMatch(new RegExp(`^${field}: .`));
  });

  test('is never repeated in the problem', () => {
    const check = checkAnswer({ seq: 1, command: { kind: 'secret-4100000000000017' } });
    expect(JSON.stringify(check)).not.toContain('4100000000000017');
  });
});

function amount(amountMinor: unknown): unknown {
  return { seq: 1, command: { kind: 'choose-amount', amountMinor } };
}

function language(name: string): unknown {
  return { seq: 1, command: { kind: 'choose-language', language: name } };
}

function means(name: string): unknown {
  return { seq: 1, command: { kind: 'choose-means', means: name } };
}

function lookUp(reference: string): unknown {
  return { seq: 1, command: { kind: 'look-up', reference } };
}
