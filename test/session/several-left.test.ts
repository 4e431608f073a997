import { describe, expect, test } from 'vitest';
import type { CardFacts } from '../../main/contract/card.ts';
import type { PaymentStatus } from '../../main/contract/payment.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { Effect } from '../../main/session/effect.ts';
import type { AnswerFact } from '../../main/session/event.ts';
import { isSettled, resolve } from '../../main/session/resolve.ts';
import { freshAttempt, freshCard, marked, proved } from '../support/attempt.ts';
import { allWell, inserted, removed, silentTerminal } from './all-well.ts';
import { type Answers, claimTextOf, restarted, type Told } from './told.ts';

const minuteMs = 60_000;

type Kind = 'asking' | 'reserved' | 'writing' | 'taking' | 'going-back';
const kinds: readonly Kind[] = ['asking', 'reserved', 'writing', 'taking', 'going-back'];

const left: Readonly<Record<Kind, Partial<Attempt>>> = {
  asking: { money: 'authorising' },
  reserved: { money: 'authorised', terminalReference: 'T' },
  writing: {
    money: 'authorised',
    terminalReference: 'T',
    card: 'writing',
    loads: 1,
    loadMark: marked,
  },
  taking: {
    money: 'capturing',
    terminalReference: 'T',
    card: 'written',
    loads: 1,
    loadMark: marked,
    proof: proved,
  },
  'going-back': { money: 'reversing', terminalReference: 'T' },
};

/** A top-up of each kind, each with its own card. */
function attemptsOf(some: readonly Kind[]): readonly Attempt[] {
  return some.map((kind, index) => ({
    ...freshAttempt,
    ...left[kind],
    reference: `0000-000${index}`,
    cardNumber: `410000000000000${index}`,
  }));
}

/** Every three that a power cut, or several, may have left, in the order in which they began. */
const threes = kinds.flatMap((first) =>
  kinds.flatMap((second) => kinds.map((third) => [first, second, third] as const)),
);

function orderedOf(effect: Effect): string {
  return 'order' in effect ? (effect.order.reference.split('/')[0] ?? '') : '';
}

/** The cards that were written were loaded, and the terminals tell what is in their books. */
class Books {
  readonly payments: Map<string, PaymentStatus>;
  card: CardFacts = freshCard;

  constructor(attempts: readonly Attempt[]) {
    this.payments = new Map(attempts.map(({ reference }) => [reference, 'authorised']));
  }

  get answers(): Answers {
    const moved = (status: PaymentStatus, answer: AnswerFact) => (effect: Effect) => {
      this.payments.set(orderedOf(effect), status);
      return answer;
    };
    return {
      ...allWell,
      'read-card': () => ({ kind: 'card-read', card: this.card }),
      'inquire-payment': (effect) => ({
        kind: 'payment-found',
        status: this.payments.get(orderedOf(effect)) ?? 'none',
        terminalReference: 'T',
        terminalReceipt: null,
      }),
      capture: moved('captured', { kind: 'payment-captured' }),
      reverse: moved('reversed', { kind: 'payment-reversed' }),
    };
  }
}

/** Everybody comes back with their card, one after another, and takes the time it takes. */
function everybodyBack(told: Told, books: Books, attempts: readonly Attempt[]): void {
  for (const { cardNumber, profile } of attempts) {
    books.card = { ...freshCard, number: cardNumber, profile };
    told
      .tell(inserted)
      .wait(2 * minuteMs)
      .tell(removed)
      .wait(2 * minuteMs);
  }
}

const rows = (told: Told, attempts: readonly Attempt[]): readonly Attempt[] =>
  attempts.map(({ reference }) => told.row(reference));

describe.each([
  ['a moment ago', 10_000],
  ['an hour ago', 3_600_000],
])('of three top-ups that were cut off %s', { timeout: 60_000 }, (_when, offMs) => {
  test('none is forgotten where the terminals are silent: each is settled or claimed, once', () => {
    for (const three of threes) {
      const attempts = attemptsOf(three);
      const what = three.join(', ');
      const told = restarted(attempts, { answers: { ...allWell, ...silentTerminal }, offMs });
      told.wait(60 * minuteMs);
      while (told.session.state.kind !== 'idle') told.wait(minuteMs);
      const now = rows(told, attempts);
      const open = now.filter((row) => !isSettled(row));
      expect(
        now.filter((row) => resolve(row).claim === 'due'),
        what,
      ).toEqual([]);
      expect(new Set(told.session.open), what).toEqual(new Set(open));
      const claims = told.effects.flatMap((effect) =>
        effect.kind === 'sign-claim' ? [effect.claim.reference] : [],
      );
      expect(new Set(claims).size, what).toBe(claims.length);
      expect(claims.sort(), what).toEqual(
        now.flatMap(({ claim, reference }) => (claim === null ? [] : [reference])),
      );
      for (const { claim, reference } of now) {
        if (claim !== null) expect(claim, what).toBe(claimTextOf(reference));
      }
    }
  });

  test('each is settled by itself where the terminals tell, but for those that only their card can tell', () => {
    for (const three of threes) {
      const attempts = attemptsOf(three);
      const what = three.join(', ');
      const books = new Books(attempts);
      const told = restarted(attempts, { answers: books.answers, offMs }).wait(10 * minuteMs);
      const open = three.flatMap((kind, index) => (kind === 'writing' ? [`0000-000${index}`] : []));
      expect(told.session.open.map(({ reference }) => reference).sort(), what).toEqual(open);
      everybodyBack(told, books, attempts);
      expect(told.session.open, what).toEqual([]);
      const isLoaded = three.map((kind) => kind === 'writing' || kind === 'taking');
      const expected = isLoaded.map((loaded) => (loaded ? 'captured' : 'reversed'));
      expect(
        rows(told, attempts).map(({ money }) => money),
        what,
      ).toEqual(expected);
      expect([...books.payments.values()], what).toEqual(expected);
      expect(told.orders, what).not.toContain('credit-card');
    }
  });

  test('also where they are silent for an hour first', () => {
    for (const three of threes) {
      const attempts = attemptsOf(three);
      const books = new Books(attempts);
      const told = restarted(attempts, { answers: { ...allWell, ...silentTerminal }, offMs });
      told.wait(60 * minuteMs);
      told.answers = books.answers;
      told.wait(30 * minuteMs);
      everybodyBack(told, books, attempts);
      expect(told.session.open, three.join(', ')).toEqual([]);
    }
  });
});

test('two of the same card are settled one after the other, each at a tap', () => {
  const attempts = attemptsOf(['writing', 'writing']).map((attempt) => ({
    ...attempt,
    cardNumber: freshCard.number,
  }));
  const books = new Books(attempts);
  const told = restarted(attempts, { answers: books.answers, offMs: 3_600_000 });
  expect(told.session.open).toHaveLength(2);
  told.tell(inserted).wait(minuteMs).tell(removed);
  expect(told.session.open).toHaveLength(1);
  expect(rows(told, attempts).filter(isSettled)).toHaveLength(1);
  told.tell(inserted).wait(minuteMs).tell(removed);
  expect(told.session.open).toEqual([]);
});
