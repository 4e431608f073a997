import type { Move } from './explore-moves.ts';

/** Which places lead where, one number each, in the order in which the edges were found. */
export class Edges {
  readonly from: number[] = [];
  readonly to: number[] = [];

  add(from: number, to: number): void {
    this.from.push(from);
    this.to.push(to);
  }
}

const silent: readonly Move['fact'][] = [
  'payment-unknown',
  'capture-unknown',
  'reversal-unknown',
  'inquiry-unanswered',
  'time-and-again',
];

/** What a terminal says, and a card that is put in. */
const help: readonly Move['fact'][] = [
  'card-inserted',
  'payment-approved',
  'payment-declined',
  'payment-captured',
  'capture-refused',
  'payment-reversed',
  'reversal-refused',
  'payment-found',
];

/** Whether this can happen where no card comes back and no terminal answers any more. */
export function isForsaken({ fact, kind }: Move): boolean {
  return silent.includes(fact) || (kind === 'well' && !help.includes(fact));
}

/** Backwards from the goals over the edges: the first place, if any, from which none of them can be reached. */
export function firstWithoutWay(
  size: number,
  { from, to }: Readonly<Edges>,
  goals: readonly number[],
): number | null {
  const starts = new Int32Array(size + 1);
  for (const target of to) starts[target + 1] = (starts[target + 1] ?? 0) + 1;
  for (let n = 0; n < size; n += 1) starts[n + 1] = (starts[n + 1] ?? 0) + (starts[n] ?? 0);
  const filled = starts.slice(0, size);
  const sources = new Int32Array(from.length);
  from.forEach((source, edge) => {
    const target = to[edge] ?? 0;
    const place = filled[target] ?? 0;
    sources[place] = source;
    filled[target] = place + 1;
  });
  const reached = new Uint8Array(size);
  const queue = [...goals];
  for (const goal of goals) reached[goal] = 1;
  for (let target = queue.pop(); target !== undefined; target = queue.pop()) {
    for (let n = starts[target] ?? 0; n < (starts[target + 1] ?? 0); n += 1) {
      const source = sources[n] ?? 0;
      if (reached[source] === 1) continue;
      reached[source] = 1;
      queue.push(source);
    }
  }
  const lost = reached.indexOf(0);
  return lost < 0 ? null : lost;
}
