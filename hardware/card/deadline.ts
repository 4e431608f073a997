import type { Clock } from '../../main/contract/clock.ts';

/**
 * The answer of `work`, or that of `late` once `deadlineMs` have passed. Work that comes late is handed to `discard`, so
 * that what it opened can be closed.
 */
export function within<T>(
  clock: Clock,
  deadlineMs: number,
  work: Promise<T>,
  late: () => T,
  discard: (tooLate: T) => void = () => {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    let passed = false;
    const cancel = clock.after(deadlineMs, () => {
      passed = true;
      resolve(late());
    });
    work.then((answer) => {
      if (passed) return discard(answer);
      cancel();
      resolve(answer);
    }, reject);
  });
}
