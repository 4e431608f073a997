import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InquireAnswer, PaymentInQuestion } from '../../../hardware/terminal/port.ts';
import type { AnswerFault, Person } from '../../../hardware/terminal/zvt/simulated-behaviour.ts';
import type { PaymentPhases, PaymentStatus } from '../../../main/contract/payment.ts';
import { Station } from './station.ts';

/** One person's visit, and what goes wrong in it. */
type Visit = {
  readonly amountMinor: number;
  readonly person: Person;
  readonly cancelAfterMs: number | null;
  readonly killAfterMs: number | null;
  /** What the kiosk wants in the end: the money, or the person's money back. */
  readonly settle: 'capture' | 'reverse' | 'capture-then-reverse';
  readonly faults: readonly ['capture' | 'reverse' | 'inquire', AnswerFault][];
  readonly repeat: boolean;
  readonly restart: boolean;
};

const person: fc.Arbitrary<Person> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Person>({ kind: 'approve' }) },
  fc.constantFrom<Person>(
    { kind: 'decline' },
    { kind: 'stop' },
    { kind: 'wait' },
    { kind: 'silent-after-approving' },
    { kind: 'line-drop-after-approving' },
    { kind: 'lost-completion' },
  ),
  fc.record({ kind: fc.constant('slow' as const), ms: fc.integer({ min: 1, max: 130_000 }) }),
);

const fault: fc.Arbitrary<AnswerFault> = fc.oneof(
  fc.constantFrom<AnswerFault>(
    { kind: 'none' },
    { kind: 'ignored' },
    { kind: 'lost' },
    { kind: 'duplicated' },
  ),
  fc.record({ kind: fc.constant('late' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
  fc.record({
    kind: fc.constant('refused' as const),
    code: fc.constantFrom(0xa0, 0xa3, 0xb5, 0x6b, 0xff),
  }),
);

const visit: fc.Arbitrary<Visit> = fc.record({
  amountMinor: fc.constantFrom(1000, 1000, 2000),
  person,
  cancelAfterMs: fc.option(fc.integer({ min: 0, max: 70_000 })),
  killAfterMs: fc.option(fc.integer({ min: 0, max: 70_000 })),
  settle: fc.constantFrom('capture', 'reverse', 'capture-then-reverse'),
  faults: fc.array(fc.tuple(fc.constantFrom('capture', 'reverse', 'inquire'), fault), {
    maxLength: 4,
  }),
  repeat: fc.boolean(),
  restart: fc.boolean(),
});

/** A kiosk that keeps only what a journal would, and compares every answer with the terminal's books. */
class Campaign {
  readonly #station: Station;
  #mine = 0;

  constructor(phases: PaymentPhases, declineBy: 'abort' | 'completion') {
    this.#station = new Station({ phases, declineBy, cardTimeoutMs: 60_000 });
  }

  /** The books' word on the visit under way: the entry that it added, if it did. */
  get #truth(): PaymentStatus {
    const entries = this.#station.terminal.books.slice(this.#mine);
    expect(entries.length, 'one visit, one payment at most').toBeLessThanOrEqual(1);
    const status = entries[0]?.status ?? 'none';
    return status === 'declined' ? 'none' : status;
  }

  async visit(visit: Visit): Promise<void> {
    const { terminal } = this.#station;
    this.#mine = terminal.books.length;
    const settled = terminal.books.map((entry) => entry.status);
    const mark = await this.#mark();
    const order = this.#station.order(mark, visit.amountMinor);
    terminal.present(visit.person, 'next');
    let payment: PaymentInQuestion = { order, terminalReference: null };
    const answer = await this.#authorise(payment, visit);
    if (answer?.kind === 'done') {
      expect(['authorised', 'captured']).toContain(this.#truth);
      payment = { order, terminalReference: answer.terminalReference };
    }
    if (answer?.kind === 'refused') expect(this.#truth).toBe('none');
    // The person's order was not taken up: it is not the next person's.
    terminal.present({ kind: 'approve' }, 'standing');
    for (const [group, what] of visit.faults) terminal.answer(group, what, 'next');
    if (visit.restart) this.#station.restart();
    let status: PaymentStatus = 'none';
    if (answer?.kind !== 'refused') {
      const found = await this.#findOut(payment);
      status = found.status;
      payment = { order, terminalReference: payment.terminalReference ?? found.terminalReference };
      if (status === 'authorised' || status === 'captured') await this.#settle(payment, visit);
    }
    for (const group of ['capture', 'reverse', 'inquire'] as const) {
      terminal.answer(group, { kind: 'none' });
    }
    // Nobody else's payment changed meanwhile.
    expect(terminal.books.slice(0, this.#mine).map((entry) => entry.status)).toEqual(settled);
  }

  async close(): Promise<void> {
    await this.#station.close();
  }

  async #mark(): Promise<string> {
    for (let tries = 0; tries < 60; tries += 1) {
      const opened = await this.#station.answer(this.#station.kiosk.open());
      if (opened.kind === 'done') return opened.mark;
      await this.#station.clock.advance(5_000);
    }
    throw new Error('the terminal never opened');
  }

  async #authorise(payment: PaymentInQuestion, visit: Visit) {
    const station = this.#station;
    const { kiosk } = station;
    let answer: Awaited<ReturnType<typeof kiosk.authorise>> | null = null;
    void kiosk.authorise(payment.order).then((value) => {
      if (station.kiosk === kiosk) answer = value;
    });
    if (visit.cancelAfterMs !== null)
      station.clock.after(visit.cancelAfterMs, () => kiosk.cancel());
    if (visit.killAfterMs !== null) {
      station.clock.after(visit.killAfterMs, () => {
        if (answer === null && station.kiosk === kiosk) station.restart();
      });
    }
    await station.clock.until(() => answer !== null || station.kiosk !== kiosk);
    return answer as Awaited<ReturnType<typeof kiosk.authorise>> | null;
  }

  /** Ask until the answer is definite. The faults end some time: then it must be. */
  async #findOut(payment: PaymentInQuestion): Promise<Extract<InquireAnswer, { kind: 'done' }>> {
    for (let tries = 0; tries < 30; tries += 1) {
      const found = await this.#station.answer(this.#station.kiosk.inquire(payment));
      if (found.kind === 'done') {
        // Where its last receipt was refused, the terminal's list alone tells: what was given back is not held, either.
        const isBack = found.status === 'none' && this.#truth === 'reversed';
        if (!isBack) expect(found.status).toBe(this.#truth);
        return found;
      }
      await this.#station.clock.advance(5_000);
    }
    throw new Error(`never found out: the books say ${this.#truth}`);
  }

  async #settle(payment: PaymentInQuestion, visit: Visit): Promise<void> {
    const deeds = visit.settle === 'capture-then-reverse' ? ['capture', 'reverse'] : [visit.settle];
    for (const deed of deeds as ('capture' | 'reverse')[]) {
      const wanted = deed === 'capture' ? 'captured' : 'reversed';
      if (deed === 'capture' && this.#truth === 'captured') continue;
      for (let tries = 0; tries < 30; tries += 1) {
        const answer = await this.#station.answer(this.#station.kiosk[deed](payment));
        if (answer.kind === 'done') {
          expect(this.#truth).toBe(wanted);
          break;
        }
        if (answer.kind === 'refused') expect(this.#truth).not.toBe(wanted);
        const found = await this.#findOut(payment);
        if (found.status === wanted) break;
        if (visit.restart) this.#station.restart();
      }
      expect(this.#truth).toBe(wanted);
      if (!visit.repeat) continue;
      // Once more, by somebody who does not know: it is done, and done once.
      const receipts = this.#station.terminal.memory.nextReceipt;
      const again = await this.#station.answer(this.#station.kiosk[deed](payment));
      if (again.kind === 'done') expect(this.#truth).toBe(wanted);
      expect(this.#station.terminal.memory.nextReceipt).toBe(receipts);
    }
  }
}

test('whatever people, cables and answers do, the kiosk never contradicts the terminal', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<PaymentPhases>('two', 'one'),
      fc.constantFrom('abort', 'completion'),
      fc.array(visit, { minLength: 1, maxLength: 6 }),
      async (phases, declineBy, visits) => {
        const campaign = new Campaign(phases, declineBy);
        for (const each of visits) await campaign.visit(each);
        await campaign.close();
      },
    ),
    { numRuns: Number(process.env.ZVT_RUNS ?? 150) },
  );
}, 120_000);
