import { connect } from 'node:net';
import { systemCode } from './finding.ts';

/** Null: somebody listens there. Else why not, to finish the sentence "192.168.1.20:20007 …", and what to do. */
export type Reach = null | { readonly why: string; readonly remedy: string };

/** Connect over TCP, and hang up without a word. Never rejects. */
export function reach(host: string, port: number, late: AbortSignal): Promise<Reach> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal: late });
    socket.on('connect', () => {
      socket.destroy();
      resolve(null);
    });
    socket.on('error', (error) => resolve(explained(systemCode(error))));
    socket.setTimeout(patienceMs, () => {
      socket.destroy();
      resolve(explained('ETIMEDOUT'));
    });
  });
}

/** On a cable of its own network an answer takes milliseconds. */
const patienceMs = 3_000;

function explained(code: string | null): Reach {
  switch (code) {
    case 'ECONNREFUSED':
      return {
        why: 'is there, but nothing listens on that port',
        remedy: 'Switch the interface on in its own menu, and compare the port number there.',
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        why: 'is a name that the network does not know',
        remedy: 'Correct the name, or write its address instead.',
      };
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return {
        why: 'is in a network to which this computer has no way',
        remedy: "Look at this computer's own network cable and address: ip address",
      };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ABORT_ERR':
      return {
        why: 'does not answer',
        remedy: 'Look at its power and network cable, and compare the address in its own menu.',
      };
    default:
      return { why: `cannot be reached (${code})`, remedy: 'Look at its power and network cable.' };
  }
}
