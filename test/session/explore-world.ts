import type { CardFacts, LoadMark, LoadProof } from '../../main/contract/card.ts';
import { minorUnits } from '../../main/contract/money.ts';
import type { PaymentOrder, PaymentStatus } from '../../main/contract/payment.ts';
import type { Receipt } from '../../main/contract/receipt.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { Effect } from '../../main/session/effect.ts';
import type { AnswerFact } from '../../main/session/event.ts';
import type { Terms } from '../../main/session/session.ts';
import type { Silences } from './explore-silence.ts';

/** Something became of somebody's money, or of a slip, that must never become of it. */
export class Loss extends Error {
  override readonly name = 'Loss';
  /** Which truth was broken (explore-truth.ts). */
  readonly truth: string;

  constructor(truth: string, message: string) {
    super(message);
    this.truth = truth;
  }
}

/** The truth about one top-up, as the terminal, the card and the tray know it, whatever the kiosk thinks. */
export type Book = {
  readonly payment: PaymentStatus;
  /** The load order that the card has carried out. */
  readonly loadedAs: string | null;
  /** Slips that were given out as originals: the one that says it is unresolved, and the one that says how it ended. */
  readonly originals: readonly ('unresolved' | 'receipt')[];
  /** Slips that are on paper, or may be for all that the kiosk was told. */
  readonly maybe: readonly Receipt['kind'][];
};

/** An order that has not been answered. */
export type Order = {
  readonly effect: Effect;
  /** Of a load: the card that it was prepared on, if it was in the reader when the order was given. */
  readonly first: string | null;
  /** Every card that was in the reader since, oldest first: the answer may be about any of them. */
  readonly seen: readonly string[];
  /** What the journal holds of those that are looked for. */
  readonly found: readonly Attempt[];
};

/** A world in the smallest, as one unchanging value. */
export type World = {
  /** The number of the card in the reader. */
  readonly slot: string | null;
  readonly orders: readonly Order[];
  /** By reference, oldest first. Only of attempts that the kiosk still has in mind, or may be asked for. */
  readonly books: Readonly<Record<string, Book>>;
  /** The last top-up that is over, as the journal has it. Null where nobody will ask for it. */
  readonly past: Attempt | null;
  readonly silences: Silences;
};

export const emptyWorld: World = { slot: null, orders: [], books: {}, past: null, silences: {} };

/** One way in which an order can go. */
export type Way = {
  readonly say: string;
  readonly answer: AnswerFact;
  /** The books afterwards. */
  readonly books: World['books'];
  /** Nothing went wrong. */
  readonly kind: 'well' | 'badly';
};

export const emptyBook: Book = { payment: 'none', loadedAs: null, originals: [], maybe: [] };

const mark: LoadMark = { beforeMinor: minorUnits(3_620), counter: 7 };
const proof: LoadProof = {
  balanceMinor: minorUnits(8_620),
  counter: 7,
  tac: '00000000',
  by: 'tac',
};
const pulled = { kind: 'card-fault', detail: 'card-gone' } as const;
const broken = { kind: 'reader-fault', detail: 'reader-gone' } as const;
const undecided = { kind: 'undecided', detail: 'the card tells both' } as const;

function factsOf(number: string): CardFacts {
  return {
    family: 'model',
    profile: 'model',
    number,
    enabled: true,
    validFrom: null,
    validTo: null,
    balanceMinor: mark.beforeMinor,
    balanceCapMinor: minorUnits(100_000),
    loadCapMinor: minorUnits(100_000),
    history: [],
  };
}

function bookOf(books: World['books'], reference: string): Book {
  const book = books[reference];
  if (book === undefined)
    throw new Loss('one-owner', `an order about ${reference}, which is settled`);
  return book;
}

/** An order `R/n` is the n-th load of the attempt R. */
const attemptOf = (loadReference: string): string => loadReference.split('/')[0] ?? '';

/**
 * Every way in which an order can go: done, refused, and each of them with its answer lost. Nothing is invented: an answer
 * that is not "unknown" says what the books say. Throws Loss when carrying it out would cost somebody money.
 */
export function waysOf(
  { effect, first, seen, found }: Order,
  world: World,
  terms: Terms,
): readonly Way[] {
  const { books } = world;
  const well = (say: string, answer: AnswerFact, after = books): Way => ({
    say,
    answer,
    books: after,
    kind: 'well',
  });
  const badly = (say: string, answer: AnswerFact, after = books): Way => ({
    ...well(say, answer, after),
    kind: 'badly',
  });
  // A card that is not there does not answer: that is no fault of its own.
  const mute = seen.length === 0 ? well : badly;
  switch (effect.kind) {
    case 'read-card':
      return [
        ...seen.map((number) =>
          well('the card is read', { kind: 'card-read', card: factsOf(number) }),
        ),
        badly('the card refuses', { kind: 'card-refused', refusal: { kind: 'card-blocked' } }),
        mute('the card does not answer', { kind: 'card-unreadable', trouble: pulled }),
        badly('the reader fails', { kind: 'card-unreadable', trouble: broken }),
      ];
    case 'open-terminal':
      return [
        well('the terminal is ready', { kind: 'terminal-opened', mark: 'mark' }),
        badly('the terminal is not ready', { kind: 'terminal-not-opened', fault: 'silent' }),
      ];
    case 'authorise':
      return authoriseWays(effect.order, books, terms, well, badly);
    case 'cancel-payment':
      return [well('the terminal is told to stop', { kind: 'payment-cancel-sent' })];
    case 'prepare-credit': {
      const { cardNumber } = effect.order;
      const refused = { kind: 'credit-not-prepared', detail: '' } as const;
      return [
        ...(seen.includes(cardNumber)
          ? [well('the card is ready for the load', { kind: 'credit-prepared', mark })]
          : []),
        ...(seen.some((number) => number !== cardNumber)
          ? [well('it is another card', { ...refused, why: 'other-card' })]
          : []),
        ...(seen.includes(cardNumber)
          ? [badly('another card answers', { ...refused, why: 'two-cards' })]
          : []),
        badly('the load is refused before the write', { ...refused, why: 'refused' }),
        mute('the card does not answer', { kind: 'credit-preparation-failed', trouble: pulled }),
      ];
    }
    case 'credit-card': {
      const reference = attemptOf(effect.reference);
      const book = bookOf(books, reference);
      const lost = { kind: 'credit-unknown', trouble: pulled } as const;
      const torn = { kind: 'credit-unknown', trouble: undecided } as const;
      const unwritten = [
        badly('the card refuses the load', { kind: 'credit-disproved', detail: '9302' }),
        badly('the card is not loaded, and does not say so', lost),
        badly('the card is not loaded, and its books do not tell', torn),
      ];
      if (first === null) return [well('the card has gone before the write', lost)];
      if (book.loadedAs !== null) throw new Loss('loaded-once', 'the card is loaded a second time');
      const loaded = { ...books, [reference]: { ...book, loadedAs: effect.reference } };
      return [
        well('the card is loaded and proves it', { kind: 'credit-proved', proof }, loaded),
        badly('the card is loaded; the answer is lost', lost, loaded),
        badly('the card is loaded, and its books do not tell', torn, loaded),
        ...unwritten,
      ];
    }
    case 'check-card': {
      const { cardNumber, reference } = effect.order;
      const { loadedAs } = bookOf(books, attemptOf(reference));
      const isLoaded = loadedAs === reference;
      const unknown = { kind: 'load-unknown' } as const;
      return [
        ...(seen.includes(cardNumber)
          ? [
              isLoaded
                ? well('the card has the load', { kind: 'load-found', proof })
                : well('the card has no such load', { kind: 'load-not-found' }),
            ]
          : []),
        ...(seen.some((number) => number !== cardNumber)
          ? [well('it is another card', { kind: 'other-card-found', why: 'other-card' })]
          : []),
        ...(seen.includes(cardNumber)
          ? [badly('another card answers', { kind: 'other-card-found', why: 'two-cards' })]
          : []),
        mute('the card does not answer', { ...unknown, trouble: pulled }),
        badly('the card’s books do not tell', { ...unknown, trouble: undecided }),
      ];
    }
    case 'capture':
      return captureWays(effect.order, books, well, badly);
    case 'reverse':
      return reverseWays(effect.order, books, well, badly);
    case 'inquire-payment': {
      const { reference } = effect.order;
      const status = bookOf(books, reference).payment;
      const names = status === 'none' ? noNames : namesOf(reference);
      const isReserving = phasesOf(terms, effect.order.means) === 'two';
      const isOver = isReserving && (status === 'captured' || status === 'reversed');
      const closed = { kind: 'payment-found', status: 'closed', ...names } as const;
      return [
        well(`the terminal says: ${status}`, { kind: 'payment-found', status, ...names }),
        ...(isOver && effect.terminalReference !== null
          ? [badly('the terminal says that it is closed, and not how', closed)]
          : []),
        badly('the terminal does not say', { kind: 'inquiry-unanswered' }),
      ];
    }
    case 'sign-claim':
      return [well('it is claimed', { kind: 'claim-signed', claim: `owed: ${effect.claim.why}` })];
    case 'look-up':
      return [well('the journal is asked', { kind: 'attempts-found', found })];
    case 'ready-printer':
      return [
        well('the printer is ready', { kind: 'printer-ready' }),
        badly('the printer is not ready', { kind: 'printer-not-ready', fault: 'paper-out' }),
      ];
    case 'print-receipt': {
      const { reference, kind } = effect.receipt;
      const on = slipOnPaper(books, reference, kind, effect.copy);
      const off = doubt(books, reference, kind);
      return [
        well('the slip is confirmed', { kind: 'receipt-printed' }, on),
        badly('nothing is printed', { kind: 'receipt-not-printed', fault: 'paper-out' }),
        badly('the slip is printed; the answer is lost', { ...slipLost }, on),
        badly('the slip is not printed; the answer is lost', { ...slipLost }, off),
      ];
    }
  }
}

const slipLost = { kind: 'receipt-unknown', fault: 'unplugged' } as const;
const noNames = { terminalReference: null, terminalReceipt: null };

function namesOf(reference: string) {
  return { terminalReference: `T${reference}/1`, terminalReceipt: `T${reference}` };
}

function phasesOf({ means }: Terms, meansId: string) {
  return means.find(({ id }) => id === meansId)?.phases;
}

type Ways = (say: string, answer: AnswerFact, after?: World['books']) => Way;

function paid(books: World['books'], reference: string, payment: PaymentStatus): World['books'] {
  return { ...books, [reference]: { ...bookOf(books, reference), payment } };
}

function authoriseWays(
  { reference, means }: PaymentOrder,
  books: World['books'],
  terms: Terms,
  well: Ways,
  badly: Ways,
): readonly Way[] {
  if (bookOf(books, reference).payment !== 'none')
    throw new Loss('asked-once', 'money is asked for twice');
  const phases = phasesOf(terms, means);
  const approved = paid(books, reference, phases === 'one' ? 'captured' : 'authorised');
  const released = paid(books, reference, 'reversed');
  const unknown = { kind: 'payment-unknown' } as const;
  const names = namesOf(reference);
  return [
    well('the payment is approved', { kind: 'payment-approved', ...names }, approved),
    badly('the payment is declined', { kind: 'payment-declined', reason: 'declined' }),
    badly('the payment is approved; the answer is lost', unknown, approved),
    badly('the payment is declined; the answer is lost', unknown),
    badly('the payment is approved and undone by the terminal itself', unknown, released),
  ];
}

/** Captured twice is done once (hardware/terminal/port.ts). A reservation that was refused may have lapsed for good. */
function captureWays(
  { reference }: PaymentOrder,
  books: World['books'],
  well: Ways,
  badly: Ways,
): readonly Way[] {
  const { payment, loadedAs } = bookOf(books, reference);
  const unknown = { kind: 'capture-unknown' } as const;
  const refused = { kind: 'capture-refused', detail: '' } as const;
  if (payment === 'captured') {
    return [
      well('the terminal has captured already', { kind: 'payment-captured' }),
      badly('the terminal does not say', unknown),
    ];
  }
  if (payment !== 'authorised') {
    return [
      well('there is nothing to capture', refused),
      badly('the terminal does not say', unknown),
    ];
  }
  if (loadedAs === null)
    throw new Loss('load-first', 'money is taken for a load that is not on the card');
  const captured = paid(books, reference, 'captured');
  return [
    well('the money is captured', { kind: 'payment-captured' }, captured),
    badly('the money is captured; the answer is lost', unknown, captured),
    badly('the money is not captured; the answer is lost', unknown),
    badly('the terminal will not capture now', refused),
    badly('the reservation has lapsed', refused, paid(books, reference, 'reversed')),
  ];
}

/** Reversed twice is done once (hardware/terminal/port.ts). */
function reverseWays(
  { reference }: PaymentOrder,
  books: World['books'],
  well: Ways,
  badly: Ways,
): readonly Way[] {
  const { payment, loadedAs } = bookOf(books, reference);
  const unknown = { kind: 'reversal-unknown' } as const;
  const refused = { kind: 'reversal-refused', detail: '' } as const;
  if (payment === 'none') {
    return [
      well('there is nothing to reverse', refused),
      badly('the terminal does not say', unknown),
    ];
  }
  if (loadedAs !== null)
    throw new Loss('no-gift', 'money goes back for a load that is on the card');
  const reversed = paid(books, reference, 'reversed');
  return [
    well('the money goes back', { kind: 'payment-reversed' }, reversed),
    badly('the money goes back; the answer is lost', unknown, reversed),
    ...(payment === 'reversed'
      ? []
      : [
          badly('the money does not go back; the answer is lost', unknown),
          badly('the terminal will not reverse now', refused),
        ]),
  ];
}

function doubt(books: World['books'], reference: string, kind: Receipt['kind']): World['books'] {
  const book = bookOf(books, reference);
  if (book.maybe.includes(kind)) return books;
  return { ...books, [reference]: { ...book, maybe: [...book.maybe, kind].sort() } };
}

/** A slip that says how it ended must be true, is given out once, and so is one that says it is unresolved; a second is marked. */
function slipOnPaper(
  books: World['books'],
  reference: string,
  kind: Receipt['kind'],
  copy: 'original' | 'duplicate',
): World['books'] {
  const book = bookOf(books, reference);
  if (kind === 'top-up' && book.loadedAs === null)
    throw new Loss('one-original', 'a slip says "loaded" of no load');
  if (kind === 'paid-back' && book.payment !== 'reversed' && book.payment !== 'none') {
    throw new Loss('one-original', 'a slip says "paid back" of money that is not');
  }
  if (copy === 'duplicate') {
    if (!book.maybe.includes(kind))
      throw new Loss('one-original', 'a duplicate of a slip that cannot be anywhere');
    return books;
  }
  const what: Book['originals'][number] = kind === 'unresolved' ? kind : 'receipt';
  if (book.originals.includes(what)) throw new Loss('one-original', `a second original (${what})`);
  const originals = [...book.originals, what].sort();
  return doubt({ ...books, [reference]: { ...book, originals } }, reference, kind);
}

/** The process dies while this order is under way: the books it may leave behind, each once. Nobody hears an answer. */
export function booksAfterCrash(
  order: Order,
  world: World,
  terms: Terms,
): readonly World['books'][] {
  const { effect } = order;
  const left = waysOf(order, world, terms).map(({ books }) =>
    effect.kind === 'print-receipt'
      ? doubt(books, effect.receipt.reference, effect.receipt.kind)
      : books,
  );
  return [...new Map(left.map((books) => [JSON.stringify(books), books])).values()];
}
