import { describe, expect, test } from 'vitest';
import { up } from '../../main/contract/device.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { EffectKind } from '../../main/session/effect.ts';
import type { AnswerFact, Fact } from '../../main/session/event.ts';
import { recover } from '../../main/session/recover.ts';
import { deadlineOf, type Session, type Terms } from '../../main/session/session.ts';
import { show } from '../../main/session/show.ts';
import { transition } from '../../main/session/transition.ts';
import { freshAttempt, marked, momentAt, proved } from '../support/attempt.ts';
import { testTerms } from '../support/terms.ts';

type Answers = { [order in EffectKind]?: AnswerFact };

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
class Restarted {
  session: Session;
  answers: Answers;
  readonly orders: EffectKind[] = [];
  attempt: Attempt;
  nowMs = 0;

  constructor(attempt: Attempt, answers: Answers, terms: Terms = testTerms) {
    this.attempt = attempt;
    this.answers = answers;
    this.session = recover([attempt], terms, momentAt(0));
    for (const device of ['reader', 'sam', 'printer'] as const) {
      this.tell({ kind: 'device-changed', device, health: up });
    }
    for (const { id } of terms.means) this.comesBack(id);
  }

  comesBack(terminal: string): void {
    this.tell({ kind: 'terminal-changed', terminal, health: up });
  }

  tell(fact: Fact): void {
    this.nowMs += 1;
    const step = transition(this.session, { at: momentAt(this.nowMs), fact });
    this.session = step.next;
    const { state, open } = step.next;
    const known = [...('attempt' in state ? [state.attempt] : []), ...open];
    const all = step.closed === null ? known : [...known, step.closed];
    this.attempt =
      all.find(({ reference }) => reference === this.attempt.reference) ?? this.attempt;
    for (const effect of step.effects) {
      this.orders.push(effect.kind);
      const answer = this.answers[effect.kind];
      if (answer === undefined) throw new Error(`nobody answers ${effect.kind}`);
      this.tell(answer);
    }
  }

  /** Let so much time pass. */
  wait(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let turn = 0; turn < 10_000; turn += 1) {
      const deadlineMs = deadlineOf(this.session);
      if (deadlineMs === null || deadlineMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, deadlineMs);
      this.tell({ kind: 'deadline-passed' });
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  get screen() {
    return show(this.session, momentAt(this.nowMs)).screen;
  }
}

const minutes = 60_000;

describe('a terminal that never tells keeps nobody from being served for ever', () => {
  test('it is asked for some minutes first, and nothing is offered meanwhile', () => {
    const station = new Restarted(asking, unanswered);
    station.wait(2 * minutes);
    expect(station.screen).toMatchObject({ kind: 'out-of-service', settling: true });
  });

  test('then others pay elsewhere, and nothing more is paid there', () => {
    const station = new Restarted(asking, unanswered);
    station.wait(6 * minutes);
    expect(station.screen).toMatchObject({
      kind: 'attract',
      means: [
        { id: 'bank', obstacle: { kind: 'device-down', device: 'terminal', fault: 'not-ready' } },
        { id: 'phone', obstacle: null },
      ],
    });
    expect(station.session.open).toEqual([asking]);
  });

  test('where it is the only one, cards can at least be read', () => {
    const station = new Restarted(asking, unanswered, onlyBank);
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
    const station = new Restarted({ ...asking, means }, unanswered);
    station.wait(6 * minutes);
    expect(station.screen).toMatchObject({
      kind: 'attract',
      means: [{ obstacle: null }, { obstacle: null }],
    });
  });

  test('it is asked again every now and then, and what was left is settled', () => {
    const station = new Restarted(asking, unanswered);
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
    expect(station.attempt.money).toBe('reversed');
    expect(station.session).toMatchObject({ open: [], setAside: [] });
    expect(station.screen).toMatchObject({ means: [{ obstacle: null }, { obstacle: null }] });
  });

  test('it is asked as soon as it is back', () => {
    const station = new Restarted(asking, unanswered);
    station.wait(6 * minutes);
    station.answers = {
      'inquire-payment': found('authorised'),
      reverse: { kind: 'payment-reversed' },
    };
    station.comesBack('bank');
    expect(station.attempt.money).toBe('reversed');
    expect(station.screen).toMatchObject({ kind: 'attract' });
  });

  test('the holder of the card is served like anybody', () => {
    const station = new Restarted(asking, unanswered);
    station.wait(6 * minutes);
    station.answers = {
      ...unanswered,
      'read-card': {
        kind: 'card-read',
        card: {
          family: 'pboc',
          profile: asking.profile,
          number: asking.cardNumber,
          enabled: true,
          validFrom: null,
          validTo: null,
          balanceMinor: marked.beforeMinor,
          balanceCapMinor: asking.amountMinor,
          loadCapMinor: asking.amountMinor,
          history: [],
        },
      },
    };
    station.tell({ kind: 'card-inserted' });
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
  const station = new Restarted(givingBack, {
    reverse: { kind: 'reversal-refused', detail: 'the day was closed' },
    'inquire-payment': found('captured'),
  });
  station.wait(6 * minutes);
  expect(station.screen).toMatchObject({
    kind: 'attract',
    means: [{ obstacle: null }, { obstacle: null }],
  });
  station.wait(24 * 60 * minutes);
  expect(station.attempt.money).toBe('reversing');
  station.answers = { reverse: { kind: 'payment-reversed' } };
  station.wait(11 * minutes);
  expect(station.attempt.money).toBe('reversed');
});

describe('a load that was given is paid for', () => {
  test('also when the terminal was away all night and is busy when it comes back', () => {
    const station = new Restarted(taking, unanswered);
    station.wait(12 * 60 * minutes);
    expect(station.attempt.money).toBe('capturing');
    const refuses: Answers = {
      capture: { kind: 'capture-refused', detail: 'busy' },
      'inquire-payment': found('authorised'),
    };
    station.answers = refuses;
    station.wait(30 * minutes);
    expect(station.attempt.money).toBe('capturing');
    station.answers = { capture: { kind: 'payment-captured' } };
    station.wait(11 * minutes);
    expect(station.attempt.money).toBe('captured');
  });

  test('and is given up in the end where the terminal goes on refusing', () => {
    const station = new Restarted(taking, {
      capture: { kind: 'capture-refused', detail: 'expired' },
      'inquire-payment': found('authorised'),
    });
    station.wait(6 * 60 * minutes);
    expect(station.attempt.money).toBe('uncollected');
    expect(station.session.open).toEqual([]);
  });
});
