import { type Journal, type JournalRow, noAttempt } from '../../db/port.ts';
import type { PaperLines, ReceiptPrinter } from '../../hardware/printer/port.ts';
import type { Clock } from '../contract/clock.ts';
import type { PaperState } from '../session/attempt.ts';
import type { Log } from './log.ts';

/** A closing as it goes on paper. */
export type ClosingSlip = {
  readonly lines: PaperLines;
  /** What to type to see it where it was not printed. */
  readonly orType: string;
};

export type ClosingPress = {
  readonly printer: ReceiptPrinter;
  readonly journal: Pick<Journal, 'append'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the journal is no longer this process's to write. */
  readonly isOver: () => boolean;
};

/** Kinds of the journal's rows about a closing's slip: before its first byte, and once it is confirmed. */
const begun = 'closing-printing';
const done = 'closing-printed';

/**
 * Print a closing, once, whatever becomes of it: it is in the journal in any case. Rejects with JournalFault where the
 * journal cannot be told.
 */
export async function printClosing(slip: ClosingSlip, press: ClosingPress): Promise<void> {
  const { printer, journal, clock, log, isOver } = press;
  const note = (kind: string): void =>
    journal.append([
      { wallMs: clock.wallMs(), kind, attempt: noAttempt, settled: true, body: '{}' },
    ]);
  const ready = await printer.ready();
  if (isOver()) return;
  if (ready.kind === 'not-ready') {
    log.warn({ fault: ready.fault }, `the closing was not printed; to see it: ${slip.orType}`);
    return;
  }
  note(begun);
  const answer = await printer.printLines(slip.lines);
  if (answer.kind !== 'printed') {
    const { kind, fault } = answer;
    const what = kind === 'unknown' ? 'may not be whole on paper' : 'was not printed';
    log.warn({ fault }, `the closing ${what}; to see it: ${slip.orType}`);
  } else if (!isOver()) {
    note(done);
    log.info({}, 'the closing is printed');
  }
}

/** What a row that is of no attempt says of a closing's slip, in the words of a receipt's; null: nothing. */
export function closingPaperOf({ kind }: JournalRow): PaperState | null {
  if (kind === begun) return 'printing';
  return kind === done ? 'printed' : null;
}
