import {
  judgeWithoutProof,
  type LoadInQuestion,
  type LogTestimony,
} from '../../hardware/card/pboc/verdict.ts';
import type { PaymentStatus } from '../../main/contract/payment.ts';
import type { Attempt, CardState, MoneyState } from '../../main/session/attempt.ts';
import { withoutPrinter } from '../../main/session/paper.ts';
import { type Evidence, resolve } from '../../main/session/resolve.ts';
import { proved } from '../support/attempt.ts';
import { cardStates, moneyStates } from '../support/attempt-states.ts';
import { attemptIn, deeds, table, trays, trayWords } from './explore-outcomes.ts';

const asBefore = 'as before';

/** What becomes of one field; bold where it changes. */
function change<K extends 'money' | 'card' | 'paper'>(
  attempt: Attempt,
  evidence: Evidence,
  field: K,
): string {
  const after = resolve(attempt, evidence).attempt[field];
  return after === attempt[field] ? asBefore : `**${after}**`;
}

function payment(status: PaymentStatus): Evidence {
  return { kind: 'payment', status, terminalReference: null, terminalReceipt: null };
}

/** The card as it is while the money is so. */
const cardWith: Readonly<Partial<Record<MoneyState, CardState>>> = {
  capturing: 'written',
  captured: 'written',
  uncollected: 'written',
};

/** money × what the terminal says of it → money. Those that nothing changes share a row. */
export function paymentEvidence(): string {
  const evidences = [
    ...(['none', 'authorised', 'captured', 'reversed', 'closed'] as const).map(payment),
    { kind: 'capture-given-up' } as const,
  ];
  const rows = moneyStates.map((money) => {
    const attempt = attemptIn(money, cardWith[money] ?? 'none');
    return { money, cells: evidences.map((evidence) => change(attempt, evidence, 'money')) };
  });
  const isDeaf = ({ cells }: (typeof rows)[number]) => cells.every((cell) => cell === asBefore);
  return table(
    [
      'money',
      '“none”',
      '“authorised”',
      '“captured”',
      '“reversed”',
      '“closed”',
      'will never capture',
    ],
    [
      ...rows.filter((row) => !isDeaf(row)).map(({ money, cells }) => [money, ...cells]),
      [
        rows
          .filter(isDeaf)
          .map(({ money }) => money)
          .join(', '),
        ...evidences.map(() => asBefore),
      ],
    ],
  );
}

/** card × what the card has proved → card, and what is done then with a terminal of two phases or one. */
export function loadEvidence(): string {
  const proofs = [proved, null].map((proof): Evidence => ({ kind: 'load', proof }));
  const rows = cardStates.map((card) => {
    const attempt = attemptIn(card === 'written' ? 'captured' : 'authorised', card);
    const single = { ...attempt, means: { ...attempt.means, phases: 'one' } as const };
    const cells = proofs.flatMap((evidence) => {
      const after = change(attempt, evidence, 'card');
      if (after === asBefore) return [after, ''];
      const [two, one] = [attempt, single].map((each) => deeds[resolve(each, evidence).deed]);
      return [after, two === one ? `${two}` : `${two}; paid at once: ${one}`];
    });
    return [card, ...cells];
  });
  return table(['card', 'it has the load', 'then', 'it has it not', 'then'], rows);
}

const load: LoadInQuestion = {
  purse: 'ep',
  amount: 5_000,
  terminal: '000001000050',
  dateTime: '20260302080000',
  balanceBefore: 3_620,
  counterBefore: 7,
};

const testimonies: Readonly<Record<Exclude<LogTestimony, 'ours'>, string>> = {
  silent: 'nothing of it',
  anothers: 'another transaction where it would be',
  contradicts: 'it, with a counter that cannot be',
};

/** Log × counter and balance → what the card has proved, where there is neither a transaction proof nor a row of this load. */
export function cardVerdicts(): string {
  const books = [
    { balance: load.balanceBefore, counter: load.counterBefore },
    { balance: load.balanceBefore + 1, counter: load.counterBefore },
    { balance: load.balanceBefore, counter: load.counterBefore + 1 },
    { balance: load.balanceBefore, counter: load.counterBefore - 1 },
    { balance: load.balanceBefore, counter: null },
  ];
  const rows = Object.entries(testimonies).map(([log, words]) => [
    words,
    ...books.map(({ balance, counter }) => {
      const testimony = log as keyof typeof testimonies;
      const { kind } = judgeWithoutProof(load, testimony, balance, counter);
      return kind === 'not-loaded' ? '**not loaded**' : 'undecided';
    }),
  ]);
  return table(
    [
      'the log has',
      'counter as before, balance not more',
      'counter as before, balance more',
      'counter higher',
      'counter lower',
      'counter not told',
    ],
    rows,
  );
}

/** A slip under way × what the printer says → where the slip is. `met`: "paper tray". */
export function paperEvidence(met: ReadonlySet<string>): string {
  const rows = (['queued', 'printing'] as const).flatMap((paper) =>
    (['nothing', 'earlier', 'same'] as const).flatMap((tray) => {
      if (!met.has(`${paper} ${tray}`)) return [];
      const attempt = { ...attemptIn('captured', 'written'), paper, onPaper: trays[tray] };
      const cells = (['printed', 'not-printed', 'maybe-printed'] as const).map((answer) =>
        // Nothing has left yet: the printer can only refuse.
        paper === 'queued' && answer !== 'not-printed'
          ? ''
          : change(attempt, { kind: 'slip', paper: answer }, 'paper'),
      );
      return [[paper, trayWords[tray], ...cells, `**${withoutPrinter(attempt).paper}**`]];
    }),
  );
  return table(
    [
      'paper',
      'in the tray may be',
      'confirmed',
      'not printed, or not ready',
      'no answer',
      'a restart',
    ],
    rows,
  );
}
