import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

/** Set inside the namespaces: only there may a pcscd be started, for a machine has one. */
const mark = 'ADDVALUE_VIRTUAL_WIRES';

/**
 * vpcd sends each message in two parts; with delayed acknowledgements between them a command costs 48 ms, with immediate
 * ones 0.1 ms.
 */
const ownLoopback = `
  ip link set lo up
  ip route change local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 table local quickack 1
`;

const packages = 'pcscd vsmartcard-vpcd libpcsclite1 socat util-linux iproute2';

/** What of the programs behind the virtual wires is not installed, as one sentence with the remedy; null: nothing. */
export function missingPrograms(): string | null {
  const missing = ['pcscd', 'socat', 'unshare', 'ip'].filter(
    (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0,
  );
  if (!existsSync('/etc/reader.conf.d/vpcd')) missing.push('vpcd');
  if (missing.length === 0) return null;
  return `Missing: ${missing.join(', ')}. On Debian: apt install ${packages}`;
}

/**
 * A command line that runs `command` where /run/pcscd is its own, hiding the machine's. `network`: `own`, where port 35963
 * is nobody else's, or `shared`, where a browser outside can reach it. All that it started ends with it.
 */
export function inNamespaces(
  network: 'own' | 'shared',
  command: readonly string[],
): readonly [string, readonly string[]] {
  const isRoot = process.getuid?.() === 0;
  // An empty folder to mount over; without root there is none, and none is needed where pcscd is installed.
  if (isRoot && !existsSync('/run/pcscd')) mkdirSync('/run/pcscd');
  const prepared = [
    'mount -t tmpfs tmpfs /run/pcscd',
    ...(network === 'own' ? [ownLoopback] : []),
    `export ${mark}=1`,
    'exec "$@"',
  ].join('\n');
  return [
    'unshare',
    [
      ...(isRoot ? [] : ['--user', '--map-root-user']),
      ...(network === 'own' ? ['--net'] : []),
      ...['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['sh', '-euc', prepared, 'sh', ...command],
    ],
  ];
}

/** Throws outside the namespaces: there the machine's own pcscd would be shot. */
export function assertInNamespaces(): void {
  if (process.env[mark] === undefined) {
    throw new Error('a machine has one pcscd: this one may only run in namespaces of its own');
  }
}
