import type { Channel } from '../../contract/channel.ts';
import type { Surface } from './server.ts';

/** The bench's page, beside the customer's screen of a simulated station. */
export function benchSurface(attach: (channel: Channel<unknown, unknown>) => () => void): Surface {
  return {
    name: 'bench',
    path: '/bench',
    socketPath: '/channel/bench',
    document: '/bench/index.html',
    onChannel: attach,
  };
}
