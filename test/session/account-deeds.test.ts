import { describe, expect, test } from 'vitest';
import { down } from '../../main/contract/device.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import { freshAttempt, marked, proved } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';
import { inBooks, inserted, silentTerminal } from './all-well.ts';
import { accountOf, askFor, stationWith } from './asked-for.ts';
import { claimTextOf } from './told.ts';

const { closingMs, patienceMs } = testTerms.timings;
const { reference } = freshAttempt;

const loaded: Attempt = {
  ...freshAttempt,
  money: 'captured',
  card: 'written',
  loads: 1,
  loadMark: marked,
  proof: proved,
};
const paidBack: Attempt = { ...freshAttempt, money: 'reversed' };
const declined: Attempt = { ...freshAttempt, money: 'declined' };
const writing: Attempt = {
  ...freshAttempt,
  money: 'authorised',
  card: 'writing',
  loads: 1,
  loadMark: marked,
  claim: claimTextOf(),
};
const asked: Attempt = { ...freshAttempt, money: 'authorising', claim: claimTextOf() };
const givingBack: Attempt = { ...freshAttempt, money: 'reversing', claim: claimTextOf() };

describe('a slip is printed for who asks for it in the account', () => {
  test.each<readonly [string, Attempt, string]>([
    ['nothing is on paper', loaded, 'original top-up'],
    ['one was said not to have come', { ...loaded, paper: 'not-printed' }, 'original top-up'],
    ['one was printed', { ...loaded, paper: 'printed', onPaper: 'top-up' }, 'duplicate top-up'],
    [
      'one may have been',
      { ...loaded, paper: 'maybe-printed', onPaper: 'top-up' },
      'duplicate top-up',
    ],
    [
      'one was said to be unresolved',
      { ...loaded, paper: 'printed', onPaper: 'unresolved', claim: claimTextOf() },
      'original top-up',
    ],
    ['the money is back', paidBack, 'original paid-back'],
    ['nobody knows yet', writing, 'original unresolved'],
    [
      'nobody knows yet, and that is on paper',
      { ...writing, paper: 'printed', onPaper: 'unresolved' },
      'duplicate unresolved',
    ],
  ])('where %s', (_what, attempt, copy) => {
    const told = askFor(stationWith([attempt])).tap({ kind: 'print-slip', reference });
    expect(told.orderedCopies).toEqual(['ready-printer', copy]);
    const [nth, says] = copy.split(' ');
    const copies = nth === 'duplicate' ? 1 : 0;
    expect(told.row()).toEqual({ ...attempt, paper: 'printed', onPaper: says, copies });
  });

  test('afterwards it is in the journal as it was but for its paper, and the session has forgotten it', () => {
    const told = askFor(stationWith([loaded])).tap({ kind: 'print-slip', reference });
    expect(told.screen).toMatchObject({ kind: 'receipt', state: 'printed', reference });
    told.wait(closingMs);
    expect(told.screen.kind).toBe('attract');
    expect(told.session.open).toEqual([]);
    expect(told.row()).toEqual({ ...loaded, paper: 'printed', onPaper: 'top-up' });
  });

  test('also for who wanted none at the time: now they do', () => {
    const told = askFor(stationWith([{ ...paidBack, receiptWanted: false }]));
    told.tap({ kind: 'print-slip', reference });
    expect(told.screen).toMatchObject({ kind: 'money-back', slip: { state: 'printed' } });
    expect(told.row()).toEqual({ ...paidBack, paper: 'printed', onPaper: 'paid-back' });
  });

  test.each([
    ['the terminal', asked, 'payment-undecided'],
    ['the card', writing, 'card-undecided'],
  ])(
    'one of what only %s can tell carries its claim, and that stays open',
    (_who, attempt, why) => {
      const told = askFor(stationWith([attempt])).tap({ kind: 'print-slip', reference });
      expect(told.screen).toMatchObject({ kind: 'see-staff', why, qrText: attempt.claim });
      expect(told.effects.find(({ kind }) => kind === 'print-receipt')).toMatchObject({
        receipt: { kind: 'unresolved', claim: attempt.claim },
      });
      told.wait(closingMs);
      // Its terminal was asked long enough before: others are served at once.
      expect(told.screen.kind).toBe('attract');
      expect(told.session.open).toMatchObject([{ reference, claim: attempt.claim }]);
      expect(told.orders).not.toContain('sign-claim');
    },
  );

  test('one that does not come can be asked for again there', () => {
    const told = askFor(stationWith([{ ...loaded, paper: 'printed', onPaper: 'top-up' }]));
    told.answers = {
      ...told.answers,
      'print-receipt': { kind: 'receipt-unknown', fault: 'silent' },
    };
    told.tap({ kind: 'print-slip', reference });
    expect(told.screen).toMatchObject({ state: 'maybe-printed', canPrint: true });
    told.answers = { ...told.answers, 'print-receipt': { kind: 'receipt-printed' } };
    told.tap({ kind: 'print-again' });
    expect(told.screen).toMatchObject({ state: 'printed', canPrint: false });
    expect(told.orderedCopies.filter((order) => order === 'duplicate top-up')).toHaveLength(2);
  });

  test('none of a payment that was declined, and none while the printer is down', () => {
    const nothing = askFor(stationWith([declined])).tap({ kind: 'print-slip', reference });
    expect(nothing.orderedCopies).toEqual([]);
    const told = askFor(stationWith([loaded]));
    told.tell({ kind: 'device-changed', device: 'printer', health: down('unplugged') });
    told.tap({ kind: 'print-slip', reference });
    expect(told.orderedCopies).toEqual([]);
    expect(accountOf(told).rows).toMatchObject([{ canPrint: false }]);
  });
});

describe('the terminal is asked at once for who asks for that in the account', () => {
  test('money that was taken goes back, and they are told', () => {
    const told = askFor(stationWith([asked], { ...inBooks('authorised'), reverse: null }));
    told.tap({ kind: 'settle', reference });
    expect(told.orders.slice(-2)).toEqual(['inquire-payment', 'reverse']);
    expect(told.screen).toMatchObject({ kind: 'money-back', step: 'under-way', reference });
    told.tell({ kind: 'payment-reversed' });
    expect(told.screen).toMatchObject({ kind: 'money-back', step: 'released' });
    expect(told.row()).toMatchObject({ money: 'reversed', claim: asked.claim });
  });

  test('money that was never taken is said not to have been', () => {
    const told = askFor(stationWith([asked], inBooks('none'))).tap({ kind: 'settle', reference });
    expect(told.screen).toMatchObject({ kind: 'declined', canRetry: false });
    expect(told.row()).toMatchObject({ money: 'declined', claim: asked.claim });
  });

  test('money that is on its way back is ordered back once more', () => {
    const told = askFor(stationWith([givingBack])).tap({ kind: 'settle', reference });
    expect(told.screen).toMatchObject({ kind: 'money-back', step: 'released' });
    expect(told.row().money).toBe('reversed');
  });

  test('one that still does not tell sends them to the staff with the claim they have, and others are served', () => {
    const told = askFor(stationWith([asked], silentTerminal)).tap({ kind: 'settle', reference });
    expect(told.screen).toMatchObject({ kind: 'checking-payment', reference });
    told.wait(patienceMs + 2_000);
    expect(told.screen).toMatchObject({ kind: 'see-staff', qrText: asked.claim });
    told.wait(closingMs);
    expect(told.screen.kind).toBe('attract');
    expect(told.orders).not.toContain('sign-claim');
    expect(told.session.open).toMatchObject([{ reference, claim: asked.claim }]);
  });

  test.each([
    ['is settled', loaded],
    ['only the card can tell', writing],
  ])('not where it %s', (_what, attempt) => {
    const told = askFor(stationWith([attempt])).tap({ kind: 'settle', reference });
    expect(told.orders).toEqual(['look-up']);
    expect(told.screen.kind).toBe('account');
  });
});

test.each(['print-slip', 'settle'] as const)(
  'nothing is done (%s) about a top-up that is not in the account',
  (kind) => {
    const other: Attempt = { ...asked, reference: '7K2M-0002', cardNumber: '4100000000000025' };
    const byReference = askFor(stationWith([loaded, other]));
    byReference.tap({ kind, reference: other.reference });
    expect(byReference.orders).toEqual(['look-up']);
    const byCard = stationWith([loaded, other]).tap({ kind: 'find-money' }).tell(inserted);
    byCard.tap({ kind, reference: other.reference }, { kind, reference: '0000-0000' });
    expect(byCard.orders).toEqual(['read-card', 'look-up']);
    expect(byCard.screen.kind).toBe('account');
  },
);
