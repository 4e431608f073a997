import { describe, expect, test } from 'vitest';
import { down, type Health, up } from '../../main/contract/device.ts';
import { minorUnits } from '../../main/contract/money.ts';
import { recover } from '../../main/session/recover.ts';
import type { Session, Terms } from '../../main/session/session.ts';
import { show } from '../../main/session/show.ts';
import { transition } from '../../main/session/transition.ts';
import { freshCard as card, momentAt } from '../support/attempt.ts';
import type { ToldDevice } from '../support/device-told.ts';
import { testTerms } from '../support/terms.ts';

/** Somebody whose card is in the reader has chosen ¥50 at a station where all is well but for one device. */
function aboutToConfirm(terms: Terms, broken: ToldDevice | null): Session {
  const session = recover([], terms, momentAt(0));
  const terminals = Object.fromEntries(terms.means.map(({ id }) => [id, up]));
  const fails = (device: ToldDevice): Health => (device === broken ? down('unplugged') : up);
  const devices = {
    reader: fails('reader'),
    sams: { pboc: fails('sam') },
    printer: fails('printer'),
    journal: fails('journal'),
    terminals,
  };
  return {
    ...session,
    devices,
    cardPresent: true,
    state: {
      kind: 'confirm',
      card,
      amountMinor: minorUnits(5_000),
      receiptWanted: true,
      leisure: { deadlineMs: 60_000, warned: false },
    },
  };
}

const onlyBank: Terms = { ...testTerms, means: testTerms.means.slice(0, 1) };
const confirm = {
  at: momentAt(1),
  fact: { kind: 'commanded', command: { kind: 'confirm' } },
} as const;

describe('no money is asked for that could not be loaded', () => {
  test.each(['reader', 'sam', 'journal'] as const)(
    'with one means of payment, and the %s fails before the person confirms',
    (broken) => {
      const { next, effects } = transition(aboutToConfirm(onlyBank, broken), confirm);
      expect(effects).toEqual([]);
      expect(show(next, momentAt(2)).screen).toMatchObject({
        kind: 'means',
        choices: [{ id: 'bank', obstacle: { kind: 'device-down', device: broken } }],
      });
    },
  );

  test('with one means of payment and everything well, the terminal is woken', () => {
    const { effects } = transition(aboutToConfirm(onlyBank, null), confirm);
    expect(effects).toEqual([{ kind: 'open-terminal', means: 'bank' }]);
  });

  test('with several, each says what is broken, and choosing one does nothing', () => {
    const choosing = transition(aboutToConfirm(testTerms, 'sam'), confirm).next;
    expect(show(choosing, momentAt(2)).screen).toMatchObject({
      choices: testTerms.means.map(({ id }) => ({
        id,
        obstacle: { kind: 'device-down', device: 'sam' },
      })),
    });
    const command = { kind: 'choose-means', means: 'bank' } as const;
    const { effects } = transition(choosing, {
      at: momentAt(3),
      fact: { kind: 'commanded', command },
    });
    expect(effects).toEqual([]);
  });
});
