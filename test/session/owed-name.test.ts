import { describe, expect, test } from 'vitest';
import { up } from '../../main/contract/device.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { Fact } from '../../main/session/event.ts';
import { freshAttempt, marked, proved } from '../support/attempt.ts';
import { allWell, inBooks, inserted, otherCard, silentTerminal } from './all-well.ts';
import { stationWith } from './asked-for.ts';
import { claimTextOf, restarted, type Told } from './told.ts';

/** Somebody else's payment, whose answer never came: only the order of the terminal's books can tell what became of it. */
const unnamed: Attempt = {
  ...freshAttempt,
  reference: '0000-000X',
  cardNumber: otherCard.number,
  money: 'authorising',
  claim: claimTextOf('0000-000X'),
};
const torn: Attempt = {
  ...freshAttempt,
  money: 'authorised',
  terminalReference: 'T/1',
  card: 'writing',
  loads: 1,
  loadMark: marked,
  claim: claimTextOf(),
};
const terminalBack: Fact = {
  kind: 'terminal-changed',
  terminal: freshAttempt.means.id,
  health: up,
};

/** What the terminals were asked about, and by whose name. */
function ordersOf({ effects }: Told): readonly string[] {
  return effects.flatMap((effect) =>
    'order' in effect && effect.kind !== 'check-card' && effect.kind !== 'prepare-credit'
      ? [`${effect.kind} ${effect.order.reference}`]
      : [],
  );
}

/** The holder of the torn card puts it in; while it is asked, the terminal that said nothing for long is back. */
function tapped(answer: Fact): Told {
  const told = stationWith([unnamed, torn], { ...inBooks('none'), 'check-card': null });
  return told.tell(inserted, terminalBack, answer);
}

describe('before a terminal is given an order, it is asked for the payment whose name it owes', () => {
  test('whose card is loaded is told so at once, and the money is taken afterwards', () => {
    const told = tapped({ kind: 'load-found', proof: proved });
    expect(told.screen.kind).toBe('done');
    expect(ordersOf(told)).toEqual([]);
    told.tap({ kind: 'finish' }, { kind: 'finish' });
    expect(ordersOf(told)).toEqual([
      `inquire-payment ${unnamed.reference}`,
      `capture ${torn.reference}`,
    ]);
    expect(told.row().money).toBe('captured');
    expect(told.row(unnamed.reference).money).toBe('declined');
  });

  test('whose money goes back waits for it, and is told', () => {
    const told = tapped({ kind: 'load-not-found' });
    expect(told.screen.kind).toBe('unfinished');
    told.tap({ kind: 'pay-back' });
    expect(ordersOf(told)).toEqual([
      `inquire-payment ${unnamed.reference}`,
      `reverse ${torn.reference}`,
    ]);
    expect(told.screen).toMatchObject({ kind: 'money-back', step: 'released' });
  });

  test('but one that was asked for in vain just now keeps nobody’s money waiting', () => {
    const told = tapped({ kind: 'load-not-found' });
    told.answers = { ...told.answers, 'inquire-payment': { kind: 'inquiry-unanswered' } };
    told.tap({ kind: 'pay-back' });
    expect(ordersOf(told)).toEqual([
      `inquire-payment ${unnamed.reference}`,
      `reverse ${torn.reference}`,
    ]);
    expect(told.screen).toMatchObject({ kind: 'money-back', step: 'released' });
    expect(told.row(unnamed.reference).money).toBe('authorising');
  });

  test('nor one at another terminal', () => {
    const elsewhere = { ...unnamed, means: { ...unnamed.means, id: 'phone' } };
    const told = stationWith([elsewhere, torn], { 'check-card': null });
    told.tell(inserted, { ...terminalBack, terminal: 'phone' });
    told.tell({ kind: 'load-found', proof: proved });
    expect(ordersOf(told)).toEqual([`capture ${torn.reference}`]);
  });
});

describe('after a restart', () => {
  const claims = [1, 2, 3].map(
    (nth): Attempt => ({
      ...freshAttempt,
      reference: `0000-000${nth}`,
      cardNumber: `410000000000010${nth}`,
      openedWallMs: freshAttempt.openedWallMs - 3_600_000,
      money: 'reversing',
      terminalReference: `T/${nth}`,
      claim: claimTextOf(`0000-000${nth}`),
    }),
  );

  test('a silent terminal is asked once for each claim, and others are served', () => {
    const told = restarted(claims, { answers: { ...allWell, ...silentTerminal } });
    expect(ordersOf(told)).toEqual(claims.map(({ reference }) => `reverse ${reference}`));
    expect(told.screen.kind).toBe('attract');
    told.answers = allWell;
    told.tell(terminalBack);
    expect(claims.map(({ reference }) => told.row(reference).money)).toEqual([
      'reversed',
      'reversed',
      'reversed',
    ]);
  });
});
