import type { Command, CommandKind } from '../contract/command.ts';
import { answersOf } from './effect.ts';
import type { AnswerFact, Fact, FactKind, Moment } from './event.ts';
import type { Session, StateKind, StateOf, Step } from './session.ts';

/** What a state does with a fact: session and fact as they are, presence and health already brought up to date. */
export type Decide<K extends StateKind, F> = (
  session: Session,
  state: StateOf<K>,
  fact: F,
  at: Moment,
) => Step;

type FactOf<K extends FactKind> = Extract<Fact, { readonly kind: K }>;
type CommandOf<K extends CommandKind> = Extract<Command, { readonly kind: K }>;

/**
 * Everything that a state decides. Each fact is handled, ignored (it can come, and changes nothing here) or impossible (it
 * cannot come; if it does, the program is wrong and must stop). A command that is not listed is void: people tap anywhere.
 */
export type Decisions<K extends StateKind> = {
  readonly facts: {
    readonly [F in Exclude<FactKind, 'commanded'>]: Decide<K, FactOf<F>> | 'ignored' | 'impossible';
  };
  readonly commands: { readonly [C in CommandKind]?: Decide<K, CommandOf<C>> };
};

type AnswerKind = AnswerFact['kind'];

/** The start of a table for a state: no device has been asked, so no device can answer. */
export const noAnswers = {
  ...(Object.fromEntries(
    Object.values(answersOf)
      .flat()
      .map((kind) => [kind, 'impossible']),
  ) as Record<AnswerKind, 'impossible'>),
  // The stop of a payment is confirmed whenever the terminal has the time; the payment's own answer is what counts.
  'payment-cancel-sent': 'ignored',
} as const;

/** The start of a table for a state that waits for a device's answer: what the world does meanwhile is noted, and decides nothing. */
export const whileAsking = {
  ...noAnswers,
  'card-inserted': 'ignored',
  'card-removed': 'ignored',
  'device-changed': 'ignored',
  'terminal-changed': 'ignored',
  'deadline-passed': 'impossible',
} as const;
