import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../main/session/attempt.ts';
import { paymentOrder } from '../../main/session/attempt.ts';
import { claimOf } from '../../main/session/claim-of.ts';
import type { Effect } from '../../main/session/effect.ts';
import { assertStep, BrokenInvariant } from '../../main/session/invariants.ts';
import { receiptOf } from '../../main/session/receipt-of.ts';
import { recover } from '../../main/session/recover.ts';
import type { ClosingPage, Session, State, Step } from '../../main/session/session.ts';
import { freshAttempt, marked, momentAt, proved } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';

const at = momentAt(1_000);
const event = { at, fact: { kind: 'card-inserted' } } as const;
const base = recover([], testTerms, momentAt(0));

function inHand(attempt: Attempt, more: Partial<Session> = {}): Session {
  const state: State = { kind: 'crediting', attempt };
  return { ...base, state, ...more };
}

function stepTo(next: Session, more: Partial<Step> = {}): Step {
  return { next, effects: [], closed: null, ...more };
}

const authorising: Attempt = { ...freshAttempt, money: 'authorising' };
const authorised: Attempt = { ...freshAttempt, money: 'authorised' };
const writing: Attempt = { ...authorised, card: 'writing', loadMark: marked };
const written: Attempt = { ...writing, card: 'written', proof: proved };
const claimedOf = (attempt: Attempt): Attempt => ({ ...attempt, claim: 'a claim' });
const claimed = claimedOf(writing);
const captured: Attempt = { ...written, money: 'captured' };
const queued: Attempt = { ...captured, paper: 'queued' };
const printing: Attempt = { ...captured, paper: 'printing' };
const doubtful: Attempt = { ...captured, paper: 'maybe-printed', onPaper: 'top-up' };

function closing(attempt: Attempt, page: ClosingPage = { kind: 'receipt' }): Session {
  const rest = { leaving: false, deadlineMs: 0, prolonged: false };
  return { ...base, state: { kind: 'closing', attempt, page, ...rest } };
}

function signing(attempt: Attempt): Effect {
  return { kind: 'sign-claim', claim: claimOf(base, attempt, 'card-undecided', at) };
}

function printOrder(copy: 'original' | 'duplicate', attempt: Attempt): Partial<Step> {
  return { effects: [{ kind: 'print-receipt', receipt: receiptOf(base, attempt), copy }] };
}

const broken: readonly (readonly [rule: string, before: Session, step: Step])[] = [
  [
    'no capture before the card has proved the load',
    inHand(writing),
    stepTo(inHand({ ...writing, money: 'capturing' })),
  ],
  [
    'no money back for a load that may be on the card',
    inHand(writing),
    stepTo(inHand({ ...writing, money: 'reversing' })),
  ],
  [
    'no write before the money is reserved',
    inHand(authorising),
    stepTo(inHand({ ...authorising, card: 'writing', loadMark: marked })),
  ],
  ['written means proved', inHand(writing), stepTo(inHand({ ...writing, card: 'written' }))],
  [
    'a write is marked before it is ordered',
    inHand(authorised),
    stepTo(inHand({ ...authorised, card: 'writing' })),
  ],
  [
    'money moves along its edges',
    inHand(captured),
    stepTo(inHand({ ...written, money: 'authorised' })),
  ],
  [
    'a card is written along its edges',
    inHand(written),
    stepTo(inHand({ ...written, card: 'writing' })),
  ],
  [
    'an attempt keeps its card, amount, means and terminal',
    inHand(authorised),
    stepTo(inHand({ ...authorised, cardNumber: '4100000000000025' })),
  ],
  ['no unsettled attempt is forgotten', inHand(writing), stepTo(base)],
  ['only a settled attempt is closed', inHand(writing), stepTo(base, { closed: writing })],
  ['one attempt, one place', inHand(writing), stepTo(inHand(writing, { open: [writing] }))],
  ['an attempt begins without money', base, stepTo(inHand(authorised))],
  [
    'money is asked for once',
    inHand(authorising),
    stepTo(inHand(authorising), {
      effects: [{ kind: 'authorise', order: paymentOrder(authorising) }],
    }),
  ],
  [
    'a terminal that owes an answer is asked for no more money',
    inHand(freshAttempt, { open: [{ ...authorising, reference: '0000-0001' }] }),
    stepTo(inHand(authorising, { open: [{ ...authorising, reference: '0000-0001' }] }), {
      effects: [{ kind: 'authorise', order: paymentOrder(authorising) }],
    }),
  ],
  [
    'a load is written once',
    inHand(writing),
    stepTo(inHand(writing), { effects: [{ kind: 'credit-card', reference: '7K2M-94QX/1' }] }),
  ],
  [
    'an order to the terminal is written down first',
    inHand(written),
    stepTo(inHand(written), {
      effects: [{ kind: 'capture', order: paymentOrder(written), terminalReference: null }],
    }),
  ],
  [
    'one order at a time',
    base,
    stepTo(base, { effects: [{ kind: 'read-card' }, { kind: 'read-card' }] }),
  ],
  ['paper moves along its edges', closing(captured), stepTo(closing(printing))],
  ['paper that is coming is waited for', closing(printing), stepTo(base, { closed: printing })],
  ['paper that is coming is waited for', closing(queued), stepTo({ ...base, open: [queued] })],
  [
    'a confirmed slip is not printed again unasked',
    closing({ ...doubtful, paper: 'printed' }),
    stepTo(closing({ ...queued, onPaper: 'top-up' })),
  ],
  [
    'what may be on paper is never forgotten',
    closing(printing),
    stepTo(closing({ ...printing, paper: 'maybe-printed' })),
  ],
  [
    'what may be on paper is never forgotten',
    closing(doubtful),
    stepTo(closing({ ...doubtful, onPaper: null })),
  ],
  [
    'what may be on paper is never forgotten',
    closing(queued),
    stepTo(closing({ ...doubtful, paper: 'maybe-printed' })),
  ],
  [
    '"not printed" is said where nothing can be on paper',
    closing({ ...printing, onPaper: 'top-up' }),
    stepTo(closing({ ...doubtful, paper: 'not-printed' })),
  ],
  [
    'a slip is queued before the printer is asked',
    closing(captured),
    stepTo(closing(captured), { effects: [{ kind: 'ready-printer' }] }),
  ],
  [
    'a slip is written down before it is printed',
    closing(queued),
    stepTo(closing(queued), printOrder('original', queued)),
  ],
  [
    'a slip is written down before it is printed',
    closing(printing),
    stepTo(closing(printing), printOrder('original', printing)),
  ],
  [
    'no second original',
    closing({ ...queued, onPaper: 'top-up' }),
    stepTo(closing({ ...printing, onPaper: 'top-up' }), printOrder('original', printing)),
  ],
  [
    'no duplicate of nothing',
    closing(queued),
    stepTo(closing(printing), printOrder('duplicate', printing)),
  ],
  [
    'no "done" without proof',
    inHand(writing),
    stepTo({
      ...base,
      state: {
        kind: 'closing',
        attempt: writing,
        page: { kind: 'done' },
        leaving: false,
        deadlineMs: 0,
        prolonged: false,
      },
    }),
  ],
  [
    'no "paid back" before it is',
    inHand(authorised),
    stepTo({
      ...base,
      state: {
        kind: 'closing',
        attempt: authorised,
        page: { kind: 'money-back', why: 'cancelled' },
        leaving: false,
        deadlineMs: 0,
        prolonged: false,
      },
    }),
  ],
  [
    'a claim is made once, and kept',
    inHand(claimed),
    stepTo(inHand({ ...claimed, claim: 'another claim' })),
  ],
  ['a claim is made once, and kept', inHand(claimed), stepTo(inHand(writing))],
  ['a claim is made once, and kept', inHand(captured), stepTo(inHand(claimedOf(captured)))],
  [
    'only what is unsettled is claimed, once',
    inHand(claimed),
    stepTo(inHand(claimed), { effects: [signing(claimed)] }),
  ],
  [
    'only what is unsettled is claimed, once',
    inHand(captured),
    stepTo(inHand(captured), { effects: [signing(captured)] }),
  ],
  [
    'who is sent to staff has a claim',
    inHand(writing),
    stepTo(closing(writing, { kind: 'see-staff', why: 'card-undecided' })),
  ],
  [
    'only what is proved unwritten is offered',
    inHand(writing),
    stepTo({ ...base, state: { kind: 'unfinished', attempt: writing, deadlineMs: 0 } }),
  ],
  [
    'nobody is left with money unknown and no claim',
    inHand(writing),
    stepTo({ ...base, open: [writing], state: { kind: 'idle', deadlineMs: null, spoken: null } }),
  ],
  [
    'a means of payment that is suspended is asked for no money',
    inHand(freshAttempt),
    stepTo(
      inHand(authorising, {
        breakers: { bank: { unanswered: 2, suspended: { untilMs: 600_000 } } },
      }),
      { effects: [{ kind: 'authorise', order: paymentOrder(authorising) }] },
    ),
  ],
  [
    'nothing is offered while money can still be found out',
    { ...base, open: [authorising] },
    stepTo({
      ...base,
      open: [authorising],
      state: { kind: 'idle', deadlineMs: null, spoken: null },
    }),
  ],
];

describe('a step that would break a rule about money is stopped', () => {
  test.each(broken)('%s', (rule, before, step) => {
    expect(() => assertStep(before, event, step)).toThrow(BrokenInvariant);
    expect(() => assertStep(before, event, step)).toThrow(rule);
  });

  test('an honest step passes', () => {
    expect(() => assertStep(inHand(authorised), event, stepTo(inHand(writing)))).not.toThrow();
    expect(() => assertStep(inHand(writing), event, stepTo(inHand(written)))).not.toThrow();
    expect(() => assertStep(inHand(writing), event, stepTo(inHand(claimed)))).not.toThrow();
    const settled = stepTo(inHand(claimedOf(written)));
    expect(() => assertStep(inHand(claimed), event, settled)).not.toThrow();
    const print = stepTo(closing(printing), printOrder('original', printing));
    expect(() => assertStep(closing(queued), event, print)).not.toThrow();
    expect(() => assertStep(closing(printing), event, stepTo(closing(doubtful)))).not.toThrow();
  });
});
