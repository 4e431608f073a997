import type { JournalEntry } from '../../db/port.ts';
import { entryOf } from '../../main/runtime/attempt-record.ts';
import type { Attempt } from '../../main/session/attempt.ts';
import { freshAttempt, marked, momentAt, proved } from '../support/attempt.ts';

/** What a top-up that goes well leaves in the journal, oldest first. */
export function topUpEntries(reference: string): readonly JournalEntry[] {
  const opened: Attempt = { ...freshAttempt, reference, money: 'authorising' };
  const paid: Attempt = {
    ...opened,
    money: 'authorised',
    terminalReference: '0042',
    terminalReceipt: '000042',
  };
  const prepared: Attempt = { ...paid, card: 'writing', loads: 1, loadMark: marked };
  const loaded: Attempt = { ...prepared, card: 'written', money: 'capturing', proof: proved };
  const captured: Attempt = { ...loaded, money: 'captured', paper: 'printing' };
  const printed: Attempt = { ...captured, paper: 'printed' };
  const at = momentAt(0);
  return [
    entryOf(opened, 'terminal-opened', at),
    entryOf(paid, 'payment-approved', at),
    entryOf(prepared, 'credit-prepared', at),
    entryOf(loaded, 'credit-proved', at),
    entryOf(captured, 'payment-captured', at),
    entryOf(printed, 'receipt-printed', at),
  ];
}

/** The steps of one top-up after the other, for ever. */
export function* steps(): Generator<JournalEntry, never> {
  for (let topUp = 1; ; topUp += 1) yield* topUpEntries(`BENCH-${topUp}`);
}
