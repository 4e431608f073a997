import type { Log } from '../../main/runtime/log.ts';

/** A log that keeps its warnings and worse, for a test to look at. */
export function quietLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (...words: unknown[]): void => {
    lines.push(
      words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' '),
    );
  };
  return { lines, debug() {}, info() {}, warn: keep, error: keep, fatal: keep };
}
