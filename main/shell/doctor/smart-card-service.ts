import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PcscSurvey } from '../../../hardware/reader/pcsc-survey.ts';
import { asRoot, command, deed, type Finding, fault, note, ok, type Step } from './finding.ts';
import type { Patient } from './patient.ts';
import { runProgram } from './run-program.ts';
import { userName } from './station-user.ts';

/** What can be seen of pcscd from outside. */
export type PcscdTraces = {
  /** PC/SC's library, libpcsclite.so.1. */
  readonly hasLibrary: boolean;
  readonly isInstalled: boolean;
  /** Of its process; null where there is none. */
  readonly pid: number | null;
  /** pcscd asks polkit who may come in: since Debian 13, not yet in Debian 12. Then this file is there. */
  readonly asksPolkit: boolean;
  readonly hasSystemd: boolean;
  readonly user: string;
  /** At a screen polkit lets a person in who, as a service, would be turned away. */
  readonly isAtScreen: boolean;
};

export async function examineSmartCardService(
  patient: Patient,
  late: AbortSignal,
): Promise<readonly Finding[]> {
  const hasLibrary = await findLibrary(late);
  return smartCardService(await patient.pcsc(), { hasLibrary, ...lookAtPcscd() });
}

/** Who is missing between the program and the reader: PC/SC's library, its service, or the leave to use it. */
export function smartCardService(survey: PcscSurvey, pcscd: PcscdTraces): readonly Finding[] {
  const service = serviceFinding(survey, pcscd);
  if (survey.kind !== 'no-library') return service === null ? [] : [service];
  const library = pcscd.hasLibrary
    ? fault('PC/SC library', `pcsc-mini does not load (${survey.detail}).`, command('npm ci'))
    : fault('PC/SC library', 'It is not installed.', asRoot('apt install libpcsclite1'));
  return service === null ? [library] : [library, service];
}

function serviceFinding(survey: PcscSurvey, pcscd: PcscdTraces): Finding | null {
  const fails = (found: string, ...remedy: readonly [Step, ...Step[]]) =>
    fault('pcscd', found, ...remedy);
  if (survey.kind === 'up') {
    if (!pcscd.asksPolkit || !pcscd.isAtScreen || pcscd.user === 'root') {
      return ok('pcscd', 'Runs and answers.');
    }
    return note(
      'pcscd',
      `Runs, and lets in ${pcscd.user} at this screen. To a station that is started as a unit, polkit may say no; this rule lets it in:`,
      lettingIn(pcscd.user),
    );
  }
  if (!pcscd.isInstalled) return fails('It is not installed.', asRoot('apt install pcscd'));
  if (survey.kind === 'no-library') return null;
  if (survey.kind === 'silent') {
    const which = pcscd.pid === null ? '' : ` (process ${pcscd.pid})`;
    return fails(
      `It runs${which}, but hangs: it does not answer.`,
      pcscd.hasSystemd
        ? asRoot('systemctl restart pcscd.service')
        : asRoot('service pcscd restart'),
      deed('If it hangs again, unplug the card reader and plug it in again first.'),
    );
  }
  if (isRefused(survey.code, pcscd)) {
    return fails(
      `It runs, but does not let in ${pcscd.user}: polkit has no rule for a user without a screen of its own.`,
      lettingIn(pcscd.user),
    );
  }
  if (pcscd.pid === null) {
    return fails(
      'It is installed, but not running.',
      pcscd.hasSystemd
        ? asRoot('systemctl enable --now pcscd.socket')
        : asRoot('service pcscd start'),
    );
  }
  return fails(
    `It runs (process ${pcscd.pid}), but cannot be reached (${survey.code}).`,
    pcscd.hasSystemd
      ? asRoot('systemctl restart pcscd.socket pcscd.service')
      : asRoot('service pcscd restart'),
  );
}

/** polkit reads its rules again by itself. */
function lettingIn(user: string): Step {
  const rule = fileURLToPath(new URL('pcscd.rules', import.meta.url));
  return asRoot(`sh -c "sed s/USER/${user}/ ${rule} > /etc/polkit-1/rules.d/50-addvalue.rules"`);
}

/** pcscd 2 says so (SCARD_W_SECURITY_VIOLATION); older ones hang up without a word. */
function isRefused(code: string, { asksPolkit, pid, user }: PcscdTraces): boolean {
  const saysSo = code === 'SecurityViolation' || code === 'AccessDenied';
  return saysSo || (asksPolkit && pid !== null && user !== 'root');
}

/** As the loader finds it: "libpcsclite.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libpcsclite.so.1". */
async function findLibrary(late: AbortSignal): Promise<boolean> {
  const answer = await runProgram('/sbin/ldconfig', ['-p'], late);
  if (answer.kind === 'not-started') return false;
  const [, file] = answer.out.match(/libpcsclite\.so\.1 .*=> (\S+)/) ?? [];
  return file !== undefined && isFile(file);
}

function lookAtPcscd(): Omit<PcscdTraces, 'hasLibrary'> {
  return {
    isInstalled: ['/usr/sbin/pcscd', '/usr/bin/pcscd', '/usr/local/sbin/pcscd'].some(isProgram),
    pid: pidOf('pcscd'),
    asksPolkit: existsSync('/usr/share/polkit-1/actions/org.debian.pcsc-lite.policy'),
    // As sd_booted(3) tells.
    hasSystemd: existsSync('/run/systemd/system'),
    user: userName(),
    isAtScreen: ['DISPLAY', 'WAYLAND_DISPLAY', 'XDG_SEAT'].some((name) => process.env[name]),
  };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return isFile(file);
  } catch {
    return false;
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Of a process by this name. Those in containers are no service of this computer: NSpid names more than one number for them. */
function pidOf(name: string): number | null {
  const pids = existsSync('/proc')
    ? readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
    : [];
  const own = pids.find((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return status.startsWith(`Name:\t${name}\n`) && /^NSpid:\t\d+$/m.test(status);
    } catch {
      // It has just ended.
      return false;
    }
  });
  return own === undefined ? null : Number(own);
}
