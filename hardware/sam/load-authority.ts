import type { Clock } from '../../main/contract/clock.ts';
import { within } from '../card/deadline.ts';
import type { LoadAuthority } from './deed.ts';
import type { Sam, SamAnswer } from './port.ts';

/** What one family asks of its SAM. The answer is `failed` where there is none, or when it takes longer than `deadlineMs`. */
export function loadAuthority(
  family: string,
  sam: Sam | null,
  clock: Clock,
  deadlineMs: number,
): LoadAuthority {
  return {
    async ask(deed, body, repeatable) {
      if (sam === null) return failed(`no load authority is configured for ${family} cards`);
      const answer = sam.ask({ family, deed, body, repeatable });
      return within(clock, deadlineMs, answer, () =>
        failed(`the SAM did not answer ${deed} within ${deadlineMs} ms`),
      );
    },
  };
}

function failed(detail: string): SamAnswer {
  return { kind: 'failed', detail };
}
