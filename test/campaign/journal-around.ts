import type { Journal } from '../../db/port.ts';
import type { Met } from './fate.ts';
import { Killed, type Life } from './mutant.ts';
import { over } from './over.ts';

/** The journal as one life of the process has it: it can fail, and the process can die at any row of it. */
export function aroundJournal(journal: Journal, meet: () => Met, life: Life): Journal {
  const liveOn = (): void => {
    if (life.isOver) throw new Killed();
  };
  return over(journal, {
    append: (entries) => {
      liveOn();
      const met = meet();
      met.before();
      liveOn();
      journal.append(entries);
      met.after();
      liveOn();
    },
    close: () => {},
  });
}
