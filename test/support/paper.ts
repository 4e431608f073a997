import { type Slip, slipLines } from '../../hardware/printer/simulated-roll.ts';
import { receiptWords } from '../../hardware/printer/words.ts';
import type { Receipt } from '../../main/contract/receipt.ts';

/** What is on a piece of paper, for somebody who has nothing else to go by. */
export type Print = {
  readonly kind: Receipt['kind'];
  /** Null, and so the amount: torn off above it. */
  readonly reference: string | null;
  readonly amountMinor: number | null;
  readonly isDuplicate: boolean;
};

/** What an auditor makes of the paper in the tray. */
type PaperAudit = {
  readonly slips: number;
  readonly duplicates: number;
  /** Of which attempts somebody holds a whole slip, by reference. */
  readonly references: ReadonlySet<string>;
  /** In words, what should not be. */
  readonly faults: readonly string[];
};

const titles = new Map<string, Receipt['kind']>();
const marks = new Set<string>();
for (const { title, duplicate } of Object.values(receiptWords)) {
  for (const kind of ['top-up', 'paid-back', 'unresolved'] as const) titles.set(title[kind], kind);
  marks.add(duplicate);
}

/** All that is on a piece of paper: where a process died, the next receipt hangs on what was left of the last. */
export function printsOn(slip: Slip): readonly Print[] {
  const prints: { -readonly [K in keyof Print]: Print[K] }[] = [];
  for (const line of slipLines(slip)) {
    const text = line.trim();
    const kind = titles.get(text);
    if (kind !== undefined) {
      prints.push({ kind, reference: null, amountMinor: null, isDuplicate: false });
    }
    const print = prints.at(-1);
    if (print === undefined) continue;
    if (marks.has(text)) print.isDuplicate = true;
    // The first sum on a slip is the one that it is about.
    print.amountMinor ??= minorOf(/[￥¥] ?([\d,]+\.\d\d)/.exec(text)?.[1]);
    print.reference ??= /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/.exec(text)?.[0] ?? null;
  }
  return prints;
}

/** "1,234.50" is 123450. */
function minorOf(sum: string | undefined): number | null {
  return sum === undefined ? null : Number(sum.replace(/[,.]/g, ''));
}

/** An attempt ends in one receipt, and may have had a slip before that says it is unresolved. Whatever comes twice is marked. */
export function auditPaper(prints: readonly Print[]): PaperAudit {
  const originals = new Set<string>();
  const faults: string[] = [];
  const references = new Set<string>();
  let duplicates = 0;
  for (const { kind, reference, isDuplicate } of prints) {
    if (isDuplicate) duplicates += 1;
    if (reference !== null) references.add(reference);
    // Torn off above its number: nobody can claim anything with it.
    if (isDuplicate || reference === null) continue;
    const name = `${kind === 'unresolved' ? 'unresolved slip' : 'receipt'} of ${reference}`;
    if (originals.has(name)) faults.push(`the ${name} was printed twice, the second time unmarked`);
    originals.add(name);
  }
  return { slips: originals.size + duplicates, duplicates, references, faults };
}
