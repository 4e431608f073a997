import type { Station } from '../station.ts';
import type { Surface } from './server.ts';

/** The customer's screen. */
export function kioskSurface(attach: Station['attach']): Surface {
  return {
    name: 'kiosk',
    path: '/',
    socketPath: '/channel/kiosk',
    document: '/index.html',
    onChannel: attach,
  };
}
