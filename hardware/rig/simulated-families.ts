import { simulatedDesfire } from './simulated-desfire.ts';
import type { SimulatedFamily } from './simulated-family.ts';
import { simulatedPboc } from './simulated-pboc.ts';

/** Every family whose cards lie in the drawer of a bench. */
export const simulatedFamilies: readonly SimulatedFamily[] = [simulatedPboc, simulatedDesfire];

/** Whether a card that executes this command changes for good, whatever its family. */
export function isWrite(command: Uint8Array): boolean {
  return simulatedFamilies.some((family) => family.isWrite(command));
}
