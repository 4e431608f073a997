import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

/** Set inside the namespaces, to who made them: only there may a pcscd be started, for a machine has one. */
const mark = 'ADDVALUE_VIRTUAL_WIRES';

/** Where pcscd and its clients meet (pcsclite.h, PCSCLITE_CSOCK_NAME); the namespaces have one of their own. */
export const pcscdFolder = '/run/pcscd';

/**
 * vpcd sends each message in two parts; with delayed acknowledgements between them a command costs 48 ms, with immediate
 * ones 0.1 ms.
 */
const ownLoopback = `
  ip link set lo up
  ip route change local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 table local quickack 1
`;

const packages = 'pcscd vsmartcard-vpcd libpcsclite1 socat util-linux iproute2';

type CommandLine = readonly [string, readonly string[]];

/** What of the programs behind the virtual wires is not installed, as one sentence with the remedy; null: nothing. */
export function missingPrograms(): string | null {
  const missing = ['pcscd', 'socat', 'unshare', 'setpriv', 'ip'].filter(
    (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
  );
  if (!existsSync('/etc/reader.conf.d/vpcd')) missing.push('vpcd');
  if (missing.length === 0) return null;
  return `Missing: ${missing.join(', ')}. On Debian: apt install ${packages}`;
}

/** Why no namespaces can be made here, as one sentence with the remedy; null: they can. */
export function forbiddenNamespaces(): string | null {
  if (!isRoot() && !existsSync(pcscdFolder)) {
    return `There is no ${pcscdFolder} to put a pcscd of one's own in: sudo mkdir ${pcscdFolder}`;
  }
  const [program, args] = inNamespaces('shared', inOwnNetwork(['true']).flat());
  const tried = spawnSync(program, args, { encoding: 'utf8' });
  if (tried.status === 0) return null;
  const [said = 'it says nothing'] = tried.stderr.trim().split('\n');
  return (
    `Linux namespaces cannot be made here (${said}). Start it as root (in a container with CAP_SYS_ADMIN), ` +
    'or let users make them: sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0'
  );
}

/**
 * A command line that runs `command` where /run/pcscd is its own, hiding the machine's. `network`: `own`, where port 35963
 * is nobody else's and all that it started ends with it; or `shared`, where a browser outside can reach it, and its process
 * is the one that ran the command line.
 */
export function inNamespaces(
  network: 'own' | 'shared',
  command: readonly string[],
): readonly [string, readonly string[]] {
  // An empty folder to mount over; without root there is none, and none is needed where pcscd is installed.
  if (isRoot() && !existsSync(pcscdFolder)) mkdirSync(pcscdFolder);
  const prepared = [
    `mount -t tmpfs -o mode=755 tmpfs ${pcscdFolder}`,
    ...(network === 'own' ? [ownLoopback] : []),
    `export ${mark}=${isRoot() ? 'root' : 'user'}`,
    'exec "$@"',
  ].join('\n');
  return [
    'unshare',
    [
      ...(isRoot() ? [] : ['--user', '--map-root-user']),
      '--mount',
      ...(network === 'own' ? ['--net', '--pid', '--fork', '--kill-child', '--mount-proc'] : []),
      ...['sh', '-euc', prepared, 'sh', ...command],
    ],
  ];
}

/**
 * Within the namespaces: a command line that runs `command` in a network of its own. It and all that it started end with
 * the process that ran the command line, however that one ends.
 */
export function inOwnNetwork(command: readonly string[]): CommandLine {
  return [
    'setpriv',
    [
      ...['--pdeathsig', 'KILL'],
      ...['unshare', '--net', '--pid', '--fork', '--kill-child'],
      ...['sh', '-euc', `${ownLoopback}\nexec "$@"`, 'sh', ...command],
    ],
  ];
}

export function isInNamespaces(): boolean {
  return process.env[mark] !== undefined;
}

/** Throws outside the namespaces: there the machine's own pcscd would be shot. */
export function assertInNamespaces(): void {
  if (!isInNamespaces()) {
    throw new Error('a machine has one pcscd: this one may only run in namespaces of its own');
  }
}

/** What to type in another terminal, to run `command` with the pcscd of this process. */
export function beside(command: string): string {
  const user = process.env[mark] === 'user' ? ' --user --preserve-credentials' : '';
  return `nsenter --target ${process.pid}${user} --mount ${command}`;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
