import type { Language } from '../../../main/contract/language.ts';
import { type Currency, currencies, minorUnits } from '../../../main/contract/money.ts';
import type {
  AmountChoice,
  CardFace,
  Obstacle,
  Screen,
  Slip,
  View,
} from '../../../main/contract/view.ts';

/** One look of one screen. */
export type Fixture = {
  readonly name: string;
  readonly screen: Screen;
  readonly currency?: Currency;
  readonly idleWarning?: View['idleWarning'];
  /** Open the keypad and type these digits, as a person would. */
  readonly typed?: string;
};

const fen = minorUnits;
const reference = 'K7Q4-0193';

const card: CardFace = {
  maskedNumber: '•••• •••• 9432',
  profile: 'yikatong',
  balanceMinor: fen(2340),
  validTo: '20301231',
};
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

const terminalDown: Obstacle = { kind: 'device-down', device: 'terminal', fault: 'silent' };
const printerDown: Obstacle = { kind: 'device-down', device: 'printer', fault: 'paper-out' };
const samDown: Obstacle = { kind: 'device-down', device: 'sam', fault: 'unplugged' };

const attract: Screen = {
  kind: 'attract',
  topUpObstacle: null,
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

const blocked: Extract<Screen, { kind: 'card' }> = {
  kind: 'card',
  card,
  history: history.slice(0, 4),
  topUpObstacle: { kind: 'card-full' },
};

const outOfService: Extract<Screen, { kind: 'out-of-service' }> = {
  kind: 'out-of-service',
  faults: [
    { device: 'reader', fault: 'unplugged' },
    { device: 'printer', fault: 'paper-out' },
  ],
  settling: false,
  balanceWorks: false,
  notes: [],
};

/** Every screen, in every look that main can ask for. */
export const fixtures: readonly Fixture[] = [
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
      card: { ...card, balanceMinor: fen(100000) },
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
      card: { ...card, balanceMinor: fen(100000) },
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
  ...(
    ['unknown-card', 'card-blocked', 'card-defective', 'unreadable', 'reader-fault'] as const
  ).map(
    (reason): Fixture => ({
      name: `refused-card-${reason}`,
      screen: {
        kind: 'refused-card',
        reason,
        name: reason === 'unknown-card' ? 'bank-card' : null,
      },
    }),
  ),
  ...(['card-not-returned', 'card-undecided', 'payment-undecided'] as const).map(
    (why): Fixture => ({
      name: `see-staff-${why}`,
      screen: { kind: 'see-staff', amountMinor: fen(5000), reference, why, slip: printed },
    }),
  ),
  {
    name: 'see-staff-print-copy',
    screen: {
      kind: 'see-staff',
      amountMinor: fen(5000),
      reference,
      why: 'card-undecided',
      slip: { state: 'maybe-printed', canPrint: true },
    },
  },
  {
    name: 'see-staff-no-paper',
    screen: {
      kind: 'see-staff',
      amountMinor: fen(5000),
      reference,
      why: 'card-not-returned',
      slip: { state: 'paper-out', canPrint: false },
    },
  },
  { name: 'out-of-service', screen: outOfService },
  {
    name: 'out-of-service-balance-works',
    screen: {
      ...outOfService,
      faults: [{ device: 'sam', fault: 'not-ready' }],
      balanceWorks: true,
    },
  },
  {
    name: 'out-of-service-unconfigured',
    screen: {
      ...outOfService,
      faults: [],
      notes: [
        '/etc/addvalue/station.json: "terminalId" is missing: it must be 12 hex digits, like "0000000000A1". Add it (docs/configuration.md).',
        '/etc/addvalue/station.json: "devices.printer.line.baudRate" is wrong: it must be a baud rate, like 9600 or 115200. Correct it (docs/configuration.md).',
        '/etc/addvalue/station.json: "colour" is not a known key. Remove it, or correct its spelling (docs/configuration.md).',
        '/etc/addvalue/station.json: "currency" is missing.',
      ],
    },
  },
  {
    name: 'out-of-service-journal',
    screen: {
      ...outOfService,
      faults: [{ device: 'journal', fault: 'busy' }],
      notes: [
        'The journal /var/lib/addvalue/journal.sqlite is being written by another AddValue process, which holds /var/lib/addvalue/journal.sqlite-writer. Stop that process; there is nothing to delete.',
      ],
    },
  },
  { name: 'out-of-service-settling', screen: { ...outOfService, faults: [], settling: true } },
  { name: 'idle-warning', screen: confirm, idleWarning: { remainingMs: 20000 } },
];

/** A fixture as main would show it. */
export function viewOf(fixture: Fixture, language: Language): View {
  return {
    language,
    currency: fixture.currency ?? currencies.CNY,
    stationName: { 'zh-Hans': '人民广场站', 'zh-Hant': '人民廣場站', en: 'People’s Square' }[
      language
    ],
    helpLine: '12580-3',
    idleWarning: fixture.idleWarning ?? null,
    screen: fixture.screen,
  };
}
