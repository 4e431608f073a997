import type { Clock } from '../contract/clock.ts';

/** How soon after midnight, or after the last person has gone, the books are closed. */
const lookMs = 30_000;

/** Have something done again and again while nobody is there; it looks itself whether it is due. The answer stops it. */
export function whenQuiet(clock: Clock, isQuiet: () => boolean, deed: () => void): () => void {
  let cancel = clock.after(lookMs, look);
  function look(): void {
    cancel = clock.after(lookMs, look);
    if (isQuiet()) deed();
  }
  return () => cancel();
}
