import type { Journal, JournalEntry } from '../../db/port.ts';
import type { PaymentAnswer, PaymentInQuestion } from '../../hardware/terminal/port.ts';
import { minorUnits } from '../../main/contract/money.ts';
import { transition } from '../../main/session/transition.ts';
import { reprintsBlindly, retriesBlindly, takesSilenceForNo } from '../session/mutants.ts';
import { proved } from '../support/attempt.ts';
import type { Planned } from './fate.ts';
import type { Mutant } from './mutant.ts';
import { over } from './over.ts';

type Decide = typeof transition;

/** A planted bug, and the story and fault by which the campaign finds it. */
export type Planted = {
  readonly bug: string;
  readonly mutant: Mutant;
  readonly flow: string;
  /** Whose cards: the name of a drawer. PBOC cards, where nothing is said. */
  readonly cards?: string;
  readonly fault: Planned;
};

const once = (kind: Planned['kind'], nth: Planned['nth']): Planned => ({
  kind,
  nth,
  lasting: false,
});

/** Decides as it should, but for one fact that it takes for another. */
const mistaking =
  (mistake: (...of: Parameters<Decide>) => Parameters<Decide>[1]['fact'] | null): Decide =>
  (session, event) => {
    const fact = mistake(session, event);
    return transition(session, fact === null ? event : { at: event.at, fact });
  };

const takesUnknownForProved = mistaking((_session, { fact }) =>
  fact.kind === 'credit-unknown' ? { kind: 'credit-proved', proof: proved } : null,
);

const takesAnyCard = mistaking((_session, { fact }) =>
  fact.kind === 'other-card-found' ? { kind: 'load-not-found' } : null,
);

const takesNoForYes = mistaking((_session, { fact }) =>
  fact.kind === 'reversal-refused' ? { kind: 'payment-reversed' } : null,
);

/** The money goes back when the card has not come back in time, loaded or not. */
const timesOutAtRisk: Decide = (session, event) => {
  const { state } = session;
  const isOver = state.kind === 'awaiting-card' && event.fact.kind === 'deadline-passed';
  if (!isOver || state.attempt.card !== 'writing') return transition(session, event);
  const attempt = { ...state.attempt, card: 'unwritten' } as const;
  return transition({ ...session, state: { ...state, attempt } }, event);
};

/** Who has got a claim is done with. */
const forgetsClaims: Decide = (session, event) => {
  const step = transition(session, event);
  const open = step.next.open.filter(({ claim }) => claim === null);
  return { ...step, next: { ...step.next, open } };
};

/** Takes the money when it orders the write. */
const capturesFirst: NonNullable<Mutant['ports']> = ({ cards, terminals, printer }) => {
  let take: () => Promise<unknown> = async () => {};
  return {
    printer,
    cards: over(cards, {
      credit: async () => {
        await take();
        return cards.credit();
      },
    }),
    terminals: terminals.map((terminal) =>
      over(terminal, {
        authorise: async (order) => {
          const answer = await terminal.authorise(order);
          if (answer.kind === 'done' && terminal.means.phases === 'two') {
            const { terminalReference } = answer;
            const payment: PaymentInQuestion = { order, terminalReference };
            take = () => terminal.capture(payment);
          }
          return answer;
        },
      }),
    ),
  };
};

/** A payment that is not answered is asked for once more. */
const asksTwice: NonNullable<Mutant['ports']> = (ports) => ({
  ...ports,
  terminals: ports.terminals.map((terminal) =>
    over(terminal, {
      authorise: async (order) => {
        const answer = await terminal.authorise(order);
        return answer.kind === 'unknown' ? terminal.authorise(order) : answer;
      },
    }),
  ),
});

/** An answer that came twice is taken for the next payment's, too. */
const countsTwice: NonNullable<Mutant['ports']> = (ports) => ({
  ...ports,
  terminals: ports.terminals.map((terminal) => {
    let again: PaymentAnswer | null = null;
    return over(terminal, {
      authorise: async (order) => {
        const answer = again ?? (await terminal.authorise(order));
        again = again === null && answer.kind === 'done' ? answer : null;
        return answer;
      },
    });
  }),
});

/** Says that money went back, and leaves it at that. */
const onlySaysPaidBack: NonNullable<Mutant['ports']> = (ports) => ({
  ...ports,
  terminals: ports.terminals.map((terminal) =>
    over(terminal, { reverse: async () => ({ kind: 'done' }) as const }),
  ),
});

/** What was sent to the printer is taken for printed. */
const takesSentForPrinted: NonNullable<Mutant['ports']> = (ports) => ({
  ...ports,
  printer: over(ports.printer, {
    print: async (order) => {
      await ports.printer.print(order);
      return { kind: 'printed' } as const;
    },
  }),
});

/** Looks at the balance alone, and not at how often the card was loaded. */
const trustsTheBalance: NonNullable<Mutant['ports']> = (ports) => ({
  ...ports,
  cards: over(ports.cards, {
    check: async (order, mark) => {
      const answer = await ports.cards.check(order, mark);
      const isAboutThisCard = answer.kind === 'loaded' || answer.kind === 'not-loaded';
      const read = isAboutThisCard ? await ports.cards.read() : null;
      if (read?.kind !== 'done') return answer;
      const balanceMinor = minorUnits(read.card.balanceMinor);
      if (balanceMinor < mark.beforeMinor + order.amountMinor) return { kind: 'not-loaded' };
      const { counter } = mark;
      return { kind: 'loaded', proof: { balanceMinor, counter, tac: null, by: 'card-log' } };
    },
  }),
});

/** A load that may have been written is written again, under the same reference. */
const writesAgain: NonNullable<Mutant['ports']> = (ports) => ({
  ...ports,
  cards: over(ports.cards, {
    check: async (order, mark) => {
      const prepared = await ports.cards.prepare(order);
      const answer = prepared.kind === 'done' ? await ports.cards.credit() : null;
      if (answer?.kind === 'done') return { kind: 'loaded', proof: answer.proof };
      return ports.cards.check(order, mark);
    },
  }),
});

/** Takes each question for a new load: a reference is authorised as often as it is asked for. */
const forgetsReferences: NonNullable<Mutant['sam']> = (sam) => {
  let asked = 0;
  return over(sam, {
    ask: (question) => {
      asked += 1;
      const { body } = question;
      if (!('reference' in body)) return sam.ask(question);
      return sam.ask({ ...question, body: { ...body, reference: `load ${asked}` } });
    },
  });
};

const forgetsAtRestart: NonNullable<Mutant['journal']> = (journal) =>
  over(journal, { unsettled: () => [] });

/** What is done is written down when there is time. */
const writesAfterwards: NonNullable<Mutant['journal']> = (journal, life) => {
  let owed: readonly JournalEntry[] = [];
  const write = (): void => {
    const entries = owed;
    owed = [];
    if (!life.isOver && entries.length > 0) journal.append(entries);
  };
  return over<Journal>(journal, {
    append: (entries) => {
      if (owed.length === 0) setImmediate(write);
      owed = [...owed, ...entries];
    },
  });
};

/** The kiosk's part of a bug that the load authority stops: with a SAM that does its own part the story ends well. */
export const stoppedBySam: Planted = {
  bug: 'a load that may have been written is written again',
  mutant: { ports: writesAgain },
  flow: 'put-back-loaded',
  fault: once('person-double-taps', 0),
};

/** Each is found by one story; without it the same story ends well. */
export const mutants: readonly Planted[] = [
  {
    bug: 'DESFire: the value is believed, and not the record',
    mutant: { ports: trustsTheBalance },
    flow: 'spent-meanwhile',
    cards: 'desfire-ev1',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'DESFire: a commit is taken for done, whatever became of its answer',
    mutant: { decide: takesUnknownForProved },
    flow: 'put-back-not-loaded',
    cards: 'desfire-ev2',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'DESFire: the credit is sent again after a lost commit',
    mutant: { ports: writesAgain },
    flow: 'put-back-loaded',
    cards: 'desfire-ev2',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'the SAM authorises one reference twice, though the counter has moved',
    mutant: { ports: writesAgain, sam: forgetsReferences },
    flow: 'put-back-loaded',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'the money is taken before the card holds the load',
    mutant: { ports: capturesFirst },
    flow: 'bank-card',
    fault: once('apdu-before', 'credit'),
  },
  {
    bug: 'a write without an answer is written again',
    mutant: { decide: retriesBlindly },
    flow: 'put-back-loaded',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'the balance is believed, and not the counter',
    mutant: { ports: trustsTheBalance },
    flow: 'spent-meanwhile',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'a start knows of no attempt',
    mutant: { journal: forgetsAtRestart },
    flow: 'bank-card',
    fault: once('kill-after-order', 'credit'),
  },
  {
    bug: 'the journal is written after the deed',
    mutant: { journal: writesAfterwards },
    flow: 'bank-card',
    fault: once('kill-after-order', 2),
  },
  {
    bug: 'another card answers for the one that was paid for',
    mutant: { decide: takesAnyCard },
    flow: 'other-card-first',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'silence is taken for a decline',
    mutant: { decide: takesSilenceForNo },
    flow: 'bank-card',
    fault: once('authorise-lost', 0),
  },
  {
    bug: '“done” is said before the card has proved it',
    mutant: { decide: takesUnknownForProved },
    flow: 'put-back-not-loaded',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'who has a claim is done with',
    mutant: { decide: forgetsClaims },
    flow: 'never-back',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'time runs out while the card may hold the load',
    mutant: { decide: timesOutAtRisk },
    flow: 'never-back',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'a payment without an answer is asked for again',
    mutant: { ports: asksTwice },
    flow: 'bank-card',
    fault: once('authorise-lost', 0),
  },
  {
    bug: 'an answer that comes twice is counted twice',
    mutant: { ports: countsTwice },
    flow: 'two-people',
    fault: once('authorise-duplicated', 0),
  },
  {
    bug: 'a refusal to give money back is taken for done',
    mutant: { decide: takesNoForYes },
    flow: 'two-people',
    fault: once('reverse-refused', 0),
  },
  {
    bug: 'money back is said, and not given',
    mutant: { ports: onlySaysPaidBack },
    flow: 'unfinished-paid-back',
    fault: once('person-double-taps', 0),
  },
  {
    bug: 'a slip that may have come is printed again, unmarked',
    mutant: { decide: reprintsBlindly },
    flow: 'bank-card',
    fault: once('print-power-off', 700),
  },
  {
    bug: 'what was sent to the printer is taken for printed',
    mutant: { ports: takesSentForPrinted },
    flow: 'bank-card',
    fault: once('print-power-off', 300),
  },
];
