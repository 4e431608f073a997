import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Runs the tests that need real services, in namespaces of their own: a network whose port 35963 is nobody else's, and
// a /run/pcscd that hides the machine's. Loopback acknowledges at once there: vpcd sends each message in two parts, and
// a delayed acknowledgement between them would cost 48 ms a command.
const inNamespaces = `
  mount -t tmpfs tmpfs /run/pcscd
  ip link set lo up
  ip route change local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1 table local quickack 1
  exec "$@"
`;

const packages = 'pcscd vsmartcard-vpcd libpcsclite1 socat util-linux iproute2';
const commands = ['pcscd', 'socat', 'unshare', 'ip'];
const missing = commands.filter(
  (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0,
);
if (!existsSync('/etc/reader.conf.d/vpcd')) missing.push('vpcd');
if (missing.length > 0) {
  console.error(`Missing: ${missing.join(', ')}. On Debian: apt install ${packages}`);
  process.exit(1);
}

const root = process.getuid?.() === 0;
if (!existsSync('/run/pcscd') && root) mkdirSync('/run/pcscd');
const config = fileURLToPath(new URL('./vitest.config.ts', import.meta.url));
const vitest = fileURLToPath(new URL('../../../node_modules/vitest/vitest.mjs', import.meta.url));
const run = spawnSync(
  'unshare',
  [
    ...(root ? [] : ['--user', '--map-root-user']),
    ...['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'],
    ...['sh', '-euc', inNamespaces, 'sh'],
    ...[process.execPath, vitest, 'run', '--config', config, ...process.argv.slice(2)],
  ],
  { stdio: 'inherit', env: { ...process.env, ADDVALUE_REAL_RIG: '1' } },
);
if (run.error !== undefined) throw run.error;
process.exitCode = run.status ?? 1;
