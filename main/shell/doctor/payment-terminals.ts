import { deed, type Finding, fault, note, ok } from './finding.ts';
import { type Patient, realDevices } from './patient.ts';
import { reach } from './reach.ts';

/** Whether each payment terminal is reachable. No payment and no registration is begun: it is connected to, and left. */
export async function examineTerminals(
  { config, kiosk }: Patient,
  late: AbortSignal,
): Promise<readonly Finding[]> {
  const { terminals } = realDevices(config);
  return Promise.all(
    terminals.map(async ({ id, line }) => {
      const name = id.length > 14 ? `${id.slice(0, 13)}~` : id;
      const address = `${line.host}:${line.port}`;
      if (kiosk !== null) {
        return note(name, `${address} was left alone: the kiosk uses it.`);
      }
      const obstacle = await reach(line.host, line.port, late);
      if (obstacle === null) {
        return ok(name, `${address} can be reached. No more was tried: no payment was begun.`);
      }
      return fault(name, `${address} ${obstacle.why}.`, deed(obstacle.remedy));
    }),
  );
}
