import { describe, expect, test } from 'vitest';
import { up } from '../../main/contract/device.ts';
import type { PaymentStatus } from '../../main/contract/payment.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { Fact } from '../../main/session/event.ts';
import { freshCard as card, freshAttempt, marked, proved } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';
import { restarted, type Told } from './told.ts';

const { closingMs, patienceMs } = testTerms.timings;
const hourMs = 3_600_000;

const asked: Attempt = { ...freshAttempt, receiptWanted: false, money: 'authorising' };
const paid: Attempt = { ...asked, money: 'authorised', terminalReference: 'T1' };
const loaded: Attempt = { ...paid, card: 'written', loads: 1, loadMark: marked, proof: proved };

const inserted: Fact = { kind: 'card-inserted' };
const reversed: Fact = { kind: 'payment-reversed' };
const captured: Fact = { kind: 'payment-captured' };
const found = (status: PaymentStatus): Fact => ({
  kind: 'payment-found',
  status,
  terminalReference: 'T1',
  terminalReceipt: null,
});

/** A start after a power cut, everything there but the card. */
function afterPowerCut(left: readonly Attempt[], offMs = 10_000): Told {
  return restarted(left, { offMs });
}

const checking = { language: 'en', screen: { kind: 'checking-payment' } };

describe('who was cut off a moment ago, their card still in', () => {
  test('sees that the money goes back, and that it is back, before anything else', () => {
    const restart = afterPowerCut([paid]);
    expect(restart.view).toMatchObject({
      language: 'en',
      screen: { kind: 'money-back', step: 'under-way', reference: paid.reference },
    });
    restart.tell(reversed, inserted);
    expect(restart.view).toMatchObject({
      language: 'en',
      screen: { kind: 'money-back', step: 'released', why: 'card-not-written' },
    });
    restart.wait(closingMs);
    expect(restart.orders).toEqual(['reverse', 'read-card']);
    restart.tell({ kind: 'card-read', card });
    expect(restart.view).toMatchObject({ language: 'en', screen: { kind: 'card' } });
  });

  test('sees that the payment is checked, and that nothing was taken', () => {
    const restart = afterPowerCut([asked]);
    expect(restart.view).toMatchObject(checking);
    restart.tell(found('none'), inserted);
    expect(restart.view).toMatchObject({
      language: 'en',
      screen: { kind: 'declined', canRetry: false },
    });
    restart.wait(2 * patienceMs);
    expect(restart.orders).toEqual(['inquire-payment', 'read-card']);
  });

  test('sees that the payment is checked, and the money given back', () => {
    const restart = afterPowerCut([asked]).tell(found('authorised'));
    expect(restart.view.screen).toMatchObject({ kind: 'money-back', step: 'under-way' });
    restart.tell(reversed);
    expect(restart.view.screen).toMatchObject({ kind: 'money-back', step: 'released' });
    expect(restart.orders).toEqual(['inquire-payment', 'reverse']);
  });

  test('sees that a card which is loaded is', () => {
    const restart = afterPowerCut([loaded]).tell(captured);
    expect(restart.view).toMatchObject({ language: 'en', screen: { kind: 'done' } });
  });

  test('is sent to the staff in the end when the terminal does not know, and it is asked on', () => {
    const restart = afterPowerCut([asked]);
    while (restart.session.state.kind !== 'closing') {
      restart.tell({ kind: 'inquiry-unanswered' }).wait(30_000);
    }
    expect(restart.nowMs).toBeLessThan(2 * patienceMs);
    expect(restart.view.screen).toMatchObject({ kind: 'see-staff', why: 'payment-undecided' });
    restart.tell({ kind: 'printer-ready' }, { kind: 'receipt-printed' }).wait(closingMs);
    expect(restart.orders.at(-1)).toBe('inquire-payment');
    expect(restart.session.state).toMatchObject({ kind: 'inquiring', patience: null });
  });

  test('goes on as soon as they put the card in once more', () => {
    const restart = afterPowerCut([paid]).tell(reversed);
    restart.wait(1_500).tell(inserted);
    expect(restart.session.state.kind).toBe('reading');
  });

  test('is told after what was owed before it, in the order in which the money was asked for', () => {
    const earlier = { ...paid, reference: '7K2M-0001', openedWallMs: paid.openedWallMs - hourMs };
    const restart = afterPowerCut([earlier, { ...asked, terminalReference: 'T2' }]);
    expect(restart.session.state).toMatchObject({
      kind: 'reversing',
      attempt: { reference: earlier.reference },
      patience: null,
    });
    restart.tell(reversed);
    expect(restart.view).toMatchObject(checking);
  });
});

test('who holds a claim already is not waited for: others are served, and the next tap settles it', () => {
  const torn: Attempt = { ...paid, card: 'writing', loads: 1, loadMark: marked };
  expect(afterPowerCut([torn]).view.screen.kind).toBe('put-card-back');
  const restart = afterPowerCut([{ ...torn, claim: 'claim' }]);
  expect(restart.view.screen.kind).toBe('attract');
  restart.tell(inserted, { kind: 'card-read', card });
  expect(restart.orders.at(-1)).toBe('check-card');
});

describe('a payment whose name the terminal owes is asked about before anything else is done there', () => {
  const earlier = { ...paid, reference: '7K2M-0001', openedWallMs: paid.openedWallMs - hourMs };
  const orders = (told: Told) =>
    told.effects.flatMap((effect) =>
      'order' in effect ? [`${effect.kind} ${effect.order.reference}`] : [],
    );
  const inOrder = [`inquire-payment ${asked.reference}`, `reverse ${earlier.reference}`];

  test('at a start', () => {
    const restart = afterPowerCut([earlier, asked], hourMs).tell(found('none'));
    expect(orders(restart)).toEqual(inOrder);
  });

  test('also where both were set aside, and the terminal is back', () => {
    const restart = afterPowerCut([]);
    const open = [earlier, asked];
    const setAside = open.map(({ reference }) => ({ reference, untilMs: hourMs, tries: 11 }));
    restart.session = { ...restart.session, open, setAside };
    restart.tell({ kind: 'terminal-changed', terminal: 'bank', health: up }, found('none'));
    expect(orders(restart)).toEqual(inOrder);
  });
});

test.each([
  ['reserved', paid],
  ['not known', asked],
])('what was %s an hour ago is settled without a word', (_what, attempt) => {
  const restart = afterPowerCut([attempt], hourMs).tell(inserted);
  expect(restart.session.state).toMatchObject({ patience: null });
  expect(restart.view).toMatchObject({
    language: testTerms.defaultLanguage,
    screen: { kind: 'out-of-service', settling: true },
  });
  if (attempt === asked) restart.tell(found('authorised'));
  restart.tell(reversed);
  expect(restart.orders.at(-1)).toBe('read-card');
});
