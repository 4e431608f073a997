import { currencies } from '../../../main/contract/money.ts';
import type { Screen, Slip } from '../../../main/contract/view.ts';
import { card, type Fixture, fen, reference } from './fixture.ts';

const putCardBack: Screen = {
  kind: 'put-card-back',
  amountMinor: fen(5000),
  reference,
  maskedNumber: card.maskedNumber,
  why: 'card-away',
  finishes: true,
  canCancel: true,
  remainingMs: 58000,
};

const done: Screen = {
  kind: 'done',
  amountMinor: fen(5000),
  beforeMinor: fen(2340),
  afterMinor: fen(7340),
  maskedNumber: card.maskedNumber,
  reference,
  receiptWanted: false,
};

const receipt: Extract<Screen, { kind: 'receipt' }> = {
  kind: 'receipt',
  state: 'printing',
  canPrint: false,
  amountMinor: fen(5000),
  afterMinor: fen(7340),
  reference,
  qrText: `ADDVALUE|1|top-up|${reference}|20261121081522|T0001|CNY|5000|9432`,
};

const moneyBack: Extract<Screen, { kind: 'money-back' }> = {
  kind: 'money-back',
  amountMinor: fen(5000),
  reference,
  step: 'under-way',
  why: 'card-not-written',
  slip: null,
};

const printed: Slip = { state: 'printed', canPrint: false };

/** While money is under way, and how it ends. */
export const paying: readonly Fixture[] = [
  ...(['preparing', 'present', 'cancelling'] as const).map(
    (step): Fixture => ({
      name: `pay-${step}`,
      screen: { kind: 'pay', amountMinor: fen(5000), means: 'bank-card', step },
    }),
  ),
  {
    name: 'pay-present-mobile',
    currency: currencies.HKD,
    screen: { kind: 'pay', amountMinor: fen(300000), means: 'mobile', step: 'present' },
  },
  {
    name: 'checking-payment',
    screen: { kind: 'checking-payment', amountMinor: fen(5000), reference },
  },
  ...(['paid', 'writing', 'done'] as const).map(
    (step): Fixture => ({
      name: `hold-card-${step}`,
      screen: { kind: 'hold-card', amountMinor: fen(5000), step },
    }),
  ),
  { name: 'put-card-back', screen: putCardBack },
  {
    name: 'put-card-back-after-restart',
    screen: { ...putCardBack, finishes: false, canCancel: false },
  },
  {
    name: 'put-card-back-wrong-card',
    screen: { ...putCardBack, why: 'other-card', canCancel: false },
  },
  { name: 'put-card-back-two-cards', screen: { ...putCardBack, why: 'two-cards' } },
  { name: 'put-card-back-mute-card', screen: { ...putCardBack, why: 'card-mute' } },
  { name: 'put-card-back-reader-down', screen: { ...putCardBack, why: 'reader-down' } },
  { name: 'money-back-under-way', screen: moneyBack },
  { name: 'money-back-released', screen: { ...moneyBack, step: 'released', why: 'cancelled' } },
  {
    name: 'money-back-refunded',
    screen: { ...moneyBack, step: 'refunded', why: 'card-away', slip: printed },
  },
  {
    name: 'money-back-print',
    screen: {
      ...moneyBack,
      step: 'released',
      slip: { state: 'not-printed', canPrint: true },
    },
  },
  {
    name: 'money-back-no-paper',
    screen: { ...moneyBack, step: 'refunded', slip: { state: 'paper-out', canPrint: false } },
  },
  { name: 'done', screen: done },
  {
    name: 'done-large-hkd',
    currency: currencies.HKD,
    screen: {
      ...done,
      beforeMinor: fen(100000),
      amountMinor: fen(200000),
      afterMinor: fen(300000),
      receiptWanted: true,
    },
  },
  ...(
    ['printing', 'paper-out', 'cover-open', 'printed', 'not-printed', 'maybe-printed'] as const
  ).map((state): Fixture => ({ name: `receipt-${state}`, screen: { ...receipt, state } })),
  {
    name: 'receipt-print',
    screen: { ...receipt, state: 'not-printed', canPrint: true },
  },
  {
    name: 'receipt-print-copy',
    screen: { ...receipt, state: 'maybe-printed', canPrint: true },
  },
  { name: 'slip-first', screen: { kind: 'slip-first' } },
  { name: 'take-card', screen: { kind: 'take-card' } },
  ...(['declined', 'cancelled', 'timed-out', 'terminal-fault'] as const).map(
    (reason): Fixture => ({
      name: `declined-${reason}`,
      screen: {
        kind: 'declined',
        amountMinor: fen(5000),
        reason,
        canRetry: reason !== 'terminal-fault',
      },
    }),
  ),
];
