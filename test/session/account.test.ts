import { describe, expect, test } from 'vitest';
import { down, up } from '../../main/contract/device.ts';
import type { AccountEnding, Screen } from '../../main/contract/view.ts';
import type { Attempt, CardState, MoneyState } from '../../main/session/attempt.ts';
import type { Fact } from '../../main/session/event.ts';
import { isSettled } from '../../main/session/resolve.ts';
import { freshAttempt, freshCard, marked, proved } from '../support/attempt.ts';
import { deviceTold } from '../support/device-told.ts';
import { testTerms } from '../support/terms.ts';
import { inserted, otherCard, removed, silentTerminal } from './all-well.ts';
import { accountOf, askFor, stationWith } from './asked-for.ts';
import { claimTextOf, restarted } from './told.ts';

const { idleMs, idleWarningMs } = testTerms.timings;

const loaded: Attempt = {
  ...freshAttempt,
  money: 'captured',
  card: 'written',
  paper: 'printed',
  onPaper: 'top-up',
  loads: 1,
  loadMark: marked,
  proof: proved,
};
const writing: Attempt = {
  ...freshAttempt,
  money: 'authorised',
  card: 'writing',
  loads: 1,
  loadMark: marked,
  claim: claimTextOf(),
};
const ofOther: Attempt = { ...loaded, reference: '7K2M-0002', cardNumber: otherCard.number };
const maskedNumber = '•••• •••• 0017';

const readsOther = { 'read-card': { kind: 'card-read', card: otherCard } } as const;
const broken = (device: 'reader' | 'sam' | 'journal'): Fact =>
  deviceTold(device, down(device === 'journal' ? 'disk-full' : 'not-ready'));

describe('somebody asks where their money is', () => {
  const asks = { kind: 'find-money', step: 'ask', unknownReference: null } as const;

  test('on the attract screen: they are asked for the card or the reference', () => {
    const told = stationWith([loaded]).tap({ kind: 'find-money' });
    expect(told.screen).toEqual({ ...asks, cardWorks: true });
  });

  test('on a station that is out of service', () => {
    const told = stationWith([loaded]).tell(broken('sam'));
    expect(told.screen).toMatchObject({ kind: 'out-of-service', canFindMoney: true });
    expect(askFor(told).screen).toMatchObject({ kind: 'account' });
  });

  test('where no card can be read: the reference will do', () => {
    const told = stationWith([loaded]).tell(broken('reader')).tap({ kind: 'find-money' });
    expect(told.screen).toEqual({ ...asks, cardWorks: false });
    told.tap({ kind: 'look-up', reference: loaded.reference });
    expect(accountOf(told).rows).toHaveLength(1);
  });

  test('with the card in: they are told at once, and come back to it', () => {
    const told = stationWith([loaded]).tell(inserted).tap({ kind: 'find-money' });
    expect(accountOf(told)).toMatchObject({ maskedNumber, rows: [{ ending: 'loaded' }] });
    expect(told.tap({ kind: 'back' }).screen).toMatchObject({ kind: 'card' });
  });

  test('money that is still open is told of however many others came after it', () => {
    const open: Attempt = { ...freshAttempt, money: 'authorising', claim: claimTextOf() };
    const declined = [1, 2, 3, 4, 5].map(
      (nth): Attempt => ({ ...freshAttempt, reference: `7K2M-000${nth}`, money: 'declined' }),
    );
    const told = stationWith([open, ...declined], silentTerminal);
    const rows = accountOf(told.tap({ kind: 'find-money' }).tell(inserted)).rows;
    expect(rows.map(({ ending }) => ending)).toEqual([
      ...declined.slice(1).map(() => 'not-paid'),
      'being-checked',
    ]);
    told.tap({ kind: 'settle', reference: open.reference });
    expect(told.screen).toMatchObject({ kind: 'checking-payment', reference: open.reference });
  });

  test('not while the journal cannot be asked', () => {
    const told = stationWith([loaded]).tell(broken('journal'));
    expect(told.screen).toMatchObject({ kind: 'out-of-service', canFindMoney: false });
    expect(askFor(told).orders).not.toContain('look-up');
    expect(told.screen.kind).toBe('out-of-service');
  });

  test('nor while an earlier payment is being settled', () => {
    const asked: Attempt = { ...freshAttempt, openedWallMs: 0, money: 'authorising' };
    const told = restarted([asked], { answers: silentTerminal });
    expect(told.screen).toMatchObject({ kind: 'out-of-service', canFindMoney: false });
    expect(askFor(told).orders).not.toContain('look-up');
  });
});

describe('by the card', () => {
  test('all its top-ups are told, newest first, and nobody else’s', () => {
    const newer: Attempt = { ...loaded, reference: '7K2M-0003', money: 'uncollected' };
    const ofOtherKind: Attempt = { ...loaded, reference: '7K2M-0004', profile: 'campus' };
    const told = stationWith([loaded, ofOther, newer, ofOtherKind]);
    told.tap({ kind: 'find-money' }).tell(inserted);
    expect(accountOf(told)).toMatchObject({
      maskedNumber,
      rows: [{ reference: newer.reference }, { reference: loaded.reference }],
    });
    expect(told.effects).toContainEqual({
      kind: 'look-up',
      by: { kind: 'card', number: freshCard.number, profile: freshCard.profile },
    });
  });

  test('a card without any is told so', () => {
    const told = stationWith([ofOther]).tap({ kind: 'find-money' }).tell(inserted);
    expect(accountOf(told)).toMatchObject({ maskedNumber, rows: [] });
  });

  test('one with a load in doubt is checked first, and its holder told how it came out', () => {
    const told = stationWith([writing]).tap({ kind: 'find-money' }).tell(inserted);
    expect(told.orders.slice(0, 3)).toEqual(['read-card', 'check-card', 'capture']);
    expect(told.orders).not.toContain('look-up');
    expect(told.screen).toMatchObject({ kind: 'done', reference: writing.reference });
  });

  test('one that is refused is named as such, and one that is pulled ends it', () => {
    const refusal = { kind: 'card-refused', refusal: { kind: 'card-blocked' } } as const;
    const refused = stationWith([loaded], { 'read-card': refusal });
    refused.tap({ kind: 'find-money' }).tell(inserted);
    expect(refused.screen).toMatchObject({ kind: 'refused-card', reason: 'card-blocked' });
    const pulled = stationWith([loaded], { 'read-card': null }).tap({ kind: 'find-money' });
    pulled.tell(inserted, removed, { kind: 'card-read', card: freshCard });
    expect(pulled.screen.kind).toBe('attract');
  });

  test('pulled or changed while the journal is asked, nothing is told', () => {
    const answer: Fact = { kind: 'attempts-found', found: [loaded] };
    const pulled = stationWith([loaded], { 'look-up': null });
    pulled.tell(inserted).tap({ kind: 'find-money' }).tell(removed, answer);
    expect(pulled.screen.kind).toBe('attract');
    const changed = stationWith([loaded], { 'look-up': null });
    changed.tell(inserted).tap({ kind: 'find-money' });
    changed.answers = { ...changed.answers, ...readsOther };
    changed.tell(removed, inserted, answer);
    expect(changed.screen).toMatchObject({
      kind: 'card',
      card: { maskedNumber: '•••• •••• 0025' },
    });
  });

  test('pulled while they read, it is over', () => {
    const told = stationWith([loaded]).tell(inserted).tap({ kind: 'find-money' }).tell(removed);
    expect(told.screen.kind).toBe('attract');
  });
});

describe('by the reference', () => {
  test('that one top-up is told, whatever card it was', () => {
    const told = askFor(stationWith([loaded, ofOther]), ofOther.reference);
    expect(accountOf(told)).toMatchObject({
      maskedNumber: null,
      rows: [{ reference: ofOther.reference, maskedNumber: '•••• •••• 0025' }],
    });
    expect(told.tap({ kind: 'back' }).screen).toMatchObject({ kind: 'find-money', step: 'ask' });
  });

  test('one that is not known here is said to be, and the card may tell', () => {
    const told = askFor(stationWith([loaded]), '0000-0000');
    expect(told.screen).toMatchObject({ kind: 'find-money', unknownReference: '0000-0000' });
    expect(accountOf(told.tell(inserted))).toMatchObject({ maskedNumber });
  });

  test('with a card put in meanwhile, it is that card’s account', () => {
    const told = stationWith([loaded, ofOther], { 'look-up': null });
    askFor(told, ofOther.reference);
    expect(told.screen).toMatchObject({ kind: 'find-money', step: 'looking' });
    told.tell(inserted);
    const { 'look-up': _waited, ...answers } = told.answers;
    told.answers = answers;
    told.tell({ kind: 'attempts-found', found: [ofOther] });
    expect(accountOf(told)).toMatchObject({
      maskedNumber,
      rows: [{ reference: loaded.reference }],
    });
  });

  test('with a card put in afterwards, it is that card’s account', () => {
    const told = askFor(stationWith([loaded, ofOther]), ofOther.reference).tell(inserted);
    expect(accountOf(told)).toMatchObject({
      maskedNumber,
      rows: [{ reference: loaded.reference }],
    });
  });
});

describe('what became of it is told in a word, with what can be done about it', () => {
  test.each<readonly [MoneyState, CardState, AccountEnding, print: boolean, settle: boolean]>([
    ['captured', 'written', 'loaded', true, false],
    ['uncollected', 'written', 'loaded', true, false],
    // What is still to be taken is the operator's to wait for.
    ['capturing', 'written', 'loaded', true, false],
    ['reversed', 'none', 'paid-back', true, false],
    ['reversed', 'unwritten', 'paid-back', true, false],
    ['declined', 'none', 'not-paid', false, false],
    ['authorising', 'none', 'being-checked', true, true],
    ['authorised', 'none', 'going-back', true, true],
    ['authorised', 'unwritten', 'going-back', true, true],
    ['reversing', 'none', 'going-back', true, true],
    ['reversing', 'unwritten', 'going-back', true, true],
    ['authorised', 'writing', 'card-needed', true, false],
  ])('%s, card %s: %s', (money, card, ending, canPrint, canSettle) => {
    const loadMark = card === 'none' ? null : marked;
    const proof = card === 'written' ? proved : null;
    const attempt = { ...freshAttempt, money, card, loadMark, proof };
    const claim = isSettled(attempt) ? null : claimTextOf();
    const told = askFor(stationWith([{ ...attempt, claim }]));
    expect(accountOf(told).rows).toEqual([
      {
        reference: freshAttempt.reference,
        at: freshAttempt.loadTime,
        amountMinor: freshAttempt.amountMinor,
        means: 'bank-card',
        maskedNumber,
        ending,
        afterMinor: proof?.balanceMinor ?? null,
        canPrint,
        canSettle,
      },
    ]);
    told.tell({ kind: 'device-changed', device: 'printer', health: down('paper-out') });
    expect(accountOf(told).rows).toMatchObject([{ canPrint: false, canSettle }]);
    told.tell({ kind: 'device-changed', device: 'printer', health: up });
    expect(accountOf(told).rows).toMatchObject([{ canPrint }]);
  });
});

describe('who asks and goes away', () => {
  const pages: readonly (readonly [Screen['kind'], () => ReturnType<typeof stationWith>])[] = [
    ['find-money', () => stationWith([loaded]).tap({ kind: 'find-money' })],
    ['account', () => askFor(stationWith([loaded]))],
  ];

  test.each(pages)('is warned on %s, and then the kiosk is there for others', (kind, open) => {
    const told = open().wait(idleMs);
    expect(told.view).toMatchObject({
      idleWarning: { remainingMs: idleWarningMs },
      screen: { kind },
    });
    expect(told.wait(idleWarningMs).screen.kind).toBe('attract');
  });

  test.each(pages)('has more time on %s for the asking', (kind, open) => {
    const told = open().wait(idleMs).tap({ kind: 'more-time' });
    expect(told.view).toMatchObject({ idleWarning: null, screen: { kind } });
    expect(told.wait(idleMs - 1_000).screen.kind).toBe(kind);
  });

  test.each(pages)('can say so on %s', (_kind, open) => {
    expect(open().tap({ kind: 'cancel' }).screen.kind).toBe('attract');
  });

  test('is told to take the card that is in', () => {
    const told = stationWith([loaded]).tell(inserted).tap({ kind: 'find-money' });
    expect(told.tap({ kind: 'finish' }).screen.kind).toBe('take-card');
  });
});
