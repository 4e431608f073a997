import { setTimeout as sleep } from 'node:timers/promises';

/** Let real time pass until it is so. Rejects after `limitMs`. */
export async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
  const since = performance.now();
  while (!condition()) {
    if (performance.now() - since > limitMs) throw new Error(`not within ${limitMs} ms`);
    await sleep(5);
  }
}
