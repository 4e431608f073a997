import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { asRoot, command, deed, type Finding, fault, note, ok } from './finding.ts';
import type { Patient } from './patient.ts';
import { runProgram } from './run-program.ts';

const examined = 'clock';
const top = new URL('../../../', import.meta.url);

/** Rows and clocks may differ by so much without a fault: a clock that is kept in step is sometimes set back a little. */
const toleranceMs = 60_000;

/** The clock, whose time stands on receipts and is written to cards. */
export async function examineClock(
  { config, clock }: Patient,
  late: AbortSignal,
): Promise<readonly Finding[]> {
  const [newestRowMs, isKept] = await Promise.all([
    config?.journal === undefined ? null : newestRow(path.resolve(config.journal), late),
    isKeptInStep(late),
  ]);
  const facts = { nowMs: clock.wallMs(), installedMs: installedMs(), newestRowMs, isKept };
  return [clockFinding(facts), zoneFinding(Intl.DateTimeFormat().resolvedOptions().timeZone)];
}

/** `isKept`: whether the time comes from elsewhere; null where that cannot be told. Times are milliseconds since 1970. */
export function clockFinding(facts: {
  readonly nowMs: number;
  readonly installedMs: number;
  readonly newestRowMs: number | null;
  readonly isKept: boolean | null;
}): Finding {
  const { nowMs, installedMs, newestRowMs, isKept } = facts;
  const now = utc(nowMs);
  const early = (what: string) =>
    fault(
      examined,
      `It says ${now}, but ${what}. Receipts and cards would carry the wrong time.`,
      asRoot('timedatectl set-ntp true'),
      deed('Without a network, set it by hand (UTC):'),
      asRoot('date --utc --set "YYYY-MM-DD hh:mm"'),
      deed('If it is wrong again after a power cut, replace the battery on the main board.'),
    );
  if (newestRowMs !== null && nowMs < newestRowMs - toleranceMs) {
    return early(`the journal was last written at ${utc(newestRowMs)}`);
  }
  if (nowMs < installedMs - toleranceMs) {
    return early(`this program was installed at ${utc(installedMs)}`);
  }
  if (isKept === true) return ok(examined, `${now}, kept in step over the network.`);
  const found =
    isKept === false
      ? `${now}. Nothing keeps it in step: it drifts by minutes a year.`
      : `${now}. Whether something keeps it in step cannot be told here.`;
  return note(
    examined,
    found,
    asRoot('apt install systemd-timesyncd'),
    deed('If it is installed already, it reaches no time server:'),
    command('timedatectl timesync-status'),
  );
}

export function zoneFinding(zone: string): Finding {
  return zone === 'UTC' || zone === 'Etc/UTC'
    ? note(
        'time zone',
        `${zone}. Receipts and cards carry this time: is it meant?`,
        deed('If not, name the zone in the unit (docs/deployment.md), or for all:'),
        asRoot('timedatectl set-timezone Asia/Shanghai'),
      )
    : ok('time zone', `${zone}, for this shell. A unit's own TZ comes before it.`);
}

/** The newest of what an installation writes. */
function installedMs(): number {
  const files = ['package.json', 'package-lock.json', 'out/renderer/index.html'];
  const times = files.map(
    (file) => statSync(fileURLToPath(new URL(file, top)), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return Math.max(...times);
}

async function newestRow(file: string, late: AbortSignal): Promise<number | null> {
  const program = fileURLToPath(new URL('ask-sqlite.ts', import.meta.url));
  const answer = await runProgram(process.execPath, [program, file], late);
  const isTold = answer.kind === 'ended' && answer.code === 0 && answer.out !== '';
  return isTold ? Number(answer.out) : null;
}

/** The number of adjtimex(2) on the two processors that a station may have (linux, asm/unistd). */
const adjtimexNumbers: Readonly<Partial<Record<NodeJS.Architecture, number>>> = {
  x64: 159,
  arm64: 171,
};

/** Above this many microseconds of possible error, systemd too calls a clock not synchronised (time-util.c, ntp_synced). */
const outOfStepMicroseconds = 16_000_000;

/** The kernel's own opinion, whoever keeps the clock. Perl can ask for it and is on every Debian. */
async function isKeptInStep(late: AbortSignal): Promise<boolean | null> {
  const number = adjtimexNumbers[process.arch];
  if (process.platform !== 'linux' || number === undefined) return null;
  // struct timex: the possible error is its fourth field, eight bytes at 24. Nothing is changed: modes is 0.
  const ask = `my $t = "\\0" x 256; exit 1 if syscall(${number}, $t) < 0; print unpack("x24 q", $t)`;
  const answer = await runProgram('perl', ['-e', ask], late);
  if (answer.kind !== 'ended' || answer.code !== 0) return null;
  return Number(answer.out) < outOfStepMicroseconds;
}

/** "2026-11-21 17:24 UTC" */
function utc(wallMs: number): string {
  return `${new Date(wallMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
