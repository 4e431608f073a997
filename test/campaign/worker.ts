import { parentPort, workerData } from 'node:worker_threads';
import { liveTask, type Task } from './tasks.ts';

/** Lives each task that it is given, and answers with what came of it. */
const { seed } = workerData as { readonly seed: number };
parentPort?.on('message', (task: Task) => {
  void liveTask(seed, task).then((tally) => parentPort?.postMessage(tally));
});
