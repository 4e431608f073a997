import { describe, expect, test } from 'vitest';
import { up } from '../../main/contract/device.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { AnswerFact, Fact } from '../../main/session/event.ts';
import type { Terms } from '../../main/session/session.ts';
import { freshCard as card, freshAttempt, marked, proved } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';
import { type Answers, claimTextOf, restarted, type Told } from './told.ts';

const unanswered: Answers = {
  'inquire-payment': { kind: 'inquiry-unanswered' },
  capture: { kind: 'capture-unknown' },
  reverse: { kind: 'reversal-unknown' },
};
const found = (status: 'authorised' | 'captured'): AnswerFact => ({
  kind: 'payment-found',
  status,
  terminalReference: null,
  terminalReceipt: null,
});
const names = { terminalReference: '0231/000975', terminalReceipt: '0231' };
/** Nobody is thought to be there any more. */
const earlier: Attempt = { ...freshAttempt, openedWallMs: freshAttempt.openedWallMs - 3_600_000 };
const asking: Attempt = { ...earlier, money: 'authorising' };
const givingBack: Attempt = { ...earlier, ...names, money: 'reversing' };
const taking: Attempt = {
  ...earlier,
  ...names,
  money: 'capturing',
  card: 'written',
  loadMark: marked,
  proof: proved,
};
const onlyBank: Terms = { ...testTerms, means: testTerms.means.slice(0, 1) };

/** A station after a power cut in the middle of an attempt. Its devices answer each order as they are told to. */
function leftWith(attempt: Attempt, answers: Answers, terms: Terms = testTerms): Told {
  return restarted([attempt], { answers, terms });
}

function comesBack(terminal: string): Fact {
  return { kind: 'terminal-changed', terminal, health: up };
}

const minutes = 60_000;

describe('a terminal that never tells keeps nobody from being served for ever', () => {
  test('it is asked for some minutes first, and nothing is offered meanwhile', () => {
    const station = leftWith(asking, unanswered);
    station.wait(2 * minutes);
    expect(station.screen).toMatchObject({ kind: 'out-of-service', settling: true });
  });

  test('then others pay elsewhere, and nothing more is paid there', () => {
    const station = leftWith(asking, unanswered);
    station.wait(6 * minutes);
    expect(station.screen).toMatchObject({
      kind: 'attract',
      means: [
        { id: 'bank', obstacle: { kind: 'device-down', device: 'terminal', fault: 'not-ready' } },
        { id: 'phone', obstacle: null },
      ],
    });
    expect(station.session.open).toEqual([{ ...asking, claim: claimTextOf() }]);
  });

  test('where it is the only one, cards can at least be read', () => {
    const station = leftWith(asking, unanswered, onlyBank);
    station.wait(6 * minutes);
    expect(station.screen).toMatchObject({
      kind: 'out-of-service',
      faults: [{ device: 'terminal', fault: 'not-ready' }],
      settling: false,
      balanceWorks: true,
    });
  });

  test('one that is no longer in the configuration stops nobody', () => {
    const means = { id: 'former', kind: 'bank-card', phases: 'two' } as const;
    const station = leftWith({ ...asking, means }, unanswered);
    station.wait(6 * minutes);
    expect(station.screen).toMatchObject({
      kind: 'attract',
      means: [{ obstacle: null }, { obstacle: null }],
    });
  });

  test('it is asked again every now and then, and what was left is settled', () => {
    const station = leftWith(asking, unanswered);
    station.wait(6 * minutes);
    const asked = station.orders.length;
    station.wait(60 * minutes);
    expect(station.orders.length).toBeGreaterThan(asked + 3);
    expect(station.orders.length).toBeLessThan(asked + 9);
    station.answers = {
      'inquire-payment': found('authorised'),
      reverse: { kind: 'payment-reversed' },
    };
    station.wait(11 * minutes);
    expect(station.row().money).toBe('reversed');
    expect(station.session).toMatchObject({ open: [], setAside: [] });
    expect(station.screen).toMatchObject({ means: [{ obstacle: null }, { obstacle: null }] });
  });

  test('it is asked as soon as it is back', () => {
    const station = leftWith(asking, unanswered);
    station.wait(6 * minutes);
    station.answers = {
      'inquire-payment': found('authorised'),
      reverse: { kind: 'payment-reversed' },
    };
    station.tell(comesBack('bank'));
    expect(station.row().money).toBe('reversed');
    expect(station.screen).toMatchObject({ kind: 'attract' });
  });

  test('the holder of the card sees how it stands, and is then served like anybody', () => {
    const station = leftWith(asking, unanswered);
    station.wait(6 * minutes);
    station.answers = {
      ...unanswered,
      'read-card': { kind: 'card-read', card },
    };
    station.tell({ kind: 'card-inserted' });
    expect(station.screen).toMatchObject({
      kind: 'account',
      rows: [{ reference: asking.reference, ending: 'being-checked', canSettle: true }],
    });
    station.tell({ kind: 'commanded', command: { kind: 'back' } });
    expect(station.screen.kind).toBe('card');
    // Its turn comes during the visit, and waits for the visit's end.
    station.nowMs += 20 * minutes;
    station.tell({ kind: 'commanded', command: { kind: 'more-time' } });
    expect(station.screen.kind).toBe('card');
    const asked = station.orders.length;
    station.tell({ kind: 'card-removed' });
    expect(station.orders.slice(asked)).toEqual(['inquire-payment']);
  });
});

test('a reversal that the terminal refuses for ever is asked for again and again, while it serves others', () => {
  const station = leftWith(givingBack, {
    reverse: { kind: 'reversal-refused', detail: 'the day was closed' },
    'inquire-payment': found('captured'),
  });
  station.wait(6 * minutes);
  expect(station.screen).toMatchObject({
    kind: 'attract',
    means: [{ obstacle: null }, { obstacle: null }],
  });
  station.wait(24 * 60 * minutes);
  expect(station.row().money).toBe('reversing');
  station.answers = { reverse: { kind: 'payment-reversed' } };
  station.wait(11 * minutes);
  expect(station.row().money).toBe('reversed');
});

describe('a load that was given is paid for', () => {
  test('afterwards, and its holder is served at once meanwhile', () => {
    const station = leftWith(taking, unanswered);
    station.wait(6 * minutes);
    station.answers = { ...unanswered, 'read-card': { kind: 'card-read', card } };
    station.tell({ kind: 'card-inserted' });
    expect(station.screen.kind).toBe('card');
  });

  test('also when the terminal was away all night and is busy when it comes back', () => {
    const station = leftWith(taking, unanswered);
    station.wait(12 * 60 * minutes);
    expect(station.row().money).toBe('capturing');
    const refuses: Answers = {
      capture: { kind: 'capture-refused', detail: 'busy' },
      'inquire-payment': found('authorised'),
    };
    station.answers = refuses;
    station.wait(30 * minutes);
    expect(station.row().money).toBe('capturing');
    station.answers = { capture: { kind: 'payment-captured' } };
    station.wait(11 * minutes);
    expect(station.row().money).toBe('captured');
  });

  test('and is given up in the end where the terminal goes on refusing', () => {
    const station = leftWith(taking, {
      capture: { kind: 'capture-refused', detail: 'expired' },
      'inquire-payment': found('authorised'),
    });
    station.wait(6 * 60 * minutes);
    expect(station.row().money).toBe('uncollected');
    expect(station.session.open).toEqual([]);
  });
});
