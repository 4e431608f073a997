import { parentPort, workerData } from 'node:worker_threads';
import { addTallies, emptyTally, liveDay, visitsADay } from './days.ts';

/** Every `stride`-th day of a run, from `first` on, `sessions` in all over the whole run. */
export type Share = {
  readonly seed: number;
  readonly sessions: number;
  readonly first: number;
  readonly stride: number;
};

const { seed, sessions, first, stride } = workerData as Share;
let tally = emptyTally;
for (let day = first; day * visitsADay < sessions; day += stride) {
  const visits = Math.min(visitsADay, sessions - day * visitsADay);
  tally = addTallies(tally, await liveDay(seed, day, visits));
}
parentPort?.postMessage(tally);
