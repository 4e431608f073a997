import type { Attempt } from '../../main/session/attempt.ts';
import { isSettled } from '../../main/session/resolve.ts';
import { freshAttempt, marked, proved } from '../support/attempt.ts';
import { type Domain, type Place, startWith, type Transition } from './explore-moves.ts';
import { type Book, emptyBook, emptyWorld } from './explore-world.ts';

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

/** What may be with the paper of an attempt whose outcome is not known yet, and what of that is true. */
const papers: readonly (Pick<Attempt, 'paper' | 'onPaper'> & Pick<Book, 'originals' | 'maybe'>)[] =
  [
    { paper: 'none', onPaper: null, originals: [], maybe: [] },
    { paper: 'queued', onPaper: null, originals: [], maybe: [] },
    { paper: 'not-printed', onPaper: null, originals: [], maybe: [] },
    { paper: 'printing', onPaper: null, originals: [], maybe: ['unresolved'] },
    { paper: 'printing', onPaper: null, originals: ['unresolved'], maybe: ['unresolved'] },
    { paper: 'printed', onPaper: 'unresolved', originals: ['unresolved'], maybe: ['unresolved'] },
    { paper: 'maybe-printed', onPaper: 'unresolved', originals: [], maybe: ['unresolved'] },
  ];

/** The kiosk at every start with one open attempt, its card in the reader or not. */
export function* laterStarts(domain: Domain, decide: Transition): Generator<Place> {
  const { terms, cards, hasPrinter } = domain;
  for (const means of terms.means) {
    for (const { attempt, truths } of openAttempts(means)) {
      for (const paper of hasPrinter && attempt.card !== 'written' ? papers : papers.slice(0, 1)) {
        for (const { payment, loadedAs } of truths) {
          for (const terminalReference of [null, `T${freshAttempt.reference}/1`]) {
            if (attempt.money === 'authorising' && terminalReference !== null) continue;
            const { originals, maybe, ...slip } = paper;
            const left: Attempt = {
              ...freshAttempt,
              profile: 'model',
              means,
              ...attempt,
              ...slip,
              terminalReference,
            };
            if (isSettled(left)) continue;
            const { reference, cardNumber, loads } = left;
            const load = loadedAs === null ? null : `${reference}/${loads}`;
            const book: Book = { ...emptyBook, payment, loadedAs: load, originals, maybe };
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
