import type { Command } from '../../main/contract/command.ts';
import { up } from '../../main/contract/device.ts';
import type { Screen } from '../../main/contract/view.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import type { Effect, EffectKind, LookUp } from '../../main/session/effect.ts';
import type { AnswerFact, Fact, Moment } from '../../main/session/event.ts';
import { recover } from '../../main/session/recover.ts';
import { attemptsOf, deadlineOf, type Session, type Terms } from '../../main/session/session.ts';
import { show } from '../../main/session/show.ts';
import { transition } from '../../main/session/transition.ts';
import { freshAttempt, momentAt } from '../support/attempt.ts';
import { deviceTold } from '../support/device-told.ts';
import { testTerms } from '../support/terms.ts';

/** What always answers an order. One that is not listed, or with null, waits until the test tells its answer. */
export type Answers = {
  readonly [order in EffectKind]?: AnswerFact | ((effect: Effect) => AnswerFact) | null;
};

/** How a claim reads in these tests. */
export function claimTextOf(reference: string = freshAttempt.reference): string {
  return `claim of ${reference}`;
}

/**
 * A session that is told facts, one after another, and remembers what it ordered. Its station signs claims and finds top-ups in
 * the journal by itself, unless the test answers for it.
 */
export class Told {
  session: Session;
  answers: Answers;
  nowMs = 0;
  readonly effects: Effect[] = [];
  /** The newest row of every attempt, as the journal would have it. */
  readonly journal = new Map<string, Attempt>();
  readonly #offMs: number;

  /** `offMs`: how long the process was away before. */
  constructor(session: Session, answers: Answers = {}, offMs = 0) {
    this.session = session;
    this.answers = answers;
    this.#offMs = offMs;
    this.#note(attemptsOf(session));
  }

  get at(): Moment {
    const at = momentAt(this.nowMs);
    const chance = this.nowMs.toString(16).padStart(10, '0');
    return { ...at, wallMs: at.wallMs + this.#offMs, chance };
  }

  tell(...facts: readonly Fact[]): this {
    for (const fact of facts) {
      this.nowMs += 1;
      const { next, effects, closed } = transition(this.session, { at: this.at, fact });
      this.session = next;
      this.#note([...attemptsOf(next), ...(closed === null ? [] : [closed])]);
      for (const effect of effects) {
        this.effects.push(effect);
        const answer = this.#answerTo(effect);
        if (answer !== null) this.tell(answer);
      }
    }
    return this;
  }

  tap(...commands: readonly Command[]): this {
    return this.tell(...commands.map((command) => ({ kind: 'commanded', command }) as const));
  }

  /** Let so much time pass, and each deadline in it. */
  wait(ms: number): this {
    const untilMs = this.nowMs + ms;
    for (let turn = 0; turn < 10_000; turn += 1) {
      const deadlineMs = deadlineOf(this.session);
      if (deadlineMs === null || deadlineMs > untilMs) break;
      this.nowMs = Math.max(this.nowMs, deadlineMs);
      this.tell({ kind: 'deadline-passed' });
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
    return this;
  }

  get orders(): readonly EffectKind[] {
    return this.effects.map(({ kind }) => kind);
  }

  /** What was ordered of the printer, in a word each. */
  get orderedCopies(): readonly string[] {
    return this.effects.flatMap((effect) => {
      if (effect.kind === 'print-receipt') return [`${effect.copy} ${effect.receipt.kind}`];
      return effect.kind === 'ready-printer' ? [effect.kind] : [];
    });
  }

  /** An attempt as the journal has it now. */
  row(reference: string = freshAttempt.reference): Attempt {
    const row = this.journal.get(reference);
    if (row === undefined) throw new Error(`nothing is known of ${reference}`);
    return row;
  }

  get view() {
    return show(this.session, this.at);
  }

  get screen(): Screen {
    return this.view.screen;
  }

  /** The newest top-up. */
  get last(): Attempt {
    const last = [...this.journal.values()].at(-1);
    if (last === undefined) throw new Error('nobody has paid yet');
    return last;
  }

  #note(attempts: readonly Attempt[]): void {
    for (const attempt of attempts) {
      if (attempt.money !== 'none') this.journal.set(attempt.reference, attempt);
    }
  }

  #answerTo(effect: Effect): AnswerFact | null {
    const answer = this.answers[effect.kind];
    if (answer !== undefined) return typeof answer === 'function' ? answer(effect) : answer;
    switch (effect.kind) {
      case 'sign-claim':
        return { kind: 'claim-signed', claim: claimTextOf(effect.claim.reference) };
      case 'look-up':
        return { kind: 'attempts-found', found: this.#found(effect.by) };
      default:
        return null;
    }
  }

  /** As main/runtime/records.ts finds them. */
  #found(by: LookUp): readonly Attempt[] {
    const isMeant = ({ cardNumber, profile, reference }: Attempt): boolean =>
      by.kind === 'card'
        ? cardNumber === by.number && profile === by.profile
        : reference === by.reference;
    return [...this.journal.values()].filter(isMeant).reverse().slice(0, 5);
  }
}

/** A start with what the journal holds unsettled: every device there, no card in the reader. */
export function restarted(
  left: readonly Attempt[],
  more: { readonly terms?: Terms; readonly answers?: Answers; readonly offMs?: number } = {},
): Told {
  const { terms = testTerms, answers = {}, offMs = 0 } = more;
  const at = momentAt(0);
  const session = recover(left, terms, { ...at, wallMs: at.wallMs + offMs });
  const told = new Told(session, answers, offMs);
  for (const device of ['sam', 'printer', 'reader'] as const) {
    told.tell(deviceTold(device, up));
  }
  for (const { id } of terms.means) {
    told.tell({ kind: 'terminal-changed', terminal: id, health: up });
  }
  return told;
}
