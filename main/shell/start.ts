import { spawn } from 'node:child_process';
import { enterVirtualStation } from './bench-virtual-station.ts';
import { buildElectron, buildRendererIfStale, rendererFolder } from './build.ts';
import { startAsAsked } from './command-line.ts';
import { namesSimulated } from './config.ts';
import { readConfigFile } from './config-file.ts';
import { type ElectronAnswer, electronBinary } from './electron-binary.ts';
import { devRefused, optionsText, type StartOptions } from './options.ts';
import { StartRefused } from './start-refused.ts';

/*
 * `npm start`: build what is not built, choose a shell, say which and why, and start it. What it starts are the same
 * entries that a deployment starts by itself.
 */

/** design.md 3: Electron's binary has so long to begin to arrive. */
const electronPatienceMs = 10_000;

/** An Electron that ends this soon after its start could not show anything. */
const stillbornMs = 3_000;

async function start(options: StartOptions): Promise<void> {
  if (options.station === 'virtual') enterVirtualStation();
  const isSimulated = needsBench(options);
  const station = nameOf(options, isSimulated);
  // Both take their time, and neither needs the other.
  const [electron] = await Promise.all([chooseElectron(options), buildRendererIfStale()]);
  let why = electron.kind === 'refused' ? electron.why : '';
  if (electron.kind === 'done') {
    say(`${station}, Electron shell, because its binary is here`);
    const ending = await runElectron(electron.binary, isSimulated, options);
    if (ending.kind === 'ran') return;
    why = `Electron ended at once (${ending.how})`;
  }
  if (options.shell === 'electron') {
    process.stderr.write(`The Electron shell was asked for, but ${why}.\n`);
    process.exitCode = 1;
    return;
  }
  say(`${station}, web shell, because ${why}`);
  const web = isSimulated ? await import('./web/main-simulated.ts') : await import('./web/main.ts');
  await web.runOnWeb(options, rendererFolder);
}

/**
 * Whatever is simulated runs on the bench: no other entry can reach it. Throws StartRefused for a file that says nothing, or
 * other than what was asked for.
 */
function needsBench({ configFile, station, dev }: StartOptions): boolean {
  if (configFile === null) return true;
  const answer = readConfigFile(configFile, namesSimulated);
  if (answer.kind === 'refused') throw new StartRefused(answer.problems.join('\n'));
  if (!answer.config && station !== null) {
    throw new StartRefused(
      `${configFile} names real devices only, and --station ${station} needs simulated ones. Leave --station out.`,
    );
  }
  if (!answer.config && dev) throw new StartRefused(devRefused);
  return answer.config;
}

function nameOf({ configFile, station }: StartOptions, isSimulated: boolean): string {
  if (!isSimulated) return 'station';
  if (station === 'virtual') {
    return 'virtual station (simulated devices behind a real pcscd and a real serial port)';
  }
  if (configFile === null) return 'simulated station';
  return `simulated station (${configFile} names simulated devices)`;
}

async function chooseElectron(options: StartOptions): Promise<ElectronAnswer> {
  if (options.station === 'virtual') {
    return { kind: 'refused', why: 'the virtual station is shown in a browser' };
  }
  if (options.shell === 'web') return { kind: 'refused', why: 'it was asked for' };
  if (options.dev) return { kind: 'refused', why: 'it is the one that reloads' };
  if (options.shell !== 'electron') {
    const { DISPLAY, WAYLAND_DISPLAY } = process.env;
    if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) {
      return { kind: 'refused', why: 'there is no display for Electron' };
    }
    // As root it starts only without its sandbox, and it is never started without.
    if (process.getuid?.() === 0) return { kind: 'refused', why: 'Electron does not run as root' };
  }
  const found = await electronBinary(electronPatienceMs, drawProgress);
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return found;
}

/** Run Electron to its end. */
async function runElectron(
  binary: string,
  isSimulated: boolean,
  options: StartOptions,
): Promise<{ readonly kind: 'ran' } | { readonly kind: 'stillborn'; readonly how: string }> {
  const main = await buildElectron(isSimulated ? 'main-simulated' : 'main');
  const startedMs = performance.now();
  const child = spawn(binary, [main, ...optionsText(options)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  const how = await new Promise<string | number>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'killed'));
  });
  if (how !== 0 && performance.now() - startedMs < stillbornMs) {
    return { kind: 'stillborn', how: String(how) };
  }
  process.exitCode = typeof how === 'number' ? how : 1;
  return { kind: 'ran' };
}

function drawProgress(part: number): void {
  if (!process.stderr.isTTY) return;
  const done = Math.round(part * 40);
  const bar = '█'.repeat(done) + '░'.repeat(40 - done);
  process.stderr.write(`\rElectron ${bar} ${Math.round(part * 100)} %`);
}

function say(line: string): void {
  process.stdout.write(`AddValue: ${line}\n`);
}

await startAsAsked(start);
