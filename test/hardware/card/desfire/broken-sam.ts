import type { Sam } from '../../../../hardware/sam/port.ts';
import { desfireSam } from './desfire-station.ts';

export function bind(sam: Sam): Sam {
  return {
    families: sam.families,
    watch: (onHealth) => sam.watch(onHealth),
    ask: (question) => sam.ask(question),
    close: () => sam.close(),
  };
}

/** A SAM that is unplugged after so many questions. */
export function brokenAt(questions: number): Sam {
  const sam = desfireSam();
  let asked = 0;
  return {
    ...bind(sam),
    ask: async (question) => {
      asked += 1;
      if (asked > questions) return { kind: 'failed', detail: 'the SAM was unplugged' };
      return sam.ask(question);
    },
  };
}
