import { z } from 'zod';
import { fromHex, toHex } from '../card/hex.ts';
import type { SamAnswer, SamApplet, SamBody } from './port.ts';

/** Bytes as the deeds of a family name them: hex text on the way. `length`: exactly so many. */
export function bytes(length?: number) {
  const digits = length === undefined ? '*' : `{${length}}`;
  return z.codec(
    z.string().regex(new RegExp(`^([0-9A-F]{2})${digits}$`), 'must be hex digits of that length'),
    z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    { decode: fromHex, encode: toHex },
  );
}

/** The fields of a question or an answer, and how they look as plain data. */
type Fields<Value> = z.ZodType<Value, SamBody>;

/** One thing that a family may ask of its load authority: what goes with the question, and what with the answer. */
export type Deed<Question, Answer> = {
  readonly name: string;
  /** See SamQuestion. */
  readonly repeatable: boolean;
  readonly question: Fields<Question>;
  readonly answer: Fields<Answer>;
};

/** A family's own load authority. Each answer comes in time, for a card waits in the reader meanwhile. */
export interface LoadAuthority {
  ask(deed: string, body: SamBody, repeatable: boolean): Promise<SamAnswer>;
}

export type DeedAnswer<Answer> =
  | { readonly kind: 'done'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly detail: string };

/** Put a question in the family's own words. An answer that is not one of that deed is a failure that says so. */
export async function ask<Question, Answer>(
  authority: LoadAuthority,
  deed: Deed<Question, Answer>,
  question: Question,
): Promise<DeedAnswer<Answer>> {
  const body = z.encode(deed.question, question);
  const answered = await authority.ask(deed.name, body, deed.repeatable);
  if (answered.kind === 'failed') return answered;
  const read = deed.answer.safeParse(answered.body);
  if (read.success) return { kind: 'done', answer: read.data };
  return {
    kind: 'failed',
    detail: `the SAM's answer to ${deed.name} is not one: ${whereOf(read)}`,
  };
}

/** The other side of one deed: given the question, makes the answer, or says why there is none. */
export type DeedHandler = {
  readonly name: string;
  answer(body: SamBody): Promise<SamAnswer>;
};

/** `answer` returns the answer's fields, or the detail of a failure. */
export function handle<Question, Answer>(
  deed: Deed<Question, Answer>,
  answer: (question: Question) => DeedAnswer<Answer> | Promise<DeedAnswer<Answer>>,
): DeedHandler {
  return {
    name: deed.name,
    async answer(body) {
      const read = deed.question.safeParse(body);
      if (!read.success) {
        return { kind: 'failed', detail: `${deed.name} was asked wrongly: ${whereOf(read)}` };
      }
      const made = await answer(read.data);
      if (made.kind === 'failed') return made;
      return { kind: 'done', body: z.encode(deed.answer, made.answer) };
    },
  };
}

/** All the deeds that a family asks for, together. */
export function appletOf(handlers: readonly DeedHandler[]): SamApplet {
  return {
    async answer(deed, body) {
      const handler = handlers.find(({ name }) => name === deed);
      if (handler === undefined) return { kind: 'failed', detail: `the SAM does not know ${deed}` };
      return handler.answer(body);
    },
  };
}

/** Which fields are wrong, and never what stands in them. */
function whereOf({ error }: { readonly error: z.ZodError }): string {
  return error.issues
    .map(({ path, code }) => `${path.length === 0 ? 'the whole' : path.join('.')} (${code})`)
    .join(', ');
}
