import { z } from 'zod';
import type { Answer } from '../contract/channel.ts';
import type { Command } from '../contract/command.ts';
import { languages } from '../contract/language.ts';
import { minorUnits } from '../contract/money.ts';

/** As it is printed. */
const reference = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);

const command = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('choose-language'), language: z.enum(languages) }),
  z.strictObject({ kind: z.literal('begin-top-up') }),
  z.strictObject({
    kind: z.literal('choose-amount'),
    amountMinor: z.int().positive().transform(minorUnits),
  }),
  z.strictObject({ kind: z.literal('want-receipt'), wanted: z.boolean() }),
  z.strictObject({ kind: z.literal('confirm') }),
  z.strictObject({ kind: z.literal('choose-means'), means: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('back') }),
  z.strictObject({ kind: z.literal('cancel') }),
  z.strictObject({ kind: z.literal('retry') }),
  z.strictObject({ kind: z.literal('more-time') }),
  z.strictObject({ kind: z.literal('print-again') }),
  z.strictObject({ kind: z.literal('find-money') }),
  z.strictObject({ kind: z.literal('look-up'), reference }),
  z.strictObject({ kind: z.literal('print-slip'), reference }),
  z.strictObject({ kind: z.literal('settle'), reference }),
  z.strictObject({ kind: z.literal('finish-top-up') }),
  z.strictObject({ kind: z.literal('pay-back') }),
  z.strictObject({ kind: z.literal('finish') }),
]) satisfies z.ZodType<Command>;

const answer = z.strictObject({ seq: z.int().nonnegative(), command });

export type AnswerCheck =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** `problem` names the field and what is wrong with it. It never repeats what was sent. */
  | { readonly kind: 'malformed'; readonly problem: string };

/** Whatever came from the renderer, checked. Nothing of it is trusted before. */
export function checkAnswer(message: unknown): AnswerCheck {
  const parsed = answer.safeParse(message);
  if (parsed.success) return { kind: 'answer', answer: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? 'message' : issue.path.join('.');
  return { kind: 'malformed', problem: `${field}: ${issue?.message ?? 'not an answer'}` };
}
