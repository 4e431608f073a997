import type { DeviceFault } from '../../main/contract/device.ts';
import type { Fault } from '../card/port.ts';

type Meaning = { readonly fault: DeviceFault; readonly words: string };

/** What a fault of its slot means for a SAM card: its health, and the reason with its remedy for the technician. */
const meanings: Readonly<Record<Fault['kind'], Meaning>> = {
  'card-gone': { fault: 'unplugged', words: 'it is not in its slot: put it in' },
  'card-mute': { fault: 'silent', words: 'it does not answer: take it out and put it in again' },
  'card-garbled': {
    fault: 'silent',
    words: 'its answers are no card’s: clean its contacts and put it in again',
  },
  'reader-gone': { fault: 'unplugged', words: 'its reader is not there: plug it in' },
  'reader-busy': { fault: 'busy', words: 'another program holds it: end that program' },
  'reader-silent': { fault: 'silent', words: 'its reader hangs: unplug it and plug it in again' },
  'service-down': { fault: 'service-down', words: 'the smart card service is down: start pcscd' },
};

export function samFaultOf(fault: Fault): DeviceFault {
  return meanings[fault.kind].fault;
}

export function samFaultWords(fault: Fault): string {
  return meanings[fault.kind].words;
}
