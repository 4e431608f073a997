import type { Closing, Figure, SignedClosing } from './closing.ts';
import { outcomes } from './closing.ts';

/** Paper of 58 mm. */
const leastWidth = 32;

/**
 * A closing to be read or printed, in lines of at most `width` characters, all of them ASCII where `money` writes only that.
 * `money` writes an amount in minor units; `about`: what else there is to say, in pairs.
 */
export function closingLines(
  closing: Closing,
  signature: SignedClosing['signature'],
  width: number,
  money: (amountMinor: number) => string,
  about: readonly (readonly [string, string])[] = [],
): readonly string[] {
  const columns = Math.max(width, leastWidth);
  const rule = '-'.repeat(columns);
  const { firstDay, lastDay, firstSeq, lastSeq, figures, open } = closing;
  const row = (what: string, count: number, amountMinor: number): readonly string[] =>
    spread(`  ${what}`, `${String(count).padStart(5)} ${money(amountMinor).padStart(12)}`, columns);
  const means = [...new Set(figures.map((figure) => figure.means))];
  return [
    ...spread(
      `CLOSING ${closing.closing}`,
      firstDay === lastDay ? lastDay : `${firstDay} - ${lastDay}`,
      columns,
    ),
    ...about.flatMap(([what, value]) => spread(what, value, columns)),
    ...spread('from', localTime(closing.fromMs), columns),
    ...spread('to', localTime(closing.toMs), columns),
    ...spread('rows', lastSeq < firstSeq ? 'none' : `${firstSeq} - ${lastSeq}`, columns),
    rule,
    ...(means.length === 0 ? ['no attempt ended'] : []),
    ...means.flatMap((each) => [
      each,
      ...figures
        .filter((figure) => figure.means === each)
        .flatMap(({ outcome, count, sumMinor }) => row(outcome, count, sumMinor)),
    ]),
    ...(means.length < 2
      ? []
      : ['all means of payment', ...totals(figures).flatMap((total) => row(...total))]),
    rule,
    ...row(
      'open',
      open.length,
      open.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    ),
    ...open.flatMap((each) =>
      spread(`  ${each.attempt} ${each.means}`, money(each.amountMinor), columns),
    ),
    rule,
    'last row',
    ...folded(closing.lastHash, columns),
    'signature (Ed25519)',
    ...folded(signature, columns),
  ];
}

/** Over all means of payment. */
function totals(figures: readonly Figure[]): readonly (readonly [string, number, number])[] {
  return outcomes.flatMap((outcome) => {
    const ended = figures.filter((figure) => figure.outcome === outcome);
    if (ended.length === 0) return [];
    const count = ended.reduce((sum, figure) => sum + figure.count, 0);
    return [[outcome, count, ended.reduce((sum, figure) => sum + figure.sumMinor, 0)] as const];
  });
}

/** On one line where it fits; nothing is ever cut. */
function spread(left: string, right: string, width: number): readonly string[] {
  const room = width - right.length;
  if (left.length < room) return [left.padEnd(room) + right];
  return [...pieces(left, width), ...pieces(right, width).map((piece) => piece.padStart(width))];
}

function folded(text: string, width: number): readonly string[] {
  return pieces(text, width - 2).map((piece) => `  ${piece}`);
}

function pieces(text: string, width: number): readonly string[] {
  return text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
}

/** YYYY-MM-DD hh:mm:ss in the process's time zone (TZ). */
function localTime(wallMs: number): string {
  const date = new Date(wallMs);
  if (Number.isNaN(date.getTime())) return String(wallMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
