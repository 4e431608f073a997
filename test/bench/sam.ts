import type { Sam } from '../../hardware/sam/port.ts';
import { SoftwareSam } from '../../hardware/sam/software.ts';
import { testMasterKeys } from '../../hardware/sam/test-keys.ts';

export function computingSam(): Sam {
  return new SoftwareSam({ keys: testMasterKeys, onWarning: () => {} });
}

/**
 * A SAM that is only ever asked about one load, and remembers its answers: the load authority of a station that takes money
 * is a chip or a host, and what it computes is no more our time than what the card computes.
 */
export function rememberingSam(): Sam {
  const sam = computingSam();
  let authorised: ReturnType<Sam['authoriseLoad']> | null = null;
  let verified: ReturnType<Sam['verifyTac']> | null = null;
  return {
    watch: (onHealth) => sam.watch(onHealth),
    authoriseLoad(request) {
      authorised ??= sam.authoriseLoad(request);
      return authorised;
    },
    verifyTac(claim) {
      verified ??= sam.verifyTac(claim);
      return verified;
    },
    close: () => sam.close(),
  };
}
