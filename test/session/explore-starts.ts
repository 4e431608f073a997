import type { Attempt } from '../../main/session/attempt.ts';
import { isSettled } from '../../main/session/resolve.ts';
import { freshAttempt, marked, proved } from '../support/attempt.ts';
import { type Domain, type Place, startWith, type Transition } from './explore-moves.ts';
import { type Book, emptyWorld } from './explore-world.ts';

type Truth = Pick<Book, 'payment' | 'loadedAs'>;

/** Every kind of open attempt that a journal can hold, by the rules of main/session/invariants.ts, each with everything that may be true of it. */
function openAttempts(
  means: Attempt['means'],
): readonly { attempt: Partial<Attempt>; truths: readonly Truth[] }[] {
  const isTwo = means.phases === 'two';
  const approved: Truth = { payment: isTwo ? 'authorised' : 'captured', loadedAs: null };
  const undone: Truth = { payment: 'reversed', loadedAs: null };
  const never: Truth = { payment: 'none', loadedAs: null };
  const loaded = (payment: Book['payment']): Truth => ({ payment, loadedAs: 'load' });
  const begun = { loads: 1, loadMark: marked } as const;
  const written = { ...begun, card: 'written', proof: proved } as const;
  return [
    { attempt: { money: 'authorising' }, truths: [never, approved, undone] },
    { attempt: { money: 'authorised' }, truths: [approved] },
    { attempt: { money: 'authorised', loads: 1 }, truths: [approved] },
    { attempt: { money: 'authorised', ...begun, card: 'unwritten' }, truths: [approved] },
    {
      attempt: { money: 'authorised', ...begun, card: 'writing' },
      truths: [approved, loaded(approved.payment)],
    },
    ...(isTwo
      ? [
          { attempt: { money: 'authorised', ...written }, truths: [loaded('authorised')] } as const,
          {
            attempt: { money: 'capturing', ...written },
            truths: (['authorised', 'captured', 'reversed'] as const).map(loaded),
          } as const,
        ]
      : []),
    { attempt: { money: 'reversing' }, truths: [approved, undone] },
    {
      attempt: { money: 'reversing', ...begun, card: 'unwritten' },
      truths: [approved, undone],
    },
  ];
}

type Slip = Pick<Attempt, 'claim' | 'paper' | 'onPaper'> & Pick<Book, 'originals' | 'maybe'>;

/** What may be with claim and paper of an attempt whose outcome is not known yet, and what of that is true. */
const slips: readonly Slip[] = [
  { claim: null, paper: 'none', onPaper: null, originals: [], maybe: [] },
  // As a version left it that knew of no claims.
  {
    claim: null,
    paper: 'printed',
    onPaper: 'unresolved',
    originals: ['unresolved'],
    maybe: ['unresolved'],
  },
  ...(
    [
      { paper: 'none', onPaper: null, originals: [], maybe: [] },
      { paper: 'queued', onPaper: null, originals: [], maybe: [] },
      { paper: 'not-printed', onPaper: null, originals: [], maybe: [] },
      { paper: 'printing', onPaper: null, originals: [], maybe: ['unresolved'] },
      { paper: 'printing', onPaper: null, originals: ['unresolved'], maybe: ['unresolved'] },
      { paper: 'printed', onPaper: 'unresolved', originals: ['unresolved'], maybe: ['unresolved'] },
      { paper: 'maybe-printed', onPaper: 'unresolved', originals: [], maybe: ['unresolved'] },
    ] as const
  ).map((slip) => ({ ...slip, claim: 'claimed before' })),
];

/** The kiosk at every start with one open attempt, its card in the reader or not. */
export function* laterStarts(domain: Domain, decide: Transition): Generator<Place> {
  const { terms, cards, hasPrinter } = domain;
  for (const means of terms.means) {
    for (const { attempt, truths } of openAttempts(means)) {
      // Paper that is coming is waited for before the card is asked.
      const possible = slips.filter(
        (slip) =>
          slip.paper === 'none' ||
          (hasPrinter &&
            !(attempt.card === 'written' && ['queued', 'printing'].includes(slip.paper))),
      );
      const names = attempt.money === 'authorising' ? [null] : [null, 'T/1'];
      for (const terminalReference of names) {
        for (const slip of possible) {
          for (const truth of truths) {
            const known = { profile: 'model', means, terminalReference };
            const { originals, maybe, ...evidence } = slip;
            const left: Attempt = { ...freshAttempt, ...known, ...attempt, ...evidence };
            if (isSettled(left)) continue;
            const { reference, cardNumber, loads } = left;
            const loadedAs = truth.loadedAs === null ? null : `${reference}/${loads}`;
            const book: Book = { ...truth, loadedAs, originals, maybe };
            for (const slot of [null, ...cards.filter((number) => number === cardNumber)]) {
              const world = { ...emptyWorld, slot, books: { [reference]: book } };
              yield startWith([left], world, domain, decide);
            }
          }
        }
      }
    }
  }
}
