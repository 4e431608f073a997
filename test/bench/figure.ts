import { median, quantile, type Rounds } from './rounds.ts';

/** One line of the table: what was measured, against what, and how far apart they may be. */
export type Figure = {
  readonly what: string;
  readonly unit: 'ms' | 'MiB';
  /** The medians. */
  readonly ours: number;
  readonly bare: number;
  readonly ratio: number;
  /** The ratios of single rounds: a quarter of them lies below the first, a quarter above the second. Null: one round. */
  readonly spread: readonly [number, number] | null;
  /** The most that the ratio may be. Null: for information. */
  readonly limit: number | null;
  /** How often it was measured until it was met, or given up. */
  readonly tries: number;
};

const mostTries = 3;

export function figureOf(
  what: string,
  { ours, bare }: Rounds,
  limit: number | null,
  unit: Figure['unit'] = 'ms',
): Figure {
  const ratios = ours.map((value, round) => value / (bare[round] ?? Number.NaN));
  return {
    what,
    unit,
    ours: median(ours),
    bare: median(bare),
    ratio: median(ours) / median(bare),
    spread: ratios.length > 1 ? [quantile(ratios, 0.25), quantile(ratios, 0.75)] : null,
    limit,
    tries: 1,
  };
}

/** Measure, and again where the limit was missed: whatever else runs on this machine can make one side slow, not thrice. */
export async function figureWithin(
  limit: number | null,
  what: string,
  measure: () => Promise<Rounds>,
): Promise<Figure> {
  for (let tries = 1; ; tries += 1) {
    const figure = figureOf(what, await measure(), limit);
    if (!isMissed(figure) || tries === mostTries) return { ...figure, tries };
  }
}

export function isMissed({ ratio, limit }: Figure): boolean {
  return limit !== null && !(ratio <= limit);
}

const columns = [84, 10, 10, 6, 14, 0] as const;

/** A table to read. `sides`: what the two columns of figures are. */
export function tableOf(
  heading: string,
  sides: readonly [string, string],
  figures: readonly Figure[],
): string {
  const head = row([heading, ...sides, 'ratio', 'half of them in', 'target']);
  const rows = figures.map((figure) => {
    const { what, unit, ours, bare, ratio, spread, limit, tries } = figure;
    const again = tries === 1 ? '' : ` (${tries} tries)`;
    const target = limit === null ? '' : `${isMissed(figure) ? '✗' : '✓'} ≤ ${limit}${again}`;
    return row([
      what,
      `${digits(ours)} ${unit}`,
      `${digits(bare)} ${unit}`,
      ratio.toFixed(3),
      spread === null ? '' : `${spread[0].toFixed(2)} – ${spread[1].toFixed(2)}`,
      target,
    ]);
  });
  return `${[head, ...rows].join('\n')}\n`;
}

function row([what = '', ...cells]: readonly string[]): string {
  const [first, ...rest] = columns;
  const padded = cells.map((cell, at) =>
    at === rest.length - 1 ? cell : cell.padStart(rest[at] ?? 0),
  );
  return [what.padEnd(first), ...padded].join('  ').trimEnd();
}

function digits(value: number): string {
  return value.toFixed(value < 100 ? 2 : 1);
}
