import { claimStatement, claimText } from '../../../main/contract/claim.ts';
import { currencies } from '../../../main/contract/money.ts';
import type { AccountRow, Screen, Slip } from '../../../main/contract/view.ts';
import { card, type Fixture, fen, reference } from './fixture.ts';

const printed: Slip = { state: 'printed', canPrint: false };

function seeStaff(why: Extract<Screen, { kind: 'see-staff' }>['why'], slip = printed): Screen {
  return {
    kind: 'see-staff',
    amountMinor: fen(5000),
    reference,
    why,
    qrText: claimText(
      claimStatement({
        reference,
        at: '20261121081522',
        terminalId: '0000000000A1',
        currency: 'CNY',
        amountMinor: fen(5000),
        means: 'bank-card',
        terminalReceipt: '000231',
        why,
        card: { profile: 'yikatong', lastDigits: '9432', keyedHash: 'q0V3mS1xTn8LbYdK' },
        load: {
          nth: 1,
          dateTime: '20261121081524',
          mark: { counter: 41, beforeMinor: fen(2340) },
        },
      }),
      // As long as an Ed25519 signature is in base64url.
      'Zk3'.repeat(28).concat('Qw'),
    ),
    slip,
  };
}

const unfinished: Extract<Screen, { kind: 'unfinished' }> = {
  kind: 'unfinished',
  amountMinor: fen(5000),
  reference,
  maskedNumber: card.maskedNumber,
  finishObstacle: null,
  remainingMs: 58000,
};

const findMoney: Extract<Screen, { kind: 'find-money' }> = {
  kind: 'find-money',
  step: 'ask',
  unknownReference: null,
  cardWorks: true,
};

const row: AccountRow = {
  reference,
  at: '20261121081522',
  amountMinor: fen(5000),
  means: 'bank-card',
  maskedNumber: card.maskedNumber,
  ending: 'loaded',
  afterMinor: fen(7340),
  canPrint: true,
  canSettle: false,
};

const goingBack: AccountRow = {
  ...row,
  reference: '0M3T-YX88',
  at: '20261121080105',
  ending: 'going-back',
  afterMinor: null,
  canSettle: true,
};

const beingChecked: AccountRow = {
  ...goingBack,
  reference: 'W41N-2D7C',
  at: '20261120183500',
  means: 'mobile',
  ending: 'being-checked',
  canPrint: false,
};

const paidBack: AccountRow = {
  ...row,
  reference: '9GQ0-ZB5P',
  at: '20261119220107',
  amountMinor: fen(20000),
  ending: 'paid-back',
  afterMinor: null,
};

const notPaid: AccountRow = {
  ...paidBack,
  reference: '77RF-H1KE',
  at: '20261001120000',
  amountMinor: fen(100000),
  means: 'mobile',
  ending: 'not-paid',
  canPrint: false,
};

const account: Extract<Screen, { kind: 'account' }> = {
  kind: 'account',
  maskedNumber: card.maskedNumber,
  rows: [row, goingBack, beingChecked, paidBack, notPaid],
};

/** What somebody sees whose money is not where they expect it. */
export const finding: readonly Fixture[] = [
  ...(['card-not-returned', 'card-undecided', 'payment-undecided'] as const).map(
    (why): Fixture => ({ name: `see-staff-${why}`, screen: seeStaff(why) }),
  ),
  {
    name: 'see-staff-print-copy',
    screen: seeStaff('card-undecided', { state: 'maybe-printed', canPrint: true }),
  },
  {
    name: 'see-staff-no-paper',
    screen: seeStaff('card-not-returned', { state: 'paper-out', canPrint: false }),
  },
  { name: 'unfinished', screen: unfinished },
  {
    name: 'unfinished-card-full',
    screen: { ...unfinished, finishObstacle: { kind: 'card-full' } },
  },
  {
    name: 'unfinished-no-load',
    screen: {
      ...unfinished,
      finishObstacle: { kind: 'device-down', device: 'sam', fault: 'unplugged' },
    },
  },
  { name: 'find-money', screen: findMoney },
  { name: 'find-money-typed', screen: findMoney, keyed: 'K7Q40' },
  { name: 'find-money-complete', screen: findMoney, keyed: 'K7Q40193' },
  { name: 'find-money-unknown', screen: { ...findMoney, unknownReference: 'K7Q4-0198' } },
  { name: 'find-money-no-reader', screen: { ...findMoney, cardWorks: false } },
  {
    name: 'find-money-no-reader-unknown',
    screen: { ...findMoney, cardWorks: false, unknownReference: 'K7Q4-0198' },
  },
  { name: 'find-money-looking', screen: { ...findMoney, step: 'looking' } },
  { name: 'account', screen: account },
  {
    name: 'account-all-keys',
    currency: currencies.HKD,
    screen: {
      ...account,
      rows: account.rows.map((each) => ({
        ...each,
        amountMinor: fen(200000),
        canPrint: true,
        canSettle: each.ending === 'going-back' || each.ending === 'being-checked',
      })),
    },
  },
  { name: 'account-one', screen: { ...account, rows: [row] } },
  {
    name: 'account-reference',
    screen: {
      ...account,
      maskedNumber: null,
      rows: [{ ...goingBack, ending: 'card-needed', canSettle: false }],
    },
  },
  {
    name: 'account-reference-open',
    screen: { ...account, maskedNumber: null, rows: [goingBack] },
  },
  {
    name: 'account-reference-checked',
    screen: { ...account, maskedNumber: null, rows: [{ ...beingChecked, canPrint: true }] },
  },
  { name: 'account-reference-paid-back', screen: { ...account, rows: [paidBack] } },
  { name: 'account-reference-not-paid', screen: { ...account, rows: [notPaid] } },
  { name: 'account-none', screen: { ...account, rows: [] } },
];
