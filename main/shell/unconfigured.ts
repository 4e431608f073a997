import { currencies } from '../contract/money.ts';
import type { View } from '../contract/view.ts';
import type { Station } from './station.ts';

/**
 * A station that cannot be, for want of a configuration: out of service, naming what is missing where a technician
 * looks for help. It listens to nobody.
 */
export function unconfiguredStation(problems: readonly string[]): Station {
  const view: View = {
    language: 'en',
    currency: currencies.CNY,
    stationName: 'AddValue',
    helpLine: problems.join('\n'),
    idleWarning: null,
    screen: {
      kind: 'out-of-service',
      faults: (['reader', 'sam', 'terminal', 'printer', 'journal'] as const).map((device) => ({
        device,
        fault: 'not-ready',
      })),
      settling: false,
      balanceWorks: false,
    },
  };
  return {
    attach(channel) {
      channel.send({ seq: 1, view });
      return () => {};
    },
    close: async () => {},
  };
}
