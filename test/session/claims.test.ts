import { describe, expect, test } from 'vitest';
import type { ClaimReason } from '../../main/contract/claim.ts';
import { down } from '../../main/contract/device.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { Effect, UnsignedClaim } from '../../main/session/effect.ts';
import { resolve } from '../../main/session/resolve.ts';
import { freshAttempt, freshCard, marked } from '../support/attempt.ts';
import { deviceTold } from '../support/device-told.ts';
import { testTerms } from '../support/terms.ts';
import {
  allWell,
  inBooks,
  inserted,
  otherCard,
  payFor,
  removed,
  silentTerminal,
} from './all-well.ts';
import { type Answers, claimTextOf, restarted, type Told } from './told.ts';

const { cardReturnMs, closingMs, patienceMs } = testTerms.timings;
const minuteMs = 60_000;
const gone = { kind: 'card-fault', detail: 'card-gone' } as const;
const undecided = { kind: 'undecided', detail: 'the log was full' } as const;

/** Paid for by a process that is long gone. */
const earlier: Attempt = {
  ...freshAttempt,
  openedWallMs: freshAttempt.openedWallMs - 3_600_000,
  money: 'authorised',
  terminalReceipt: 'T',
};
const writing: Attempt = { ...earlier, card: 'writing', loads: 1, loadMark: marked };
const claimed: Attempt = { ...writing, claim: claimTextOf() };

const station = (answers: Answers): Told => restarted([], { answers });

type Way = {
  readonly why: ClaimReason;
  /** Whether its person is there, and told. */
  readonly isTold: boolean;
  /** Whether a load was ordered, which the card has to tell about. */
  readonly isOrdered: boolean;
  readonly go: (more: Answers) => Told;
};

const ways: readonly (readonly [string, Way])[] = [
  [
    'the card is pulled while it is written, and never comes back',
    {
      why: 'card-not-returned',
      isTold: true,
      isOrdered: true,
      go: (more) =>
        payFor(station({ ...allWell, 'credit-card': null, ...more }))
          .tell(removed, { kind: 'credit-unknown', trouble: gone })
          .wait(cardReturnMs),
    },
  ],
  [
    'the card’s own books do not tell',
    {
      why: 'card-undecided',
      isTold: true,
      isOrdered: true,
      go: (more) =>
        payFor(
          station({
            ...allWell,
            'credit-card': { kind: 'credit-unknown', trouble: undecided },
            ...more,
          }),
        ),
    },
  ],
  [
    'the terminal does not tell while its person waits',
    {
      why: 'payment-undecided',
      isTold: true,
      isOrdered: false,
      go: (more) =>
        payFor(station({ ...allWell, ...silentTerminal, ...more })).wait(patienceMs + 2_000),
    },
  ],
  [
    'the money does not come back while its person waits',
    {
      why: 'payment-undecided',
      isTold: true,
      isOrdered: false,
      go: (more) =>
        payFor(
          station({
            ...allWell,
            'prepare-credit': { kind: 'credit-not-prepared', why: 'refused', detail: '6985' },
            reverse: { kind: 'reversal-unknown' },
            ...more,
          }),
        ).wait(patienceMs + 2_000),
    },
  ],
  [
    'the terminal does not tell, and nobody waits',
    {
      why: 'payment-undecided',
      isTold: false,
      isOrdered: false,
      go: (more) =>
        restarted([{ ...earlier, money: 'authorising' }], {
          answers: { ...allWell, ...silentTerminal, ...more },
        }).wait(6 * minuteMs),
    },
  ],
  [
    'the money does not come back, and nobody waits',
    {
      why: 'payment-undecided',
      isTold: false,
      isOrdered: false,
      go: (more) =>
        restarted([{ ...earlier, money: 'reversing' }], {
          answers: { ...allWell, ...silentTerminal, ...more },
        }).wait(6 * minuteMs),
    },
  ],
  [
    'the power was cut while a card was written, and nobody is there',
    {
      why: 'card-not-returned',
      isTold: false,
      isOrdered: true,
      go: (more) => restarted([writing], { answers: { ...allWell, ...more } }),
    },
  ],
];

function claimsIn(effects: readonly Effect[]): readonly UnsignedClaim[] {
  return effects.flatMap((effect) => (effect.kind === 'sign-claim' ? [effect.claim] : []));
}

describe.each(ways)('what cannot be settled at once is claimed: %s', (_what, way) => {
  const { why, isTold, isOrdered, go } = way;

  test('the station states what it owes an answer about, and the claim is in the journal', () => {
    const told = go({});
    const { reference, cardNumber, profile, amountMinor, terminalReceipt, loads, loadTime } =
      told.last;
    expect(claimsIn(told.effects)).toEqual([
      {
        reference,
        cardNumber,
        profile,
        amountMinor,
        terminalReceipt,
        why,
        at: told.at.localTime,
        terminalId: testTerms.terminalId,
        currency: 'CNY',
        means: 'bank-card',
        load: isOrdered ? { nth: loads, dateTime: loadTime, mark: marked } : null,
      },
    ]);
    expect(told.last.claim).toBe(claimTextOf(reference));
    expect(resolve(told.last).claim).toBe('open');
  });

  test(isTold ? 'its person sees it, and has it on paper' : 'and others are served', () => {
    const told = go({});
    const receipts = told.effects.flatMap((effect) =>
      effect.kind === 'print-receipt' ? [effect.receipt] : [],
    );
    if (isTold) {
      const qrText = claimTextOf(told.last.reference);
      expect(told.screen).toMatchObject({ kind: 'see-staff', why, qrText });
      expect(receipts).toMatchObject([{ kind: 'unresolved', claim: qrText }]);
    } else {
      expect(told.screen.kind).toBe('attract');
      expect(receipts).toEqual([]);
    }
  });

  test('nobody is served, and the kiosk is not idle, before it is signed', () => {
    const told = go({ 'sign-claim': null });
    const given = told.orders.length;
    told
      .tell(removed, inserted)
      .tap({ kind: 'finish' }, { kind: 'cancel' }, { kind: 'find-money' });
    told.wait(60 * minuteMs);
    expect(told.orders).toHaveLength(given);
    const { reference } = told.last;
    expect(told.screen).toMatchObject(
      isTold ? { kind: 'see-staff', reference } : { kind: 'out-of-service', settling: true },
    );
    told.tell({ kind: 'claim-signed', claim: claimTextOf(reference) });
    expect(told.last.claim).toBe(claimTextOf(reference));
  });

  test('once over its whole life, and its text is kept when it is settled', () => {
    const told = go({});
    told.answers = { ...allWell, ...inBooks('authorised') };
    told
      .wait(closingMs + 11 * minuteMs)
      .tell(removed, inserted, removed)
      .wait(11 * minuteMs);
    expect(resolve(told.last).claim).toBe('settled');
    expect(told.last).toMatchObject({
      claim: claimTextOf(told.last.reference),
      money: isOrdered ? 'captured' : 'reversed',
    });
    expect(claimsIn(told.effects)).toHaveLength(1);
    expect(told.session.open).toEqual([]);
  });

  test('a restart does not claim it again', () => {
    const { last } = go({});
    const again = restarted([last], {
      answers: { ...allWell, ...silentTerminal },
      offMs: 3_600_000,
    });
    again.wait(6 * minuteMs);
    expect(claimsIn(again.effects)).toEqual([]);
    expect(again.screen.kind).toBe('attract');
    expect(again.row(last.reference).claim).toBe(last.claim);
  });
});

describe('a claim is settled when its card is in the reader again', () => {
  const notLoaded: Answers = { ...allWell, 'check-card': { kind: 'load-not-found' } };
  /** The card proves that it was not loaded. */
  const unfinished = (more: Answers = {}): Told =>
    restarted([{ ...claimed, paper: 'printed', onPaper: 'unresolved' }], {
      answers: { ...notLoaded, ...more },
    }).tell(inserted);

  test('one that was loaded is paid for, and its holder told that it is done', () => {
    const told = restarted([claimed], { answers: allWell }).tell(inserted);
    expect(told.screen).toMatchObject({ kind: 'done', reference: claimed.reference });
    expect(told.row()).toMatchObject({ money: 'captured', card: 'written', claim: claimTextOf() });
    expect(told.orderedCopies).toEqual(['ready-printer', 'original top-up']);
  });

  test('one that was not is offered: finished now, or paid back. Meanwhile it stays open', () => {
    const told = unfinished();
    expect(told.screen).toMatchObject({
      kind: 'unfinished',
      reference: claimed.reference,
      amountMinor: claimed.amountMinor,
      finishObstacle: null,
      remainingMs: cardReturnMs,
    });
    expect(told.row()).toMatchObject({ money: 'authorised', card: 'unwritten' });
    expect(resolve(told.row()).claim).toBe('open');
    expect(told.orders.filter((order) => order === 'reverse' || order === 'capture')).toEqual([]);
  });

  test('finished now, it is loaded once, paid for, and there is a receipt', () => {
    const told = unfinished().tap({ kind: 'finish-top-up' });
    expect(told.screen).toMatchObject({ kind: 'done', reference: claimed.reference });
    expect(told.orders.filter((order) => order === 'credit-card')).toHaveLength(1);
    expect(told.row()).toMatchObject({ money: 'captured', card: 'written', loads: 2 });
    expect(told.orderedCopies).toEqual(['ready-printer', 'original top-up']);
    expect(told.effects.find(({ kind }) => kind === 'print-receipt')).toMatchObject({
      receipt: { claim: null },
    });
  });

  test.each<readonly [string, (told: Told) => Told, string]>([
    ['asked for', (told) => told.tap({ kind: 'pay-back' }), 'cancelled'],
    ['given up', (told) => told.tap({ kind: 'cancel' }), 'cancelled'],
    ['left with the card', (told) => told.tell(removed), 'card-away'],
    ['left alone', (told) => told.wait(cardReturnMs), 'card-not-written'],
  ])('%s, the money goes back, and there is a slip', (_what, leave, why) => {
    const told = leave(unfinished());
    expect(told.screen).toMatchObject({ kind: 'money-back', step: 'released', why });
    expect(told.row()).toMatchObject({ money: 'reversed', claim: claimTextOf() });
    expect(told.orders).not.toContain('credit-card');
    expect(told.orderedCopies).toEqual(['ready-printer', 'original paid-back']);
  });

  test('where nothing can be loaded now it says why, and the money can still go back', () => {
    const told = unfinished();
    told.tell(deviceTold('sam', down('not-ready')));
    expect(told.screen).toMatchObject({ finishObstacle: { kind: 'device-down', device: 'sam' } });
    const given = told.orders.length;
    told.tap({ kind: 'finish-top-up' });
    expect(told.orders).toHaveLength(given);
    expect(told.tap({ kind: 'pay-back' }).row().money).toBe('reversed');
  });

  test('another card that was put in before its holder chose is not loaded', () => {
    const told = unfinished().tell(inserted);
    told.answers = {
      ...allWell,
      'prepare-credit': { kind: 'credit-not-prepared', why: 'other-card', detail: '' },
    };
    told.tap({ kind: 'finish-top-up' });
    expect(told.screen).toMatchObject({
      kind: 'put-card-back',
      why: 'other-card',
      canCancel: true,
    });
    expect(told.orders).not.toContain('credit-card');
  });

  test('and the power cut while it was offered gives the money back', () => {
    const left = unfinished().row();
    const told = restarted([left], { answers: allWell, offMs: 3_600_000 });
    expect(told.row()).toMatchObject({ money: 'reversed', claim: claimTextOf() });
    expect(told.screen.kind).toBe('attract');
  });

  test.each([
    ['another card', otherCard],
    ['a card of another kind with the same number', { ...freshCard, profile: 'campus' }],
  ])('nothing happens to it with %s in the reader', (_what, card) => {
    const answers: Answers = { ...allWell, 'read-card': { kind: 'card-read', card } };
    const told = restarted([claimed], { answers });
    payFor(told)
      .wait(closingMs)
      .tell(removed)
      .wait(60 * minuteMs);
    expect(told.orders).not.toContain('check-card');
    expect(told.row()).toEqual(claimed);
    expect(told.session.open).toEqual([claimed]);
    expect(told.last).toMatchObject({ cardNumber: card.number, money: 'captured' });
  });
});
