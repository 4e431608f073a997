import { access, constants, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { asRoot, command, deed, type Finding, fault, note, ok } from './finding.ts';
import { type Patient, realDevices } from './patient.ts';
import { listSerialPorts } from './serial-ports.ts';
import { stationUser, userName } from './station-user.ts';

export async function examinePermissions({
  config,
  configFile,
}: Patient): Promise<readonly Finding[]> {
  const { printer } = realDevices(config);
  const ports =
    printer === null
      ? (await listSerialPorts()).map(({ path: port }) => port)
      : printer.line.kind === 'serial'
        ? [printer.line.path]
        : [];
  const findings = [userFinding(configFile)];
  for (const port of ports) findings.push(...(await portFindings(port)));
  if (config?.journal !== undefined) {
    findings.push(...(await folderFindings(path.dirname(path.resolve(config.journal)))));
  }
  return findings;
}

function userFinding(configFile: string | null): Finding {
  const user = userName();
  if (process.getuid?.() !== 0) return ok('user', `${user}.`);
  const rest = configFile === null ? '' : ` -- --config ${configFile}`;
  return note(
    'user',
    'root, who may do everything: what the station may do is seen only as the user that it runs as.',
    // There is no sudo on every Debian, and root needs none.
    command(`runuser -u ${stationUser(user)} -- npm run doctor${rest}`),
  );
}

/** Whether this user may open a serial port. Nothing is said of one that is not there. */
export async function portFindings(port: string): Promise<readonly Finding[]> {
  const found = await stat(port).catch(() => null);
  if (found === null) return [];
  const allowed = await may(port, constants.R_OK | constants.W_OK);
  const user = userName();
  if (allowed) return [ok('serial access', `${user} may open ${port}.`)];
  const group = await groupOf(found.gid);
  // Nobody is made a member of root's own group.
  if (found.gid === 0 || (found.mode & 0o060) !== 0o060) {
    return [
      fault(
        'serial access',
        `${user} may not open ${port}: that is for root alone. Debian gives such ports to the group dialout:`,
        asRoot(`chgrp dialout ${port}`),
        asRoot(`chmod 660 ${port}`),
        asRoot(`usermod -aG dialout ${user}`),
        deed('Then log out and in again.'),
      ),
    ];
  }
  if (group.members.includes(user)) {
    return [
      fault(
        'serial access',
        `${user} has been made a member of ${group.name}, but was logged in before that.`,
        deed('Log out and in again; start the station again.'),
      ),
    ];
  }
  return [
    fault(
      'serial access',
      `${user} may not open ${port}: that is for the group ${group.name}.`,
      asRoot(`usermod -aG ${group.name} ${user}`),
      deed('Then log out and in again.'),
    ),
  ];
}

/** Whether this user may write in the journal's folder. Nothing is said of one that is not there. */
export async function folderFindings(folder: string): Promise<readonly Finding[]> {
  if (!(await may(folder, constants.F_OK))) return [];
  const user = userName();
  if (await may(folder, constants.W_OK | constants.X_OK)) {
    return [ok('journal access', `${user} may write in ${folder}.`)];
  }
  return [
    fault(
      'journal access',
      `${user} may not write in ${folder}.`,
      asRoot(`chown -R ${user}: ${folder}`),
    ),
  ];
}

/** A disk that is mounted to be read only is none of the user's faults: journal.ts tells of it. */
async function may(file: string, mode: number): Promise<boolean> {
  try {
    await access(file, mode);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EROFS';
  }
}

async function groupOf(gid: number): Promise<{ name: string; members: readonly string[] }> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  for (const line of groups.split('\n')) {
    const [name = '', , id, members = ''] = line.split(':');
    if (id === String(gid)) return { name, members: members.split(',') };
  }
  return { name: String(gid), members: [] };
}
