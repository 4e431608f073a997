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

const paper: NamedDomain = {
  name: 'a bank card, one top-up at a time, with paper',
  terms: termsWith('bank'),
  attemptsMax: 1,
  cards: [owner],
  fickle: [],
  hasPrinter: true,
  asksFor: 'none',
  countsSilence: false,
};

const phone: NamedDomain = {
  ...paper,
  name: 'a phone that pays at once, and a printer that comes and goes',
  terms: termsWith('phone'),
  fickle: ['printer'],
};

const reader: NamedDomain = {
  ...paper,
  name: 'a bank card, and a reader that comes and goes, without paper',
  fickle: ['reader'],
  hasPrinter: false,
};

const terminal: NamedDomain = {
  ...reader,
  name: 'a bank card, and a terminal that comes and goes, without paper',
  fickle: ['terminals'],
};

const account: NamedDomain = {
  ...paper,
  name: 'a bank card, one top-up with paper, and somebody who asks where their money is',
  asksFor: 'all',
};

const silent: NamedDomain = {
  ...paper,
  name: 'a bank card, and payments that are not answered, without paper',
  terms: { ...paper.terms, timings: { ...paper.terms.timings, patienceMs: 300_000 } },
  hasPrinter: false,
  countsSilence: true,
};

const two: NamedDomain = {
  ...paper,
  name: 'two cards, two means of payment, two top-ups unfinished at once, without paper',
  terms: termsWith('bank', 'phone'),
  attemptsMax: 2,
  cards: [owner, other],
  hasPrinter: false,
};

/** What every run of the tests walks through. */
export const domains: readonly NamedDomain[] = [
  phone,
  reader,
  terminal,
  account,
  silent,
  { ...two, depth: 19 },
];

/** Small, and yet with another card in it: where planted bugs are looked for. */
export const mutantDomain: NamedDomain = {
  ...paper,
  name: 'a bank card, one top-up at a time, two cards',
  cards: [owner, other],
};

/** What takes minutes. */
export const largeDomains: readonly NamedDomain[] = [
  { ...paper, name: `${paper.name}, and a printer that comes and goes`, fickle: ['printer'] },
  phone,
  {
    ...reader,
    name: 'a bank card, a second card, and a reader and a terminal that come and go, without paper',
    fickle: ['reader', 'terminals'],
    cards: [owner, other],
  },
  { ...two, depth: 30 },
];
