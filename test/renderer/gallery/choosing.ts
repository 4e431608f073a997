import { currencies } from '../../../main/contract/money.ts';
import type { AmountChoice, CardFace, Obstacle, Screen } from '../../../main/contract/view.ts';
import { wordsIn } from '../../../renderer/text/say.ts';
import {
  card,
  type Fixture,
  fen,
  longTitle,
  printerDown,
  suspended,
  terminalDown,
} from './fixture.ts';

const richCard: CardFace = { ...card, balanceMinor: fen(95000) };

const cap: Obstacle = { kind: 'above-balance-cap', capMinor: fen(100000) };

function choice(
  from: CardFace,
  kind: AmountChoice['kind'],
  amount: number,
  obstacle: Obstacle | null = null,
): AmountChoice {
  return {
    kind,
    amountMinor: fen(amount),
    afterMinor: fen(from.balanceMinor + amount),
    obstacle,
  };
}

const history = [
  { counter: 41, kind: 'purchase', amountMinor: fen(400), at: '20261121081522' },
  { counter: 40, kind: 'purchase', amountMinor: fen(600), at: '20261120184011' },
  { counter: 12, kind: 'load', amountMinor: fen(10000), at: '20261120183500' },
  { counter: 39, kind: 'purchase', amountMinor: fen(400), at: '20261120080231' },
  { counter: 38, kind: 'purchase', amountMinor: fen(200), at: '20261119220107' },
  { counter: 37, kind: 'other', amountMinor: fen(0), at: '20261119080000' },
  { counter: 36, kind: 'purchase', amountMinor: fen(1250), at: '20261118191500' },
  { counter: 35, kind: 'purchase', amountMinor: fen(400), at: '20261118080000' },
  { counter: 11, kind: 'load', amountMinor: fen(100000), at: '20261001120000' },
  { counter: 34, kind: 'purchase', amountMinor: fen(400), at: '20260930080000' },
].map((row) => ({ ...row, terminal: '123456789012' })) as Extract<
  Screen,
  { kind: 'card' }
>['history'];

const samDown: Obstacle = { kind: 'device-down', device: 'sam', fault: 'unplugged' };

const attract: Screen = {
  kind: 'attract',
  topUpObstacle: null,
  cardsOut: [],
  receiptObstacle: null,
  means: [
    { id: 'zvt', kind: 'bank-card', obstacle: null },
    { id: 'qr', kind: 'mobile', obstacle: null },
  ],
};

const amount: Screen = {
  kind: 'amount',
  card,
  choices: [
    choice(card, 'preset', 2000),
    choice(card, 'preset', 5000),
    choice(card, 'preset', 10000),
    choice(card, 'preset', 20000),
    choice(card, 'preset', 50000),
    choice(card, 'preset', 100000, cap),
    choice(card, 'fill-to', 7660),
  ],
  minimumMinor: fen(1000),
  maximumMinor: fen(97000),
  stepMinor: fen(1000),
  balanceCapMinor: fen(100000),
};

const confirm: Screen = {
  kind: 'confirm',
  card,
  amountMinor: fen(5000),
  afterMinor: fen(7340),
  roomAfterMinor: fen(92660),
  receiptWanted: true,
  receiptObstacle: null,
};

const blocked: Extract<Screen, { kind: 'card' }> = {
  kind: 'card',
  card,
  history: history.slice(0, 4),
  topUpObstacle: { kind: 'card-full' },
};

/** Before any money: from the poster to the choice of means, and cards that are not served. */
export const choosing: readonly Fixture[] = [
  { name: 'starting', screen: { kind: 'starting' } },
  { name: 'attract', screen: attract },
  {
    name: 'attract-reduced',
    screen: {
      ...attract,
      receiptObstacle: printerDown,
      means: [
        { id: 'zvt', kind: 'bank-card', obstacle: terminalDown },
        { id: 'qr', kind: 'mobile', obstacle: null },
      ],
    },
  },
  {
    name: 'attract-suspended',
    screen: {
      ...attract,
      means: [
        { id: 'zvt', kind: 'bank-card', obstacle: suspended },
        { id: 'qr', kind: 'mobile', obstacle: null },
      ],
    },
  },
  {
    name: 'attract-cards-out',
    screen: {
      ...attract,
      cardsOut: [{ title: 'Campus card', family: 'desfire', fault: 'silent' }],
    },
  },
  {
    name: 'attract-cards-out-suspended',
    screen: {
      ...attract,
      cardsOut: [
        { title: 'Campus card', family: 'desfire', fault: 'service-down' },
        { title: 'Staff card', family: 'desfire', fault: 'service-down' },
      ],
      receiptObstacle: printerDown,
      means: [
        { id: 'zvt', kind: 'bank-card', obstacle: suspended },
        { id: 'qr', kind: 'mobile', obstacle: null },
      ],
    },
  },
  {
    name: 'attract-balance-only',
    screen: { ...attract, topUpObstacle: samDown, receiptObstacle: printerDown },
  },
  { name: 'reading', screen: { kind: 'reading' } },
  { name: 'card', screen: { kind: 'card', card, history, topUpObstacle: null } },
  { name: 'card-full', screen: { ...blocked, card: { ...card, balanceMinor: fen(100000) } } },
  {
    name: 'card-expired',
    screen: { ...blocked, topUpObstacle: { kind: 'card-expired', validTo: '20251231' } },
  },
  {
    name: 'card-new',
    screen: {
      ...blocked,
      history: [],
      topUpObstacle: { kind: 'card-not-yet-valid', validFrom: '20270101' },
    },
  },
  {
    name: 'card-disabled',
    screen: { ...blocked, topUpObstacle: { kind: 'card-disabled' } },
  },
  {
    name: 'card-kind-out',
    screen: { ...blocked, card: { ...card, title: longTitle }, topUpObstacle: samDown },
  },
  { name: 'card-no-means', screen: { ...blocked, topUpObstacle: terminalDown } },
  {
    name: 'card-long-title',
    screen: {
      kind: 'card',
      card: { ...card, title: longTitle },
      history,
      topUpObstacle: null,
    },
  },
  { name: 'amount', screen: amount },
  {
    name: 'amount-near-cap',
    screen: {
      ...amount,
      card: richCard,
      choices: [
        choice(richCard, 'preset', 2000),
        choice(richCard, 'preset', 5000),
        choice(richCard, 'preset', 10000, cap),
        choice(richCard, 'preset', 20000, cap),
        choice(richCard, 'preset', 50000, cap),
        choice(richCard, 'preset', 100000, cap),
        choice(richCard, 'fill-to', 5000),
      ],
      maximumMinor: fen(5000),
    },
  },
  {
    name: 'amount-large-hkd',
    currency: currencies.HKD,
    screen: {
      ...amount,
      card: { ...card, title: longTitle, balanceMinor: fen(100000) },
      choices: [50, 100, 200, 300, 500, 1000, 1500].map((dollars) =>
        choice({ ...card, balanceMinor: fen(100000) }, 'preset', dollars * 100),
      ),
      maximumMinor: fen(200000),
      balanceCapMinor: fen(300000),
      stepMinor: fen(5000),
    },
  },
  {
    name: 'amount-no-room',
    screen: {
      ...amount,
      card: { ...card, balanceMinor: fen(99500) },
      choices: [2000, 5000, 10000, 20000, 30000, 50000].map((preset) =>
        choice({ ...card, balanceMinor: fen(99500) }, 'preset', preset, cap),
      ),
      maximumMinor: fen(0),
    },
  },
  { name: 'amount-keypad-empty', screen: amount, typed: '' },
  { name: 'amount-keypad', screen: amount, typed: '250' },
  { name: 'amount-keypad-not-a-step', screen: amount, typed: '255' },
  { name: 'amount-keypad-too-much', screen: amount, typed: '990' },
  { name: 'amount-keypad-fen', screen: { ...amount, stepMinor: fen(10) }, typed: '12350' },
  { name: 'confirm', screen: confirm },
  {
    name: 'confirm-no-receipt',
    screen: { ...confirm, receiptWanted: false, roomAfterMinor: fen(0) },
  },
  {
    name: 'confirm-large-hkd',
    currency: currencies.HKD,
    screen: {
      ...confirm,
      card: { ...card, title: longTitle, balanceMinor: fen(100000) },
      amountMinor: fen(200000),
      afterMinor: fen(300000),
      roomAfterMinor: fen(0),
      receiptObstacle: printerDown,
    },
  },
  {
    name: 'means',
    screen: {
      kind: 'means',
      amountMinor: fen(5000),
      choices: [
        { id: 'zvt', kind: 'bank-card', obstacle: null },
        { id: 'qr', kind: 'mobile', obstacle: null },
      ],
    },
  },
  {
    name: 'means-one-down',
    currency: currencies.HKD,
    screen: {
      kind: 'means',
      amountMinor: fen(300000),
      choices: [
        { id: 'zvt', kind: 'bank-card', obstacle: null },
        { id: 'qr', kind: 'mobile', obstacle: terminalDown },
      ],
    },
  },
  {
    name: 'means-one-suspended',
    screen: {
      kind: 'means',
      amountMinor: fen(5000),
      choices: [
        { id: 'zvt', kind: 'bank-card', obstacle: suspended },
        { id: 'qr', kind: 'mobile', obstacle: null },
      ],
    },
  },
  ...(
    [
      'unknown-card',
      'card-blocked',
      'card-defective',
      'not-readable-now',
      'unreadable',
      'reader-fault',
    ] as const
  ).map(
    (reason): Fixture => ({
      name: `refused-card-${reason}`,
      screen: {
        kind: 'refused-card',
        reason,
        name: null,
      },
    }),
  ),
  ...Object.keys(wordsIn.en.refusedCard.known).map(
    (name): Fixture => ({
      name: `refused-card-known-${name}`,
      screen: { kind: 'refused-card', reason: 'unknown-card', name },
    }),
  ),
  { name: 'idle-warning', screen: confirm, idleWarning: { remainingMs: 20000 } },
];
