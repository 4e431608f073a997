import type { BenchCard, BenchView } from '../../../main/contract/bench.ts';
import { currencies, minorUnits } from '../../../main/contract/money.ts';

const slipSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 384 300" width="384" height="300">
<rect width="384" height="300" fill="#fff"/>
<g font-family="monospace" font-size="22" fill="#111"><text x="96" y="40" font-size="30">¥50.00</text>
<text x="12" y="90">Before      ¥36.20</text><text x="12" y="120">After       ¥86.20</text></g>
<path d="M140 150h100v100h-100z" fill="none" stroke="#111" stroke-width="12"/></svg>`;

function card(id: string, name: string, note: string, more: Partial<BenchCard> = {}): BenchCard {
  return {
    id,
    name,
    note,
    face: 'transit',
    fresh: true,
    purse: {
      maskedNumber: '•••• •••• 9432',
      balanceMinor: minorUnits(3620),
      loads: 7,
      blocked: false,
      validTo: '20380808',
    },
    ...more,
  };
}

function purse(digits: string, balance: number, validTo = '20380808', blocked = false) {
  return {
    maskedNumber: `•••• •••• ${digits}`,
    balanceMinor: minorUnits(balance),
    loads: 7,
    blocked,
    validTo,
  };
}

/** A station in the middle of a day: a payment waits, a trap is set, a slip hangs out of the printer. */
export const exampleView: BenchView = {
  station: 'simulated',
  currency: currencies.CNY,
  real: [],
  cards: [
    card('ordinary', 'City card', 'An everyday card.', { fresh: false }),
    card('other', 'City card', 'Another person’s card.', { purse: purse('7718', 8020) }),
    card('student', 'Student card', 'Held to the reader.', {
      purse: purse('2084', 2750),
      face: 'contactless',
    }),
    card('nearly-full', 'City card', '¥15 below the cap.', { purse: purse('1005', 98500) }),
    card('expired', 'City card', 'Its validity is over.', {
      purse: purse('2201', 1260, '20240630'),
      face: 'worn',
    }),
    card('blocked', 'City card', 'Blocked by its issuer.', {
      purse: purse('6640', 4400, '20380808', true),
      face: 'worn',
    }),
    card('foreign', 'Bank card', 'Not a purse at all.', { face: 'foreign', purse: null }),
  ],
  inserted: 'ordinary',
  readerPlugged: true,
  sams: [
    { family: 'pboc', plugged: true },
    { family: 'desfire', plugged: true },
  ],
  terminals: [
    {
      id: 'bank-card',
      kind: 'bank-card',
      phases: 'two',
      plugged: true,
      display: ['Reserve   CNY 50.00', 'Present your card'],
      waitingMinor: minorUnits(5000),
      silenced: false,
      books: [
        { reference: '0231', amountMinor: minorUnits(2000), status: 'captured' },
        { reference: '0230', amountMinor: minorUnits(10000), status: 'reversed' },
      ],
    },
    {
      id: 'mobile',
      kind: 'mobile',
      phases: 'one',
      plugged: false,
      display: ['Ready'],
      waitingMinor: null,
      silenced: false,
      books: [],
    },
  ],
  printer: {
    plugged: true,
    paperOut: false,
    coverOpen: false,
    slips: [
      {
        number: 2,
        svg: slipSvg,
        text: ['Before ¥36.20', 'After ¥86.20'],
        qrTexts: ['ADDVALUE|1|top-up|K7-000231|20260302160000|T-01|CNY|5000|9432'],
        cut: true,
      },
      { number: 1, svg: slipSvg, text: ['Before ¥16.20'], qrTexts: [], cut: false },
    ],
  },
  traps: [
    {
      id: 'card-pulled-before-credit',
      place: 'card',
      title: 'Pulled before the write',
      expect: 'Asked to put the card back; loaded once.',
      armed: false,
    },
    {
      id: 'card-pulled-after-credit',
      place: 'card',
      title: 'Pulled after the write',
      expect: 'Asked to put the card back; found loaded, not loaded again.',
      armed: true,
    },
    {
      id: 'payment-answer-lost',
      place: 'payment',
      title: 'The approval is lost on its way',
      expect: 'The terminal is asked before anything else happens.',
      armed: false,
    },
    {
      id: 'paper-jam',
      place: 'paper',
      title: 'Power of the printer fails in mid-slip',
      expect: 'The screen says that the slip may be missing, and shows the code.',
      armed: false,
    },
  ],
  trace: [
    {
      seq: 4,
      atMs: 93211,
      what: 'INITIALIZE FOR LOAD',
      answer: '9000 done',
      outcome: 'done',
      command: '80 50 00 02 0B 01 00 00 13 88 00 00 00 00 00 07',
      response: '00 00 0E 24 00 07 01 00 8A 21 5C 77 13 9D 40 2B 90 00',
    },
    {
      seq: 3,
      atMs: 93190,
      what: 'SELECT A0 00 00 03 86 98 07 01',
      answer: '6A82 not on this card',
      outcome: 'refused',
      command: '00 A4 04 00 08 A0 00 00 06 32 01 01 05',
      response: '6A 82',
    },
    {
      seq: 2,
      atMs: 93188,
      what: 'READ BINARY 15',
      answer: 'no answer: the card was pulled',
      outcome: 'failed',
      command: '00 B0 95 00 1E',
      response: '',
    },
    {
      seq: 1,
      atMs: 92800,
      what: 'card put in',
      answer: 'City card',
      outcome: 'hand',
      command: '',
      response: '',
    },
  ],
  journal: {
    unsettled: 1,
    rows: [
      {
        seq: 5,
        wallMs: 0,
        kind: 'payment-approved',
        attempt: 'K7-000231',
        settled: false,
      },
      { seq: 4, wallMs: 0, kind: 'top-up-confirmed', attempt: 'K7-000231', settled: false },
      { seq: 3, wallMs: 0, kind: 'receipt-printed', attempt: 'K7-000230', settled: true },
    ],
  },
  kills: 2,
};
