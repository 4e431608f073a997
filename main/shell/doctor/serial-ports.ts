import { existsSync } from 'node:fs';
import { constants, open, readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isatty } from 'node:tty';
import { asRoot, deed, type Finding, fault, note, ok, type Step, systemCode } from './finding.ts';
import { holderOf, holderText } from './lock-holder.ts';
import { type Patient, realDevices } from './patient.ts';

const examined = 'serial ports';

export type FoundPort = {
  /** "/dev/ttyUSB0": another one after the next start, perhaps. */
  readonly path: string;
  /** "/dev/serial/by-id/…", which stays with the device; null where udev gives none. */
  readonly byId: string | null;
};

/**
 * The serial ports of a Linux computer, as its kernel lists them: those with hardware behind them, so no pseudo-terminals.
 * `root` is the folder where /sys and /dev are.
 */
export async function listSerialPorts(root = '/'): Promise<readonly FoundPort[]> {
  const folder = path.join(root, 'sys/class/tty');
  const names = await readdir(folder).catch(() => []);
  const byId = await stableNames(path.join(root, 'dev/serial/by-id'));
  const ports: FoundPort[] = [];
  for (const name of names.sort()) {
    if (!existsSync(path.join(folder, name, 'device'))) continue;
    // The four ports that every PC is said to have: type 0 is PORT_UNKNOWN, nothing is there (linux, serial_core.h).
    const type = await readFile(path.join(folder, name, 'type'), 'utf8').catch(() => '');
    if (type.trim() === '0') continue;
    ports.push({ path: `/dev/${name}`, byId: byId.get(name) ?? null });
  }
  return ports;
}

async function stableNames(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const name of await readdir(folder).catch(() => [])) {
    const target = await realpath(path.join(folder, name)).catch(() => null);
    if (target !== null) names.set(path.basename(target), `/dev/serial/by-id/${name}`);
  }
  return names;
}

export async function examineSerialPorts({ config }: Patient): Promise<readonly Finding[]> {
  const ports = await listSerialPorts();
  const { printer } = realDevices(config);
  if (printer?.line.kind === 'serial') return configuredPort(printer.line.path, ports);
  return [
    ports.length === 0
      ? note(examined, 'There are none.')
      : ok(examined, `${ports.map(bestName).join(', ')}.`),
  ];
}

/** Whether the port that the configuration names is there, free, and can be opened. */
export async function configuredPort(
  port: string,
  ports: readonly FoundPort[],
): Promise<readonly Finding[]> {
  if (!existsSync(port)) {
    const there =
      ports.length === 0 ? 'There are none at all.' : `There is ${ports.map(bestName).join(', ')}.`;
    return [
      fault(
        'serial port',
        `${port} is not there. ${there}`,
        deed('Plug in the cable or its adapter, or correct "devices.printer.line.path".'),
      ),
    ];
  }
  return [...(await stateOfPort(port)), ...(await nameHint(port, ports))];
}

async function stateOfPort(port: string): Promise<readonly Finding[]> {
  const holder = await holderOf(port);
  if (holder !== null) {
    const held = `${port} is in use by ${holderText(holder)}.`;
    return [
      isKiosk(holder.command)
        ? note('serial port', `${held} That is the kiosk.`)
        : fault('serial port', held, evicting(holder.command, port)),
    ];
  }
  try {
    const file = await open(port, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    const isPort = isatty(file.fd);
    await file.close();
    if (isPort) return [ok('serial port', `${port} is there, free, and can be opened.`)];
    return [
      fault(
        'serial port',
        `${port} is no serial port.`,
        deed('Correct "devices.printer.line.path".'),
      ),
    ];
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EACCES' || code === 'EPERM') {
      return [note('serial port', `${port} is there, and not opened: see serial access above.`)];
    }
    if (code === 'EBUSY') {
      return [
        fault(
          'serial port',
          `${port} is in use by a program of another user.`,
          deed('Run this as root to see which one, and stop it for good.'),
        ),
      ];
    }
    return [
      fault(
        'serial port',
        `${port} cannot be opened (${code}).`,
        deed('Unplug the cable or its adapter, and plug it in again.'),
      ),
    ];
  }
}

/** A login on a serial port is what Debian starts by itself where the kernel's console is there. */
function evicting(holder: string, port: string): Step {
  return /getty/.test(holder)
    ? asRoot(`systemctl disable --now serial-getty@${path.basename(port)}.service`)
    : deed('Stop that program for good: nobody else may use this port.');
}

/** ttyUSB0 is whichever adapter was found first. */
async function nameHint(port: string, ports: readonly FoundPort[]): Promise<readonly Finding[]> {
  if (path.dirname(port) !== '/dev') return [];
  const known = ports.find((found) => found.path === port);
  if (known?.byId == null) return [];
  return [
    note(
      'serial port',
      `${port} may be another device after the next start. This name stays with it:`,
      deed(`"devices.printer.line.path": "${known.byId}"`),
    ),
  ];
}

/** A process of this program: from a checkout, or as it is packaged. */
export function isKiosk(command: string): boolean {
  return /main\/shell\/(start|web|electron)|(^|\/)addvalue( |$)/i.test(command);
}

function bestName({ path: name, byId }: FoundPort): string {
  return byId === null ? name : `${byId} (now ${name})`;
}
