/** What the two sides of a comparison took, round by round; units are the caller's. */
export type Rounds = { readonly ours: readonly number[]; readonly bare: readonly number[] };

/**
 * Have the two sides take their turns, first one and then the other ahead, so that whatever else the machine does hits
 * both. Each answers what it took. The first rounds, in which everything is still cold, are not counted.
 */
export async function inTurn(
  rounds: number,
  sides: { readonly ours: () => Promise<number>; readonly bare: () => Promise<number> },
): Promise<Rounds> {
  const ours: number[] = [];
  const bare: number[] = [];
  const coldRounds = Math.ceil(rounds / 10);
  for (let round = -coldRounds; round < rounds; round += 1) {
    const isOursAhead = round % 2 === 0;
    const bareAhead = isOursAhead ? null : await sides.bare();
    const oursTook = await sides.ours();
    const bareTook = bareAhead ?? (await sides.bare());
    if (round < 0) continue;
    ours.push(oursTook);
    bare.push(bareTook);
  }
  return { ours, bare };
}

/** Milliseconds. */
export async function timed(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** `share` 0.25: a quarter of the values are below. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
