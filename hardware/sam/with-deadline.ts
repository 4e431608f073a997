import type { Clock } from '../../main/contract/clock.ts';
import { within } from '../card/deadline.ts';
import type { Sam } from './port.ts';

/** The two questions that a card conversation puts to the load authority. */
export type LoadAuthority = Pick<Sam, 'authoriseLoad' | 'verifyTac'>;

/** The same SAM, answering `failed` when it takes too long: a card waits in the reader meanwhile. */
export function samWithDeadline(sam: Sam, clock: Clock, deadlineMs: number): LoadAuthority {
  const late = () =>
    ({ kind: 'failed', detail: `the SAM did not answer within ${deadlineMs} ms` }) as const;
  return {
    authoriseLoad: (request) => within(clock, deadlineMs, sam.authoriseLoad(request), late),
    verifyTac: (claim) => within(clock, deadlineMs, sam.verifyTac(claim), late),
  };
}
