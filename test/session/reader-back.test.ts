import { describe, expect, test } from 'vitest';
import { down, up } from '../../main/contract/device.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { EffectKind } from '../../main/session/effect.ts';
import type { AnswerFact, Fact } from '../../main/session/event.ts';
import { recover } from '../../main/session/recover.ts';
import { deadlineOf, type Session, type State } from '../../main/session/session.ts';
import { freshAttempt, marked, momentAt } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';
import { claimTextOf, Told } from './told.ts';

const { cardReturnMs } = testTerms.timings;
const authorised: Attempt = { ...freshAttempt, money: 'authorised', loads: 1 };
const writing: Attempt = { ...authorised, card: 'writing', loadMark: marked };

const busy: Fact = { kind: 'device-changed', device: 'reader', health: down('busy') };
const free: Fact = { kind: 'device-changed', device: 'reader', health: up };
const trouble = { kind: 'reader-fault', detail: 'reader-busy' } as const;
const answers: { readonly [order in EffectKind]?: AnswerFact } = {
  'read-card': { kind: 'card-unreadable', trouble },
  'prepare-credit': { kind: 'credit-preparation-failed', trouble },
  'credit-card': { kind: 'credit-unknown', trouble },
  'check-card': { kind: 'load-unknown', trouble },
};

/** A card lies in a reader that answers every order with its fault, until it is told to be silent. */
class Held extends Told {
  constructor(state: State, more: Partial<Session> = {}) {
    const idle = recover([], testTerms, momentAt(0));
    const devices = { ...idle.devices, reader: up, printer: up };
    super({ ...idle, devices, cardPresent: true, state, ...more });
  }

  /** The order under way, and all that follow at once, meet the fault. */
  fail(first: EffectKind): this {
    for (let order: EffectKind | undefined = first; order !== undefined; ) {
      const answer = answers[order];
      const before = this.orders.length;
      if (answer === undefined) break;
      this.tell(answer);
      order = this.orders[before];
    }
    return this;
  }
}

const stories: readonly (readonly [string, State, EffectKind, EffectKind, object])[] = [
  [
    'is read',
    { kind: 'reading', tries: 1, disturbed: false, purpose: 'top-up' },
    'read-card',
    'read-card',
    { kind: 'refused-card', reason: 'reader-fault' },
  ],
  [
    'is made ready for a load that is paid',
    { kind: 'preparing', attempt: authorised, tries: 1 },
    'prepare-credit',
    'prepare-credit',
    { kind: 'put-card-back', why: 'reader-down', canCancel: true },
  ],
  [
    'is written',
    { kind: 'crediting', attempt: writing },
    'credit-card',
    'check-card',
    { kind: 'put-card-back', why: 'reader-down', canCancel: false },
  ],
  [
    'is asked what became of a write',
    { kind: 'checking', attempt: writing, wanted: true, tries: 1 },
    'check-card',
    'check-card',
    { kind: 'put-card-back', why: 'reader-down', canCancel: false },
  ],
];

describe.each(stories)('a reader fails while the card %s', (_what, state, order, next, screen) => {
  test('and says so, and goes on by itself when it is back', () => {
    const held = new Held(state).tell(busy).fail(order);
    expect(held.screen).toMatchObject(screen);
    const before = held.orders.length;
    held.tell(free);
    expect(held.orders.slice(before)).toEqual([next]);
  });

  test('also when it is only known afterwards why', () => {
    const held = new Held(state).fail(order).tell(busy);
    expect(held.screen).toMatchObject(screen);
    const before = held.orders.length;
    held.tell(free);
    expect(held.orders.slice(before)).toEqual([next]);
  });

  test('also when it is back before the last answer', () => {
    const held = new Held(state);
    if ('tries' in state) held.session = { ...held.session, state: { ...state, tries: 3 } };
    held.tell(busy).tell(free);
    const before = held.orders.length;
    const answer = answers[order];
    if (answer !== undefined) held.tell(answer);
    expect(held.orders.slice(before)).toEqual([next]);
  });
});

describe('while the reader is away', () => {
  const awaiting: State = {
    kind: 'awaiting-card',
    attempt: authorised,
    wanted: true,
    wrongCard: null,
    deadlineMs: cardReturnMs,
    prolonged: false,
  };

  test('nobody is told that the card was away, nor that it did not come back', () => {
    const unwritten = new Held(awaiting).tell(busy);
    unwritten.nowMs = cardReturnMs;
    unwritten.tell({ kind: 'deadline-passed' });
    expect(unwritten.screen).toMatchObject({ kind: 'money-back', why: 'card-not-written' });
    const unknown = new Held({ ...awaiting, attempt: writing }).tell(busy);
    unknown.nowMs = cardReturnMs;
    unknown.tell({ kind: 'deadline-passed' });
    expect(unknown.screen).toMatchObject({ kind: 'see-staff', why: 'card-undecided' });
  });

  test('a card that is not in has all its time again when it is back', () => {
    const held = new Held(awaiting, { cardPresent: false }).tell(busy);
    held.nowMs = cardReturnMs - 10;
    held.tell(free);
    expect(held.screen).toMatchObject({ why: 'card-away', remainingMs: cardReturnMs });
  });

  test('and once only: a reader that comes and goes does not keep anybody for ever', () => {
    for (const [attempt, kind] of [
      [authorised, 'reversing'],
      [writing, 'closing'],
    ] as const) {
      const held = new Held({ ...awaiting, attempt }, { cardPresent: false });
      while (held.nowMs < 3 * cardReturnMs && held.session.state.kind === 'awaiting-card') {
        held.nowMs += cardReturnMs / 2;
        held.tell(busy).tell(free).tell({ kind: 'deadline-passed' });
      }
      expect(held.session.state.kind).toBe(kind);
    }
  });

  test.each<readonly [string, boolean, 'other-card' | 'two-cards' | null]>([
    ['card-away', false, null],
    ['other-card', true, 'other-card'],
    ['two-cards', true, 'two-cards'],
    ['card-mute', true, null],
  ])('and only then: else the person is told what there is to do (%s)', (why, present, wrong) => {
    const held = new Held({ ...awaiting, wrongCard: wrong }, { cardPresent: present });
    expect(held.screen).toMatchObject({ kind: 'put-card-back', why });
  });
});

describe('a reader that was lost, and comes back before it tells of the card in it', () => {
  const lost: Fact = { kind: 'device-changed', device: 'reader', health: down('service-down') };
  const gone: Fact = { kind: 'card-removed' };
  const timeUp: Fact = { kind: 'deadline-passed' };
  const slotMs = 1_500;

  test.each<readonly [string, readonly Fact[]]>([
    ['says it is gone first', [lost, gone]],
    ['says the card is gone first', [gone, lost]],
  ])('and %s: nobody is asked for a card that is in', (_what, facts) => {
    const held = new Held({ kind: 'checking', attempt: writing, wanted: true, tries: 1 });
    for (const fact of facts) held.tell(fact);
    held.fail('check-card');
    expect(held.screen).toMatchObject({ kind: 'put-card-back', why: 'reader-down' });
    held.tell(free);
    held.nowMs += slotMs - 100;
    expect(held.tell(timeUp).screen).toMatchObject({ kind: 'put-card-back', why: 'reader-down' });
    expect(held.tell({ kind: 'card-inserted' }).orders.at(-1)).toBe('check-card');
  });

  test('also when it is back before the last answer', () => {
    const held = new Held({ kind: 'checking', attempt: writing, wanted: true, tries: 1 });
    held.tell(lost).tell(gone).tell(free).fail('check-card');
    expect(held.screen).toMatchObject({ kind: 'put-card-back', why: 'reader-down' });
  });

  test('a card that it does not tell of is asked for, a moment later and in its own time', () => {
    const held = new Held({ kind: 'checking', attempt: writing, wanted: true, tries: 1 });
    held.tell(lost).tell(gone).fail('check-card').tell(free);
    const dueMs = deadlineOf(held.session) ?? 0;
    expect(dueMs).toBe(held.nowMs + slotMs);
    held.nowMs = dueMs;
    expect(held.tell(timeUp).screen).toMatchObject({ kind: 'put-card-back', why: 'card-away' });
    expect(deadlineOf(held.session)).toBe(dueMs - slotMs + cardReturnMs);
  });
});

describe('a card that could not be asked before the staff was called', () => {
  test('is asked when the reader is back, while the page is read', () => {
    const held = new Held({
      kind: 'closing',
      attempt: { ...writing, paper: 'printed', onPaper: 'unresolved', claim: claimTextOf() },
      page: { kind: 'see-staff', why: 'card-undecided' },
      leaving: false,
      deadlineMs: 20_000,
      prolonged: false,
    });
    expect(held.tell(busy).tell(free).orders).toEqual(['read-card']);
    expect(held.session.open).toHaveLength(1);
  });

  test('is asked when it still lies there afterwards', () => {
    const held = new Held({ kind: 'take-card' }, { open: [writing] });
    expect(held.tell(busy).tell(free).orders).toEqual(['read-card']);
  });

  test('one that was served is left to its holder', () => {
    expect(new Held({ kind: 'take-card' }).tell(busy).tell(free).orders).toEqual([]);
  });
});

test('a card that was refused for itself is not read again because the reader was away', () => {
  const leisure = { deadlineMs: 60_000, warned: false };
  const held = new Held({ kind: 'refused-card', reason: 'card-blocked', name: null, leisure });
  expect(held.tell(busy).tell(free).orders).toEqual([]);
});
