import type { Receipt } from '../contract/receipt.ts';
import type { Attempt, PaperState } from './attempt.ts';

/** What a slip about this attempt says, as far as its outcome is known. */
export function slipKind({ card, money }: Pick<Attempt, 'card' | 'money'>): Receipt['kind'] {
  if (card === 'written') return 'top-up';
  return money === 'reversed' ? 'paid-back' : 'unresolved';
}

/** What the next slip of this attempt is: an original only where none like it can be on paper. */
export function nextCopy(attempt: Attempt): 'original' | 'duplicate' {
  return attempt.onPaper === slipKind(attempt) ? 'duplicate' : 'original';
}

/** So many duplicates of one slip can be had: enough for who lost it, and no way to empty the roll. */
export const copiesMax = 3;

/** Whether the next slip of this attempt may be printed, for whoever asks. */
export function isCopyLeft(attempt: Attempt): boolean {
  return nextCopy(attempt) === 'original' || attempt.copies < copiesMax;
}

/** Whether the printer owes an answer. Paper that is coming is waited for. */
export function isPaperComing({ paper }: Attempt): boolean {
  return paper === 'queued' || paper === 'printing';
}

/** The attempt once it is known, or known never to be known, what became of the slip that was under way. */
export function withPaper(
  attempt: Attempt,
  paper: Extract<PaperState, 'printed' | 'not-printed' | 'maybe-printed'>,
): Attempt {
  if (paper !== 'not-printed') {
    const copies = nextCopy(attempt) === 'duplicate' ? attempt.copies + 1 : 0;
    return { ...attempt, paper, onPaper: slipKind(attempt), copies };
  }
  // That the copy did not come says nothing of the one before it.
  return { ...attempt, paper: nextCopy(attempt) === 'duplicate' ? 'maybe-printed' : paper };
}

/** What a start makes of paper that was under way: what was queued never left the process, what was being printed may lie in the tray. */
export function withoutPrinter(attempt: Attempt): Attempt {
  if (attempt.paper === 'queued') return withPaper(attempt, 'not-printed');
  return attempt.paper === 'printing' ? withPaper(attempt, 'maybe-printed') : attempt;
}
