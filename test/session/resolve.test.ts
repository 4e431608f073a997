import { describe, expect, test } from 'vitest';
import type { PaymentPhases, PaymentStatus } from '../../main/contract/payment.ts';
import type { Attempt, CardState, MoneyState } from '../../main/session/attempt.ts';
import { assertStep, BrokenInvariant } from '../../main/session/invariants.ts';
import { recover } from '../../main/session/recover.ts';
import {
  type ClaimStanding,
  type Deed,
  type Evidence,
  learn,
  type Outcome,
  outcomeOf,
  type Resolution,
  resolve,
} from '../../main/session/resolve.ts';
import type { ClosingPage, Session } from '../../main/session/session.ts';
import { freshAttempt, marked, momentAt, proved } from '../support/attempt.ts';
import { cardStates, moneyStates, paperStates } from '../support/attempt-states.ts';
import { testTerms } from '../support/terms.ts';
import { claimTextOf } from './told.ts';

const slips: readonly Attempt['onPaper'][] = [null, 'top-up', 'paid-back', 'unresolved'];
const phasesOf: readonly PaymentPhases[] = ['one', 'two'];
const statuses: readonly PaymentStatus[] = ['none', 'authorised', 'captured', 'reversed', 'closed'];

/** Every row that can be written down, whether or not the rules about money allow it. */
const rows: readonly Attempt[] = phasesOf.flatMap((phases) =>
  moneyStates.flatMap((money) =>
    cardStates.flatMap((card) =>
      paperStates.flatMap((paper) =>
        slips.flatMap((onPaper) =>
          [null, claimTextOf()].map((claim) => ({
            ...freshAttempt,
            means: { ...freshAttempt.means, phases },
            money,
            card,
            paper,
            onPaper,
            claim,
            loads: 1,
            loadMark: card === 'none' ? null : marked,
            proof: card === 'written' ? proved : null,
          })),
        ),
      ),
    ),
  ),
);

const evidence: readonly Evidence[] = [
  { kind: 'journal' },
  ...statuses.flatMap((status) => [
    { kind: 'payment', status, terminalReference: null, terminalReceipt: null } as const,
    { kind: 'payment', status, terminalReference: 'T/1', terminalReceipt: 'T' } as const,
  ]),
  { kind: 'capture-given-up' },
  { kind: 'load', proof: proved },
  { kind: 'load', proof: null },
  { kind: 'slip', paper: 'printed' },
  { kind: 'slip', paper: 'not-printed' },
  { kind: 'slip', paper: 'maybe-printed' },
];

const base = recover([], testTerms, momentAt(0));
const event = { at: momentAt(1), fact: { kind: 'card-removed' } } as const;

const isComing = ({ paper }: Attempt): boolean => paper === 'queued' || paper === 'printing';

/** Somewhere in hand: paper that is coming belongs to a closing page. */
function inHand(attempt: Attempt): Session {
  if (!isComing(attempt)) return { ...base, state: { kind: 'crediting', attempt } };
  const rest = { leaving: false, deadlineMs: 0, prolonged: false };
  return { ...base, state: { kind: 'closing', attempt, page: pageOf(attempt), ...rest } };
}

function pageOf({ card, money }: Attempt): ClosingPage {
  if (card === 'written') return { kind: 'receipt' };
  return money === 'reversed'
    ? { kind: 'money-back', why: 'cancelled' }
    : { kind: 'see-staff', why: 'card-undecided' };
}

/** The rule that a step from one to the other would break, if any. */
function brokenRule(was: Attempt, is: Attempt): string | null {
  try {
    assertStep(inHand(was), event, { next: inHand(is), effects: [], closed: null });
    return null;
  } catch (error) {
    if (error instanceof BrokenInvariant) return error.message;
    throw error;
  }
}

/** What can be: the rules allow it, and what may be on paper was true when it was printed. */
const possible = rows.filter((row) => {
  const { paper, onPaper, card, money } = row;
  if (onPaper === 'top-up' && card !== 'written') return false;
  if (onPaper === 'paid-back' && money !== 'reversed') return false;
  if ((paper === 'printed' || paper === 'maybe-printed') && onPaper === null) return false;
  const { slip } = resolve(row);
  if (paper === 'not-printed' && slip === 'copy') return false;
  if (paper === 'none' && onPaper !== null) return false;
  return brokenRule(row, row) === null;
});

const named = (attempt: Attempt): string =>
  [attempt.money, attempt.card, attempt.paper, attempt.onPaper, attempt.means.phases].join(' ');

describe('whatever is known of a top-up, and whatever is learned', () => {
  test('every row is looked at, and enough of them can be', () => {
    expect(rows).toHaveLength(9 * 4 * 6 * 4 * 2 * 2);
    expect(new Set(possible.map(({ money, card }) => `${money} ${card}`)).size).toBe(14);
    expect(possible.length).toBeGreaterThan(400);
  });

  test('there is an answer to what is to be done next', () => {
    const answers = rows.flatMap((row) => evidence.map((each) => resolve(row, each)));
    const seen = <K extends keyof Resolution>(key: K) => [
      ...new Set(answers.map((answer) => answer[key])),
    ];
    expect(seen('deed').sort()).toEqual(['capture', 'check-card', 'inquire', 'nothing', 'reverse']);
    expect(seen('slip').sort()).toEqual(['copy', 'print', 'wait']);
    expect(seen('claim').sort()).toEqual(['due', 'none', 'open', 'settled']);
  });

  test('no rule about money is broken by believing it', () => {
    const broken = possible.flatMap((row) => {
      // While paper is coming, nobody but the printer is asked anything.
      const said = isComing(row) ? evidence.filter(({ kind }) => kind === 'slip') : evidence;
      return said.flatMap((each) => {
        const rule = brokenRule(row, learn(row, each));
        return rule === null ? [] : [`${named(row)}, ${JSON.stringify(each)}: ${rule}`];
      });
    });
    expect(broken).toEqual([]);
  });

  test('told twice, it is believed once', () => {
    for (const row of possible) {
      for (const each of evidence) {
        const once = resolve(row, each);
        expect(resolve(once.attempt, each), `${named(row)}, ${JSON.stringify(each)}`).toEqual(once);
      }
    }
  });

  test('what was proved stays proved, and what contradicts it teaches nothing', () => {
    const over: readonly MoneyState[] = ['captured', 'uncollected', 'reversed', 'declined'];
    for (const row of possible) {
      for (const each of evidence) {
        const what = `${named(row)}, ${JSON.stringify(each)}`;
        const { money, card, proof, paper, onPaper, claim } = learn(row, each);
        if (over.includes(row.money)) expect(money, what).toBe(row.money);
        if (row.card === 'written' || row.card === 'unwritten') expect(card, what).toBe(row.card);
        if (row.card !== 'writing') expect(proof, what).toBe(row.proof);
        if (row.onPaper !== null) expect(onPaper, what).not.toBeNull();
        if (row.onPaper === 'top-up' || row.onPaper === 'paid-back') {
          expect(onPaper, what).toBe(row.onPaper);
        }
        if (row.paper === 'printed') expect(paper, what).toBe('printed');
        expect(claim, what).toBe(row.claim);
      }
    }
  });

  test('each is believed of what it is about alone', () => {
    for (const row of possible) {
      const { money, card, paper, onPaper } = row;
      for (const each of evidence) {
        const learned = learn(row, each);
        const what = `${named(row)}, ${JSON.stringify(each)}`;
        if (each.kind !== 'slip') expect(learned, what).toMatchObject({ paper, onPaper });
        if (each.kind !== 'load') expect(learned, what).toMatchObject({ card });
        if (each.kind === 'slip' || each.kind === 'journal') {
          expect(learned, what).toMatchObject({ money });
        }
      }
    }
  });

  test('a payment’s name, once given, is not forgotten by an answer without one', () => {
    const row = { ...freshAttempt, money: 'authorising', terminalReference: 'T/1' } as const;
    const nameless = { terminalReference: null, terminalReceipt: null };
    for (const status of statuses) {
      const { terminalReference } = learn(row, { kind: 'payment', status, ...nameless });
      expect(terminalReference).toBe('T/1');
    }
  });
});

type Line = readonly [
  MoneyState,
  CardState,
  Outcome['money'],
  Outcome['card'],
  Deed,
  /** Of the claim: before one is made, and with one. */
  ClaimStanding,
  ClaimStanding,
  /** What a slip says. */
  Exclude<Attempt['onPaper'], null>,
];

/** Written by hand, not generated: what is to be done about each top-up that can be. */
const table: readonly Line[] = [
  ['none', 'none', 'none', 'none', 'nothing', 'none', 'settled', 'unresolved'],
  ['declined', 'none', 'undone', 'none', 'nothing', 'none', 'settled', 'unresolved'],
  ['authorising', 'none', 'unknown', 'none', 'inquire', 'due', 'open', 'unresolved'],
  ['authorised', 'none', 'done', 'none', 'reverse', 'due', 'open', 'unresolved'],
  ['authorised', 'unwritten', 'done', 'undone', 'reverse', 'due', 'open', 'unresolved'],
  ['authorised', 'writing', 'done', 'unknown', 'check-card', 'due', 'open', 'unresolved'],
  ['authorised', 'written', 'done', 'done', 'capture', 'none', 'open', 'top-up'],
  ['capturing', 'written', 'unknown', 'done', 'capture', 'none', 'open', 'top-up'],
  ['captured', 'written', 'done', 'done', 'nothing', 'none', 'settled', 'top-up'],
  ['uncollected', 'written', 'undone', 'done', 'nothing', 'none', 'settled', 'top-up'],
  ['reversing', 'none', 'unknown', 'none', 'reverse', 'due', 'open', 'unresolved'],
  ['reversing', 'unwritten', 'unknown', 'undone', 'reverse', 'due', 'open', 'unresolved'],
  ['reversed', 'none', 'undone', 'none', 'nothing', 'none', 'settled', 'paid-back'],
  ['reversed', 'unwritten', 'undone', 'undone', 'nothing', 'none', 'settled', 'paid-back'],
];

/** What is done about paper: whether an answer is owed, and else whether a slip that says the same can be on paper. */
function slipByHand(row: Attempt, says: Attempt['onPaper']): Resolution['slip'] {
  if (isComing(row)) return 'wait';
  return row.onPaper === says ? 'copy' : 'print';
}

describe('what is to be done', () => {
  test.each(table)('%s, card %s', (...line) => {
    const [money, card, moneyStands, cardStands, deed, unclaimed, claimed, says] = line;
    const meant = possible.filter((row) => row.money === money && row.card === card);
    expect(meant.length).toBeGreaterThan(10);
    for (const row of meant) {
      expect(outcomeOf(row), named(row)).toMatchObject({ money: moneyStands, card: cardStands });
      expect(resolve(row), named(row)).toEqual({
        attempt: row,
        deed,
        slip: slipByHand(row, says),
        claim: row.claim === null ? unclaimed : claimed,
      });
    }
  });
});

describe('what the terminal’s books say of a payment', () => {
  test.each<readonly [MoneyState, ...MoneyState[]]>([
    // Its books:    none, authorised, captured, reversed, closed
    ['authorising', 'declined', 'authorised', 'authorised', 'reversed', 'authorising'],
    ['capturing', 'uncollected', 'capturing', 'captured', 'uncollected', 'uncollected'],
    ['reversing', 'reversed', 'reversing', 'reversing', 'reversed', 'reversed'],
  ])('that is %s', (money, ...then) => {
    const reserved = possible.filter(({ means }) => means.phases === 'two');
    for (const row of reserved.filter((each) => each.money === money)) {
      const learned = statuses.map((status) => {
        const names = { terminalReference: null, terminalReceipt: null };
        return learn(row, { kind: 'payment', status, ...names }).money;
      });
      expect(learned, named(row)).toEqual(then);
    }
  });
});

test('what was taken at once is never back for being closed', () => {
  const taken = { ...freshAttempt.means, phases: 'one' } as const;
  const goingBack: Attempt = { ...freshAttempt, means: taken, money: 'reversing' };
  const names = { terminalReference: 'T', terminalReceipt: null };
  const learned = learn(goingBack, { kind: 'payment', status: 'closed', ...names });
  expect(learned.money).toBe('reversing');
});

test.each(phasesOf)('the card ends the doubt about a load, paid in %s', (phases) => {
  const means = { ...freshAttempt.means, phases };
  const writing = { ...freshAttempt, means, money: 'authorised', card: 'writing' } as const;
  const loaded = resolve(writing, { kind: 'load', proof: proved });
  expect(loaded.attempt).toMatchObject({ card: 'written', proof: proved });
  expect(loaded.deed).toBe(phases === 'one' ? 'nothing' : 'capture');
  const unwritten = resolve(writing, { kind: 'load', proof: null });
  expect(unwritten).toMatchObject({ attempt: { card: 'unwritten', proof: null }, deed: 'reverse' });
});
