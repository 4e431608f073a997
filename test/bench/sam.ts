import { softwarePboc } from '../../hardware/card/pboc/software-authority.ts';
import { testMasterKeys } from '../../hardware/card/pboc/test-keys.ts';
import type { Sam, SamAnswer } from '../../hardware/sam/port.ts';
import { SoftwareSam } from '../../hardware/sam/software.ts';

export function computingSam(): Sam {
  return new SoftwareSam({ applets: { pboc: softwarePboc(testMasterKeys) }, onWarning: () => {} });
}

/**
 * A SAM that is only ever asked about one load, and remembers its answers: the load authority of a station that takes money
 * is a chip or a host, and what it computes is no more our time than what the card computes.
 */
export function rememberingSam(): Sam {
  const sam = computingSam();
  const answers = new Map<string, Promise<SamAnswer>>();
  return {
    families: sam.families,
    watch: (onHealth, family) => sam.watch(onHealth, family),
    ask(question) {
      const answer = answers.get(question.deed) ?? sam.ask(question);
      answers.set(question.deed, answer);
      return answer;
    },
    close: () => sam.close(),
  };
}
