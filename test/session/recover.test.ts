import { describe, expect, test } from 'vitest';
import type { PaymentPhases, PaymentStatus } from '../../main/contract/payment.ts';
import type { Receipt } from '../../main/contract/receipt.ts';
import type { Attempt, CardState, MoneyState, PaperState } from '../../main/session/attempt.ts';
import type { Effect } from '../../main/session/effect.ts';
import type { AnswerFact, Fact } from '../../main/session/event.ts';
import { assertStep, BrokenInvariant } from '../../main/session/invariants.ts';
import { recover } from '../../main/session/recover.ts';
import { isSettled } from '../../main/session/resolve.ts';
import { deadlineOf, type Session } from '../../main/session/session.ts';
import { show } from '../../main/session/show.ts';
import { transition } from '../../main/session/transition.ts';
import { freshAttempt, freshCard, marked, momentAt, proved } from '../support/attempt.ts';
import { cardStates, moneyStates, paperStates } from '../support/attempt-states.ts';
import { deviceTold } from '../support/device-told.ts';
import { testTerms } from '../support/terms.ts';
import { claimTextOf } from './told.ts';

const onPapers: readonly Attempt['onPaper'][] = [null, 'unresolved'];
const claims: readonly Attempt['claim'][] = [null, 'claimed before'];
const phasesOf: readonly PaymentPhases[] = ['one', 'two'];
const up = { kind: 'up' } as const;

function attemptWith(
  money: MoneyState,
  card: CardState,
  paper: PaperState,
  phases: PaymentPhases,
): Attempt {
  const means = testTerms.means.find((one) => one.phases === phases);
  if (means === undefined) throw new Error('the test terms lack a means of payment');
  const loadMark = card === 'none' ? null : marked;
  const proof = card === 'written' ? proved : null;
  return { ...freshAttempt, means, money, card, paper, loadMark, proof, loads: 1 };
}

/** Whether the session's own rules allow this attempt to exist. */
function isAllowed(attempt: Attempt): boolean {
  const session = recover([attempt], testTerms, momentAt(0));
  const event = { at: momentAt(1), fact: { kind: 'card-removed' } } as const;
  try {
    assertStep(session, event, { next: session, effects: [], closed: null });
    return true;
  } catch (error) {
    if (error instanceof BrokenInvariant) return false;
    throw error;
  }
}

/** A world in which everything works, with the books as they stand. */
class KindWorld {
  session: Session;
  last: Attempt;
  readonly orders: Effect['kind'][] = [];
  /** What was printed without the mark of a duplicate. */
  readonly originals: Receipt['kind'][] = [];
  /** What may have been on paper at the start. */
  readonly onPaper: Receipt['kind'] | null;
  #nowMs = 1;
  #payment: PaymentStatus;
  readonly #loaded: boolean;

  constructor(attempt: Attempt, payment: PaymentStatus, loaded: boolean) {
    this.last = attempt;
    this.#payment = payment;
    this.#loaded = loaded;
    this.session = recover([attempt], testTerms, momentAt(0));
    this.onPaper = this.session.open[0]?.onPaper ?? null;
    for (const device of ['reader', 'sam', 'printer'] as const) {
      this.tell(deviceTold(device, up));
    }
    for (const { id } of testTerms.means) {
      this.tell({ kind: 'terminal-changed', terminal: id, health: up });
    }
  }

  tell(fact: Fact): void {
    this.#nowMs += 1;
    const at = momentAt(this.#nowMs);
    const step = transition(this.session, { at, fact });
    this.session = step.next;
    const now = [
      ...('attempt' in step.next.state ? [step.next.state.attempt] : []),
      ...step.next.open,
      ...(step.closed === null ? [] : [step.closed]),
    ];
    this.last = now.find(({ reference }) => reference === this.last.reference) ?? this.last;
    show(this.session, at);
    for (const effect of step.effects) {
      this.orders.push(effect.kind);
      this.tell(this.#answer(effect));
    }
  }

  /** Let time pass until only a person can move the kiosk. */
  rest(): void {
    for (let turn = 0; turn < 100; turn += 1) {
      const deadlineMs = deadlineOf(this.session);
      if (deadlineMs === null) return;
      this.#nowMs = Math.max(this.#nowMs, deadlineMs);
      this.tell({ kind: 'deadline-passed' });
    }
    throw new Error(`never at rest: ${this.session.state.kind}`);
  }

  #answer(effect: Effect): AnswerFact {
    switch (effect.kind) {
      case 'inquire-payment':
        return {
          kind: 'payment-found',
          status: this.#payment,
          terminalReference: null,
          terminalReceipt: null,
        };
      case 'capture':
        if (this.last.means.phases === 'one') return { kind: 'capture-refused', detail: 'taken' };
        this.#payment = 'captured';
        return { kind: 'payment-captured' };
      case 'reverse':
        this.#payment = 'reversed';
        return { kind: 'payment-reversed' };
      case 'check-card':
        return this.#loaded ? { kind: 'load-found', proof: proved } : { kind: 'load-not-found' };
      case 'sign-claim':
        return { kind: 'claim-signed', claim: claimTextOf(effect.claim.reference) };
      case 'ready-printer':
        return { kind: 'printer-ready' };
      case 'print-receipt':
        if (effect.copy === 'original') this.originals.push(effect.receipt.kind);
        return { kind: 'receipt-printed' };
      case 'read-card':
        return {
          kind: 'card-read',
          card: freshCard,
        };
      default:
        throw new Error(`${effect.kind} is not an order that a start gives by itself`);
    }
  }

  get payment(): PaymentStatus {
    return this.#payment;
  }
}

/** Every state of the books that can stand behind such a row. */
function truthsOf({ money, card, means }: Attempt): readonly (readonly [PaymentStatus, boolean])[] {
  const held = means.phases === 'one' ? 'captured' : 'authorised';
  const loads = card === 'writing' ? [true, false] : [card === 'written'];
  const payments: Readonly<Record<MoneyState, readonly PaymentStatus[]>> = {
    none: ['none'],
    authorising: ['none', held, 'reversed'],
    authorised: [held],
    capturing: [held, 'captured'],
    captured: ['captured'],
    uncollected: ['none'],
    reversing: [held, 'reversed'],
    reversed: ['reversed'],
    declined: ['none'],
  };
  return payments[money].flatMap((payment) => loads.map((loaded) => [payment, loaded] as const));
}

const allowed = phasesOf.flatMap((phases) =>
  moneyStates.flatMap((money) =>
    cardStates.flatMap((card) =>
      paperStates
        .flatMap((paper) =>
          onPapers.flatMap((onPaper) =>
            claims.map((claim) => ({ ...attemptWith(money, card, paper, phases), onPaper, claim })),
          ),
        )
        .filter((attempt) => isAllowed(attempt)),
    ),
  ),
);

describe('whatever row the power cut left, the next start finishes it', () => {
  test('the rules allow as many rows as were counted by hand', () => {
    expect(allowed).toHaveLength(2 * 14 * 6 * 2 * 2);
  });

  test('with the money where the card says it belongs, at the latest when the card is back', () => {
    for (const attempt of allowed) {
      if (isSettled(attempt)) continue;
      for (const [payment, loaded] of truthsOf(attempt)) {
        const what = [attempt.money, attempt.card, attempt.means.phases, payment, loaded].join(' ');
        const world = new KindWorld(attempt, payment, loaded);
        world.rest();
        if (!isSettled(world.last)) {
          expect(world.last.card, what).toBe('writing');
          expect(world.session.state.kind, what).toBe('idle');
          expect(world.last.claim, what).toBe(attempt.claim ?? claimTextOf());
          world.tell({ kind: 'card-inserted' });
          world.rest();
          world.tell({ kind: 'card-removed' });
          world.rest();
        }
        expect(isSettled(world.last), what).toBe(true);
        expect(world.session.state.kind, what).toBe('idle');
        expect(world.session.open, what).toEqual([]);
        if (attempt.claim !== null) expect(world.last.claim, what).toBe(attempt.claim);
        const isTaken = world.payment === 'captured';
        expect(isTaken, what).toBe(loaded);
        expect(world.orders, what).not.toContain('credit-card');
        // Each slip once, and none that may be on paper already.
        expect(new Set(world.originals).size, what).toBe(world.originals.length);
        if (world.onPaper !== null) expect(world.originals, what).not.toContain(world.onPaper);
      }
    }
  });
});
