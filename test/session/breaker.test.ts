import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../main/session/attempt.ts';
import { deadlineOf, type Terms } from '../../main/session/session.ts';
import { freshAttempt } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';
import { allWell, inBooks, inserted, payFor, removed } from './all-well.ts';
import { type Answers, restarted, type Told } from './told.ts';

const { closingMs, doneMs, idleMs } = testTerms.timings;
const suspensionMs = 10 * 60_000;

/** Payments end in an answer, a refusal or silence. What the terminal is asked afterwards it answers. */
const answered: Answers = { ...allWell, ...inBooks('none') };
const refused: Answers = {
  ...answered,
  authorise: { kind: 'payment-declined', reason: 'declined' },
};
const silent: Answers = { ...answered, authorise: { kind: 'payment-unknown' } };

const onlyBank: Terms = { ...testTerms, means: testTerms.means.slice(0, 1) };
const suspended = { kind: 'device-down', device: 'terminal', fault: 'suspended' } as const;
const bankSuspended = [
  { id: 'bank', obstacle: suspended },
  { id: 'phone', obstacle: null },
];
const bothOffered = [
  { id: 'bank', obstacle: null },
  { id: 'phone', obstacle: null },
];

/** One after another, people pay; each time the terminal does what is said. Afterwards nobody is there. */
function paid(told: Told, ...payments: readonly (readonly [means: string, Answers])[]): Told {
  for (const [means, answers] of payments) {
    told.answers = answers;
    payFor(told, means)
      .tell(removed)
      .wait(doneMs + closingMs);
  }
  return told;
}

const station = (terms: Terms = testTerms): Told => restarted([], { terms });

describe('a terminal that leaves two payments in a row unanswered', () => {
  test('is not offered for a while: the idle screen says so, and so does the choice', () => {
    const told = paid(station(), ['bank', silent], ['bank', silent]);
    expect(told.screen).toMatchObject({ kind: 'attract', means: bankSuspended });
    const given = told.orders.length;
    payFor(told, 'bank');
    expect(told.screen).toMatchObject({ kind: 'means', choices: bankSuspended });
    expect(told.orders.slice(given)).toEqual(['read-card']);
    told.tap({ kind: 'choose-means', means: 'phone' });
    expect(told.orders.at(-1)).not.toBe('read-card');
  });

  test('keeps nobody from another means of payment, and stays suspended meanwhile', () => {
    const told = paid(station(), ['bank', silent], ['bank', silent], ['phone', answered]);
    expect(told.last).toMatchObject({ means: { id: 'phone' }, money: 'captured' });
    expect(told.screen).toMatchObject({ means: bankSuspended });
  });

  test('where it is the only one, the station is out of service, says why, and still reads cards', () => {
    const told = paid(station(onlyBank), ['bank', silent], ['bank', silent]);
    expect(told.screen).toMatchObject({
      kind: 'out-of-service',
      faults: [{ device: 'terminal', fault: 'suspended' }],
      settling: false,
      balanceWorks: true,
      canFindMoney: true,
    });
    told.tell(inserted);
    expect(told.screen).toMatchObject({ kind: 'card', topUpObstacle: suspended });
  });

  test('whoever it left waiting a second time is not offered another try where there is no other', () => {
    const told = paid(station(onlyBank), ['bank', silent]);
    payFor(told);
    expect(told.screen).toMatchObject({ kind: 'declined', canRetry: false });
    const given = told.orders.length;
    told.tap({ kind: 'retry' });
    expect(told.orders).toHaveLength(given);
  });
});

test.each<readonly [string, readonly (readonly [string, Answers])[]]>([
  ['one alone', [['bank', silent]]],
  [
    'an approval between them',
    [
      ['bank', silent],
      ['bank', answered],
      ['bank', silent],
    ],
  ],
  [
    'a refusal between them',
    [
      ['bank', silent],
      ['bank', refused],
      ['bank', silent],
    ],
  ],
  [
    'one at each of two',
    [
      ['bank', silent],
      ['phone', silent],
    ],
  ],
  [
    'refusals, however many',
    [
      ['bank', refused],
      ['bank', refused],
      ['bank', refused],
    ],
  ],
])('no terminal is suspended for %s', (_what, payments) => {
  expect(paid(station(), ...payments).screen).toMatchObject({
    kind: 'attract',
    means: bothOffered,
  });
});

describe('after ten minutes', () => {
  const afterwards = (): Told =>
    paid(station(), ['bank', silent], ['bank', silent]).wait(suspensionMs);

  test('it is offered again, by itself and not before', () => {
    const told = paid(station(), ['bank', silent]);
    const { nowMs } = told;
    paid(told, ['bank', silent]).wait(nowMs + suspensionMs - told.nowMs);
    expect(told.screen).toMatchObject({ means: bankSuspended });
    told.wait(1_000);
    expect(told.screen).toMatchObject({ means: bothOffered });
    expect(deadlineOf(told.session)).toBeNull();
  });

  test('also to somebody who stands before it with a card in', () => {
    const told = paid(station(), ['bank', silent], ['bank', silent]);
    payFor(told, 'bank');
    const given = told.orders.length;
    told.nowMs += suspensionMs;
    told.tap({ kind: 'choose-means', means: 'bank' });
    expect(told.orders[given]).toBe('open-terminal');
  });

  test('one more payment without an answer suspends it at once', () => {
    expect(paid(afterwards(), ['bank', silent]).screen).toMatchObject({ means: bankSuspended });
  });

  test.each([
    ['approved', answered],
    ['refused', refused],
  ])('one that is %s clears it: it takes two again', (_what, answers) => {
    const told = paid(afterwards(), ['bank', answers], ['bank', silent]);
    expect(told.screen).toMatchObject({ means: bothOffered });
    expect(paid(told, ['bank', silent]).screen).toMatchObject({ means: bankSuspended });
  });

  test('who chose a language just before keeps it, and their time', () => {
    const told = paid(station(), ['bank', silent], ['bank', silent]);
    const endMs = deadlineOf(told.session) ?? 0;
    told.wait(endMs - told.nowMs - 5_000).tap({ kind: 'choose-language', language: 'en' });
    told.wait(idleMs - 1_000);
    expect(told.view).toMatchObject({ language: 'en', screen: { means: bothOffered } });
    told.wait(2_000);
    expect(told.view.language).toBe(testTerms.defaultLanguage);
  });
});

describe('after a restart', () => {
  const asked: Attempt = {
    ...freshAttempt,
    openedWallMs: freshAttempt.openedWallMs - 3_600_000,
    money: 'authorising',
  };
  const left = (...references: readonly string[]): Told =>
    restarted(
      references.map((reference) => ({ ...asked, reference })),
      { answers: silent },
    );

  test('the payments that were left without an answer count', () => {
    expect(left('0000-0001', '0000-0002').screen).toMatchObject({ means: bankSuspended });
    const one = left('0000-0001');
    expect(one.screen).toMatchObject({ means: bothOffered });
    expect(paid(one, ['bank', silent]).screen).toMatchObject({ means: bankSuspended });
  });

  test('those that had an answer do not', () => {
    const known = { ...asked, money: 'authorised' } as const;
    const rows = [known, { ...known, reference: '0000-0002' }];
    expect(restarted(rows, { answers: silent }).screen).toMatchObject({ means: bothOffered });
  });
});
