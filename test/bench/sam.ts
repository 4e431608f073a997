import { simulatedFamilies } from '../../hardware/rig/simulated-families.ts';
import type { Sam, SamAnswer } from '../../hardware/sam/port.ts';
import { SoftwareSam } from '../../hardware/sam/software.ts';

export function computingSam(): Sam {
  // Always the same: a conversation is to be repeated byte for byte.
  const random = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => 11 * at);
  return new SoftwareSam({
    applets: Object.fromEntries(
      simulatedFamilies.map(({ name, authority }) => [name, authority(random)]),
    ),
    onWarning: () => {},
  });
}

/**
 * A SAM that is only ever asked about one conversation, and remembers its answers: the load authority of a station that takes money
 * is a chip or a host, and what it computes is no more our time than what the card computes.
 */
export function rememberingSam(): Sam {
  const sam = computingSam();
  const answers = new Map<string, Promise<SamAnswer>>();
  return {
    families: sam.families,
    watch: (onHealth) => sam.watch(onHealth),
    ask(question) {
      const name = JSON.stringify(question);
      const answer = answers.get(name) ?? sam.ask(question);
      answers.set(name, answer);
      return answer;
    },
    close: () => sam.close(),
  };
}
