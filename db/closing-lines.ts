import type { Closing, Figure, SignedClosing } from './closing.ts';
import { outcomes } from './closing.ts';

/** What fits on paper of 80 mm and of 58 mm, in the printer's narrow font. */
const leastWidth = 32;

/**
 * A closing to be read or printed, in lines of at most `width` characters, all of them ASCII where `money` writes only that.
 * `money` writes an amount in minor units.
 */
export function closingLines(
  closing: Closing,
  signature: SignedClosing['signature'],
  width: number,
  money: (amountMinor: number) => string,
): readonly string[] {
  const columns = Math.max(width, leastWidth);
  const rule = '-'.repeat(columns);
  const { firstDay, lastDay, firstSeq, lastSeq, figures, open } = closing;
  const row = (what: string, count: number, amountMinor: number): string =>
    spread(`  ${what}`, `${String(count).padStart(5)} ${money(amountMinor).padStart(14)}`, columns);
  const means = [...new Set(figures.map((figure) => figure.means))];
  return [
    spread(
      `CLOSING ${closing.closing}`,
      firstDay === lastDay ? lastDay : `${firstDay} - ${lastDay}`,
      columns,
    ),
    spread('from', localTime(closing.fromMs), columns),
    spread('to', localTime(closing.toMs), columns),
    spread('rows', lastSeq < firstSeq ? 'none' : `${firstSeq} - ${lastSeq}`, columns),
    rule,
    ...(means.length === 0 ? ['no attempt ended'] : []),
    ...means.flatMap((each) => [
      each,
      ...figures
        .filter((figure) => figure.means === each)
        .map(({ outcome, count, sumMinor }) => row(outcome, count, sumMinor)),
    ]),
    ...totals(figures).map(([outcome, count, sum]) => row(`all ${outcome}`, count, sum)),
    rule,
    row(
      'open',
      open.length,
      open.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    ),
    ...open.map((each) =>
      spread(`  ${each.attempt} ${each.means}`, money(each.amountMinor), columns),
    ),
    rule,
    'last row',
    ...folded(closing.lastHash, columns),
    'signature (Ed25519)',
    ...folded(signature, columns),
  ];
}

/** Over all means of payment, where there are several. */
function totals(figures: readonly Figure[]): readonly (readonly [string, number, number])[] {
  if (new Set(figures.map(({ means }) => means)).size < 2) return [];
  return outcomes.flatMap((outcome) => {
    const ended = figures.filter((figure) => figure.outcome === outcome);
    if (ended.length === 0) return [];
    const count = ended.reduce((sum, figure) => sum + figure.count, 0);
    return [[outcome, count, ended.reduce((sum, figure) => sum + figure.sumMinor, 0)] as const];
  });
}

function spread(left: string, right: string, width: number): string {
  const room = width - right.length - 1;
  return `${left.slice(0, Math.max(room, 0)).padEnd(room)} ${right}`;
}

function folded(text: string, width: number): readonly string[] {
  return text.match(new RegExp(`.{1,${width - 2}}`, 'g'))?.map((part) => `  ${part}`) ?? [];
}

/** YYYY-MM-DD hh:mm:ss in the process's time zone (TZ). */
function localTime(wallMs: number): string {
  const date = new Date(wallMs);
  if (Number.isNaN(date.getTime())) return String(wallMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
