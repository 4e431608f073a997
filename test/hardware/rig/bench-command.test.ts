import { expect, test } from 'vitest';
import { parseBenchCommand } from '../../../hardware/rig/bench-command.ts';
import type { BenchCommand } from '../../../main/contract/bench.ts';

/** One of each: the compiler asks for a new one when the contract gets it. */
const commands: { readonly [Kind in BenchCommand['kind']]: Extract<BenchCommand, { kind: Kind }> } =
  {
    'insert-card': { kind: 'insert-card', card: 'ordinary' },
    'pull-card': { kind: 'pull-card' },
    'fresh-cards': { kind: 'fresh-cards' },
    'approve-payment': { kind: 'approve-payment', terminal: 'mobile' },
    'decline-payment': { kind: 'decline-payment', terminal: 'mobile' },
    'silence-terminal': { kind: 'silence-terminal', terminal: 'mobile', silent: true },
    'set-paper': { kind: 'set-paper', out: true },
    'set-cover': { kind: 'set-cover', open: true },
    'tear-off': { kind: 'tear-off' },
    'set-cable': { kind: 'set-cable', cable: 'reader', plugged: false },
    'arm-trap': { kind: 'arm-trap', trap: 'credit-mute', armed: true },
    'kill-process': { kind: 'kill-process' },
  };

test.each(Object.values(commands))('the page may say $kind', (command) => {
  expect(parseBenchCommand(JSON.parse(JSON.stringify(command)))).toEqual(command);
});

test.each([
  ['no object', 'pull-card'],
  ['nothing', null],
  ['an unknown deed', { kind: 'open-the-cash-box' }],
  ['a missing word', { kind: 'insert-card' }],
  ['a word too many', { kind: 'pull-card', really: true }],
  ['a yes that is text', { kind: 'set-cover', open: 'yes' }],
])('%s is no command', (_what, message) => {
  expect(parseBenchCommand(message)).toBeNull();
});
