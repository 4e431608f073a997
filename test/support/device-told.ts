import type { Health } from '../../main/contract/device.ts';
import type { Fact } from '../../main/session/event.ts';

export type ToldDevice = 'reader' | 'sam' | 'printer' | 'journal';

/** What a device tells of itself; of the load authorities, that of PBOC cards where no family is named. */
export function deviceTold(device: ToldDevice, health: Health, family = 'pboc'): Fact {
  return device === 'sam'
    ? { kind: 'device-changed', device, family, health }
    : { kind: 'device-changed', device, health };
}
