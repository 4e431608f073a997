import { describe, expect, test } from 'vitest';
import { down, up } from '../../main/contract/device.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { Fact } from '../../main/session/event.ts';
import { close } from '../../main/session/moves.ts';
import { recover } from '../../main/session/recover.ts';
import type { ClosingPage, Session } from '../../main/session/session.ts';
import { freshAttempt, marked, momentAt, proved } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';
import { claimTextOf, Told } from './told.ts';

const { closingMs } = testTerms.timings;
const authorised: Attempt = { ...freshAttempt, money: 'authorised', loads: 1 };
const writing: Attempt = { ...authorised, card: 'writing', loadMark: marked };
const claimed: Attempt = { ...writing, claim: claimTextOf() };
const loaded: Attempt = { ...writing, money: 'captured', card: 'written', proof: proved };
const paidBack: Attempt = { ...authorised, money: 'reversed' };

const undecided: ClosingPage = { kind: 'see-staff', why: 'card-undecided' };
const moneyBack: ClosingPage = { kind: 'money-back', why: 'cancelled' };

const ready: Fact = { kind: 'printer-ready' };
const printed: Fact = { kind: 'receipt-printed' };
const lost: Fact = { kind: 'receipt-unknown', fault: 'unplugged' };
const refused: Fact = { kind: 'receipt-not-printed', fault: 'paper-out' };
const notReady: Fact = { kind: 'printer-not-ready', fault: 'paper-out' };
const printerUp: Fact = { kind: 'device-changed', device: 'printer', health: up };
const noPaper: Fact = { kind: 'device-changed', device: 'printer', health: down('paper-out') };
const coverOpen: Fact = { kind: 'device-changed', device: 'printer', health: down('cover-open') };
const again: Fact = { kind: 'commanded', command: { kind: 'print-again' } };
const finish: Fact = { kind: 'commanded', command: { kind: 'finish' } };
const timeUp: Fact = { kind: 'deadline-passed' };

/** The end of a top-up, with a printer that answers as it is told to. */
class Ending extends Told {
  constructor(attempt: Attempt, page: ClosingPage, printerIsUp = true) {
    const idle = recover([], testTerms, momentAt(0));
    const printer = printerIsUp ? up : down('paper-out');
    const session: Session = { ...idle, devices: { ...idle.devices, printer } };
    const { next, effects } = close(session, attempt, page, momentAt(0));
    super(next);
    this.effects.push(...effects);
  }

  get attempt(): Attempt {
    const { state } = this.session;
    if (state.kind !== 'closing') throw new Error(`it is ${state.kind}`);
    return state.attempt;
  }

  get deadlineMs(): number {
    const { state } = this.session;
    return state.kind === 'closing' ? state.deadlineMs : 0;
  }
}

const receiptPage = (attempt: Attempt, printerIsUp = true): Ending =>
  new Ending(attempt, { kind: 'done' }, printerIsUp).tell(finish);

describe('a slip is written down before a byte of it leaves', () => {
  test('first that it is wanted, then that it is being printed', () => {
    const ending = new Ending(loaded, { kind: 'done' });
    expect(ending.attempt.paper).toBe('queued');
    expect(ending.orderedCopies).toEqual(['ready-printer']);
    ending.tell(ready);
    expect(ending.attempt.paper).toBe('printing');
    expect(ending.orderedCopies).toEqual(['ready-printer', 'original top-up']);
    ending.tell(printed);
    expect(ending.attempt).toMatchObject({ paper: 'printed', onPaper: 'top-up' });
  });

  test('a printer that is not ready is sent nothing', () => {
    const ending = new Ending(loaded, { kind: 'done' }).tell(notReady);
    expect(ending.attempt).toMatchObject({ paper: 'not-printed', onPaper: null });
    expect(ending.orderedCopies).toEqual(['ready-printer']);
  });

  test.each([
    ['queued', null, { paper: 'not-printed', onPaper: null }],
    ['queued', 'unresolved', { paper: 'maybe-printed', onPaper: 'unresolved' }],
    ['printing', null, { paper: 'maybe-printed', onPaper: 'unresolved' }],
  ] as const)('after a power cut, what was %s (%s on paper before)', (paper, onPaper, then) => {
    const session = recover([{ ...writing, paper, onPaper }], testTerms, momentAt(0));
    expect(session.open).toMatchObject([then]);
  });
});

describe('a slip that did not come can be had', () => {
  test('as an original where nothing can be on paper', () => {
    const ending = receiptPage(loaded).tell(ready, refused, noPaper);
    expect(ending.screen).toMatchObject({ state: 'not-printed', canPrint: false });
    ending.tell(again);
    expect(ending.attempt.paper).toBe('not-printed');
    ending.tell(printerUp);
    expect(ending.screen).toMatchObject({ state: 'not-printed', canPrint: true });
    ending.tell(again, ready, printed);
    expect(ending.orderedCopies.filter((order) => order !== 'ready-printer')).toEqual([
      'original top-up',
      'original top-up',
    ]);
  });

  test('as a duplicate where one may have come, and never again as an original', () => {
    const ending = receiptPage(loaded).tell(ready, lost);
    expect(ending.screen).toMatchObject({ state: 'maybe-printed', canPrint: true });
    // The copy was proved not to have come: that says nothing of the first.
    ending.tell(again, ready, refused);
    expect(ending.attempt).toMatchObject({ paper: 'maybe-printed', onPaper: 'top-up' });
    ending.tell(again, notReady);
    expect(ending.attempt.paper).toBe('maybe-printed');
    ending.tell(again, ready, printed);
    expect(ending.orderedCopies.filter((order) => order !== 'ready-printer')).toEqual([
      'original top-up',
      'duplicate top-up',
      'duplicate top-up',
    ]);
    expect(ending.screen).toMatchObject({ state: 'printed', canPrint: false });
    const ordered = ending.orders.length;
    ending.tell(again);
    expect(ending.orders).toHaveLength(ordered);
  });

  test.each<readonly [string, Attempt, ClosingPage]>([
    ['a person whose money is back', paidBack, moneyBack],
    ['a person who must see the staff', claimed, undecided],
    ['who wanted none and must see the staff', { ...claimed, receiptWanted: false }, undecided],
  ])('also by %s', (_who, attempt, page) => {
    const ending = new Ending(attempt, page, false);
    expect(ending.screen).toMatchObject({ slip: { state: 'not-printed', canPrint: false } });
    ending.tell(printerUp);
    expect(ending.screen).toMatchObject({ slip: { state: 'not-printed', canPrint: true } });
    ending.tell(again);
    expect(ending.screen).toMatchObject({ slip: { state: 'printing', canPrint: false } });
  });

  test('but by nobody who wanted none', () => {
    const ending = new Ending({ ...paidBack, receiptWanted: false }, moneyBack).tell(again);
    expect(ending.screen).toMatchObject({ slip: null });
    expect(ending.orders).toEqual([]);
  });

  test('and there is time to ask for it when the printer is back', () => {
    const ending = receiptPage(loaded, false);
    ending.nowMs += closingMs - 100;
    ending.tell(printerUp);
    expect(ending.deadlineMs).toBe(ending.nowMs + closingMs);
    ending.nowMs += 200;
    ending.tell(again);
    expect(ending.deadlineMs).toBe(ending.nowMs + closingMs);
  });

  test('once: a printer that comes and goes does not keep the page before the next person', () => {
    const ending = receiptPage(loaded, false);
    const until = ending.nowMs + 3 * closingMs;
    while (ending.nowMs < until && ending.session.state.kind === 'closing') {
      ending.nowMs += closingMs / 2;
      ending.tell(noPaper, printerUp, timeUp);
    }
    expect(ending.session.state.kind).toBe('idle');
  });

  test('the same on each copy, to the second', () => {
    const ending = receiptPage(loaded).tell(ready, lost);
    ending.nowMs += 15_000;
    ending.tell(again, ready);
    const [first, second] = ending.effects.flatMap((order) =>
      order.kind === 'print-receipt' ? [order.receipt] : [],
    );
    expect(second).toEqual(first);
  });
});

describe('a slip that is held up', () => {
  test.each([
    [noPaper, 'paper-out'],
    [coverOpen, 'cover-open'],
  ] as const)('says by what, and comes', (trouble, state) => {
    const ending = receiptPage(loaded).tell(ready, trouble);
    expect(ending.screen).toMatchObject({ kind: 'receipt', state, canPrint: false });
    ending.nowMs += 2 * closingMs;
    ending.tell(timeUp);
    expect(ending.screen).toMatchObject({ kind: 'receipt', state });
    ending.tell(printerUp);
    expect(ending.screen).toMatchObject({ kind: 'receipt', state: 'printing' });
    ending.tell(printed);
    expect(ending.screen).toMatchObject({ kind: 'receipt', state: 'printed' });
  });

  test('is waited for when its owner has gone on', () => {
    const ending = receiptPage(loaded).tell(ready, { kind: 'card-inserted' });
    expect(ending.session.state.kind).toBe('closing');
    ending.tell(lost);
    expect(ending.session.state.kind).toBe('reading');
  });

  test.each<readonly [string, Attempt, ClosingPage]>([
    ['a receipt', loaded, { kind: 'receipt' }],
    ['a slip about money that is back', paidBack, moneyBack],
    ['a slip for the staff', claimed, undecided],
  ])('and nobody who comes next sees whose: %s', (_what, attempt, page) => {
    const ending = new Ending(attempt, page).tell(ready, { kind: 'card-inserted' }, noPaper);
    expect(ending.screen).toEqual({ kind: 'slip-first' });
    ending.nowMs += 2 * closingMs;
    expect(ending.tell(timeUp).screen).toEqual({ kind: 'slip-first' });
    expect(ending.tell(refused).session.state.kind).not.toBe('closing');
  });
});

describe('what is found out later', () => {
  const seen: Attempt = { ...claimed, paper: 'printed', onPaper: 'unresolved' };

  test('has a receipt of its own after a slip that said it is unresolved', () => {
    const found: Attempt = { ...seen, money: 'captured', card: 'written', proof: proved };
    expect(new Ending(found, { kind: 'done' }).tell(ready).orderedCopies).toEqual([
      'ready-printer',
      'original top-up',
    ]);
  });

  test('is not printed again by itself where it says nothing new', () => {
    expect(new Ending(seen, undecided).orderedCopies).toEqual([]);
    const doubtful = new Ending({ ...seen, paper: 'maybe-printed' }, undecided);
    expect(doubtful.orderedCopies).toEqual([]);
    expect(doubtful.tell(again, ready).orderedCopies).toEqual([
      'ready-printer',
      'duplicate unresolved',
    ]);
  });
});
