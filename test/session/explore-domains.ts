import { minorUnits } from '../../main/contract/money.ts';
import type { Terms } from '../../main/session/session.ts';
import { testTerms } from '../support/terms.ts';
import type { Domain } from './explore-moves.ts';

/** One amount, and a person who is patient until a move says otherwise. */
function termsWith(...means: readonly string[]): Terms {
  return {
    ...testTerms,
    presetsMinor: [minorUnits(5_000)],
    fillToMinor: [],
    means: testTerms.means.filter(({ id }) => means.includes(id)),
    timings: { ...testTerms.timings, patienceMs: 1_000_000_000 },
  };
}

const [owner, other] = ['4100000000000017', '4100000000000025'] as const;

export type NamedDomain = Domain & {
  readonly name: string;
  /** Left off at this depth. Absent: walked through to its end. */
  readonly depth?: number;
};

const plain: NamedDomain = {
  name: 'a bank card, without paper',
  terms: termsWith('bank'),
  attemptsMax: 1,
  cards: [owner],
  fickle: [],
  hasPrinter: false,
  asksFor: 'none',
  faults: 'all',
  countsSilence: false,
};

const phone: NamedDomain = {
  ...plain,
  name: 'a phone that pays at once, without paper',
  terms: termsWith('phone'),
};

const reader: NamedDomain = {
  ...plain,
  name: 'a bank card, and a reader that comes and goes, without paper',
  fickle: ['reader'],
};

const terminal: NamedDomain = {
  ...plain,
  name: 'a bank card, and a terminal that comes and goes, without paper',
  fickle: ['terminals'],
};

const silence: NamedDomain = {
  ...plain,
  name: 'a bank card, and payments that are not answered, without paper',
  // So that patience can end before a suspension does.
  terms: { ...plain.terms, timings: { ...plain.terms.timings, patienceMs: 300_000 } },
  countsSilence: true,
};

const printer: NamedDomain = {
  ...plain,
  name: 'a bank card, and a printer that comes and goes; nothing else breaks down',
  fickle: ['printer'],
  hasPrinter: true,
  faults: 'paper',
};

const account: NamedDomain = {
  ...plain,
  name: 'a bank card, one top-up with paper, and somebody who asks where their money is',
  hasPrinter: true,
  asksFor: 'all',
};

const two: NamedDomain = {
  ...plain,
  name: 'two cards, two means of payment, two top-ups unfinished at once, without paper',
  terms: termsWith('bank', 'phone'),
  attemptsMax: 2,
  cards: [owner, other],
};

/** What every run of the tests walks through. */
export const domains: readonly NamedDomain[] = [
  phone,
  reader,
  terminal,
  silence,
  printer,
  account,
  { ...two, depth: 19 },
];

/** Where planted bugs are looked for: what is small, and holds what they are about. */
export const mutantDomains = {
  plain,
  silence,
  account,
  cards: {
    ...plain,
    name: 'a bank card with paper, one top-up at a time, two cards',
    hasPrinter: true,
    cards: [owner, other],
  },
} as const satisfies Record<string, NamedDomain>;

/** What takes minutes. */
export const largeDomains: readonly NamedDomain[] = [
  {
    ...plain,
    name: 'a bank card, one top-up at a time, with paper, and a printer that comes and goes',
    hasPrinter: true,
    fickle: ['printer'],
  },
  {
    ...phone,
    name: 'a phone that pays at once, with paper, and a printer that comes and goes',
    hasPrinter: true,
    fickle: ['printer'],
  },
  {
    ...account,
    name: 'a phone that pays at once, with paper, and somebody who asks where their money is',
    terms: termsWith('phone'),
  },
  {
    ...reader,
    name: 'a bank card, a second card, and a reader and a terminal that come and go, without paper',
    fickle: ['reader', 'terminals'],
    cards: [owner, other],
  },
  {
    ...two,
    name: 'two cards, two top-ups unfinished at once, and somebody who asks where their money is',
    asksFor: 'open',
    countsSilence: true,
    depth: 24,
  },
  { ...two, depth: 30 },
];
