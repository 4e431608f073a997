import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { addTallies, emptyTally, type Tally } from './tally.ts';
import type { Task } from './tasks.ts';

/** A visit leaves much rubbish and keeps nothing: the less often it is swept, the less is swept. */
const maxYoungGenerationSizeMb = 64;

/** As many workers as there are processors: whoever is free takes the next task. */
export class Crew {
  readonly #workers: readonly Worker[];

  constructor(seed: number) {
    this.#workers = Array.from(
      { length: availableParallelism() },
      () =>
        new Worker(new URL('worker.ts', import.meta.url), {
          workerData: { seed },
          resourceLimits: { maxYoungGenerationSizeMb },
        }),
    );
  }

  /** Have all of these done. The sum is the same whoever did which. */
  async live(tasks: readonly Task[], onDone: (done: number) => void): Promise<Tally> {
    const tallies: Tally[] = [];
    let next = 0;
    let done = 0;
    await Promise.all(
      this.#workers.map(async (worker) => {
        for (let at = next++; at < tasks.length; at = next++) {
          const task = tasks[at];
          if (task === undefined) return;
          tallies[at] = await answerOf(worker, task);
          done += 1;
          onDone(done);
        }
      }),
    );
    return tallies.reduce(addTallies, emptyTally);
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function answerOf(worker: Worker, task: Task): Promise<Tally> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (tally: Tally) => {
      worker.off('error', reject);
      resolve(tally);
    });
    worker.postMessage(task);
  });
}
