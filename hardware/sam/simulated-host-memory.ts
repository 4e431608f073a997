import type { SamAnswer } from './port.ts';
import type { StationMessage } from './remote-message.ts';

export type HostQuestion = Extract<StationMessage, { readonly type: 'question' }>;

/** So many questions are remembered, of all stations together. */
const rememberedQuestions = 10_000;

/** What was asked and answered. A repeatable question that comes again is answered the same; any other is not asked again. */
export class HostMemory {
  readonly #asked = new Map<
    string,
    { readonly question: string; readonly answer: Promise<SamAnswer> }
  >();

  answer(
    station: string,
    question: HostQuestion,
    ask: () => Promise<SamAnswer>,
  ): Promise<SamAnswer> {
    const place = `${station} ${question.id}`;
    const text = JSON.stringify(question);
    const earlier = this.#asked.get(place);
    if (earlier === undefined) {
      const answer = ask();
      this.#asked.set(place, { question: text, answer });
      for (const oldest of this.#asked.keys()) {
        if (this.#asked.size <= rememberedQuestions) break;
        this.#asked.delete(oldest);
      }
      return answer;
    }
    if (earlier.question !== text) return failed('another question was asked under this id before');
    if (!question.repeatable) return failed(`${question.deed} is asked once, and it was`);
    return earlier.answer;
  }
}

async function failed(detail: string): Promise<SamAnswer> {
  return { kind: 'failed', detail };
}
