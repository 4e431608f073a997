import { z } from 'zod';
import { type JournalEntry, JournalFault, type JournalRow } from '../../db/port.ts';
import { languages } from '../contract/language.ts';
import { minorUnits } from '../contract/money.ts';
import type { Attempt } from '../session/attempt.ts';
import type { Moment } from '../session/event.ts';
import { slipKind } from '../session/paper.ts';
import { isSettled } from '../session/resolve.ts';

const money = z.int().transform(minorUnits);

/** An attempt as the journal keeps it. Strict: a row that this program did not write is an error, not a guess. */
const record = z.strictObject({
  reference: z.string().min(1),
  openedWallMs: z.number(),
  language: z.enum(languages),
  cardNumber: z.string().min(1),
  profile: z.string(),
  amountMinor: money,
  means: z.strictObject({
    id: z.string(),
    kind: z.enum(['bank-card', 'mobile']),
    phases: z.enum(['one', 'two']),
  }),
  receiptWanted: z.boolean(),
  terminalId: z.string().regex(/^[0-9A-Fa-f]{12}$/),
  money: z.enum([
    'none',
    'authorising',
    'authorised',
    'capturing',
    'captured',
    'uncollected',
    'reversing',
    'reversed',
    'declined',
  ]),
  card: z.enum(['none', 'writing', 'written', 'unwritten']),
  paper: z.enum(['none', 'queued', 'printing', 'printed', 'not-printed', 'maybe-printed']),
  // Rows written before slips could be printed again lack it.
  onPaper: z.enum(['top-up', 'paid-back', 'unresolved']).nullable().optional(),
  // Rows written before copies were counted lack it.
  copies: z.int().min(0).default(0),
  terminalMark: z.string(),
  terminalReference: z.string().nullable(),
  terminalReceipt: z.string().nullable(),
  loads: z.int(),
  loadTime: z.string(),
  loadMark: z.strictObject({ beforeMinor: money, counter: z.int() }).nullable(),
  proof: z
    .strictObject({
      balanceMinor: money,
      counter: z.int(),
      tac: z.string().nullable(),
      by: z.enum(['tac', 'transaction-proof', 'card-log']),
    })
    .nullable(),
  // Rows written before there were claims lack it.
  claim: z.string().nullable().default(null),
});

/** What may be on paper by a row that does not say: the slip that fits its outcome, so that no second original is printed. */
function formerlyOnPaper(row: Omit<Attempt, 'onPaper'>): Attempt['onPaper'] {
  return row.paper === 'printed' || row.paper === 'maybe-printed' ? slipKind(row) : null;
}

/** The journal's entry for an attempt after a step. */
export function entryOf(attempt: Attempt, kind: string, at: Moment): JournalEntry {
  return {
    wallMs: at.wallMs,
    kind,
    attempt: attempt.reference,
    settled: isSettled(attempt),
    body: JSON.stringify(attempt),
  };
}

/** A journal row holds something that is no attempt of this program: no money is taken until somebody has looked at it. */
export class UnreadableAttempt extends JournalFault {
  constructor(row: JournalRow, problem: string) {
    super(
      'corrupt',
      `journal row ${row.seq} (${row.attempt}) cannot be understood: ${problem}. ` +
        'Was it written by a newer version? Keep the file and call the operator.',
    );
    this.name = 'UnreadableAttempt';
  }
}

/** The attempt in a journal row. Throws UnreadableAttempt, naming the row. */
export function attemptOf(row: JournalRow): Attempt {
  let body: unknown;
  try {
    body = JSON.parse(row.body);
  } catch {
    throw new UnreadableAttempt(row, 'its body is not JSON');
  }
  const parsed = record.safeParse(body);
  if (parsed.success) {
    const { onPaper, ...row } = parsed.data;
    return { ...row, onPaper: onPaper === undefined ? formerlyOnPaper(row) : onPaper };
  }
  const issue = parsed.error.issues[0];
  throw new UnreadableAttempt(row, `${issue?.path.join('.')}: ${issue?.message}`);
}

/** The attempt in the row of one that is settled. Null: another version of this program wrote it. */
export function settledAttemptOf(row: JournalRow): Attempt | null {
  try {
    return attemptOf(row);
  } catch (error) {
    if (error instanceof UnreadableAttempt) return null;
    throw error;
  }
}
