import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { PcscSurvey } from '../../../hardware/reader/pcsc-survey.ts';
import { systemClock } from '../../runtime/clock.ts';
import { conduct } from './conduct.ts';
import { lanes } from './examinations.ts';
import { command, deed, type Finding, fault, note, reasonOf, systemCode } from './finding.ts';
import { holderText, lockerOf } from './lock-holder.ts';
import type { Patient, StationConfig } from './patient.ts';
import { findingText, reportJson, summaryText } from './report.ts';

/*
 * `npm run doctor`: what a technician runs on a new machine. It looks at everything that a station needs, says what is wrong and
 * what to do, and changes nothing: no payment is begun, nothing is printed, nothing is written.
 */

const usage = `npm run doctor [-- options]

  --config FILE   the station that FILE describes (docs/configuration.md)
  --json          one JSON document, for a fleet's monitoring
  --help          show this
Exit codes: 0 nothing is at fault, 1 something is, 2 wrong usage.
`;

const exitCodes = { well: 0, ill: 1, unusable: 2 } as const;

/** Half of what the examinations that ask for it have: pcscd is asked twice. */
const pcscDeadlineMs = 3_000;

type Order = { readonly configFile: string | null; readonly json: boolean };

async function examineStation({ configFile, json }: Order): Promise<number> {
  const all: Finding[] = [];
  const tell = (findings: readonly Finding[]): void => {
    all.push(...findings);
    if (json) return;
    for (const finding of findings) process.stdout.write(findingText(finding, process.stdout));
  };
  // A native part may fail at any moment, in nobody's call: that is one more line.
  process.on('uncaughtException', (error) => {
    const found = `An examination broke: ${reasonOf(error)}.`;
    tell([fault('doctor', found, deed('Run this again.'))]);
  });

  const { config, findings } = await readConfiguration(configFile);
  tell(findings);
  const patient: Patient = {
    configFile,
    config,
    kiosk: config?.journal === undefined ? null : await lockerOf(`${config.journal}-writer`),
    pcsc: surveyOnce(),
    clock: systemClock,
  };
  if (patient.kiosk !== null) {
    const found = `It runs: ${holderText(patient.kiosk)}. What it uses is left alone.`;
    tell([note('kiosk', found)]);
  }
  for (const found of conduct(lanes, patient)) tell(await found);

  process.stdout.write(
    json
      ? reportJson(all, { host: hostname(), version: ownVersion(), configFile }, Date.now())
      : summaryText(all),
  );
  return all.some(({ verdict }) => verdict === 'fault') ? exitCodes.ill : exitCodes.well;
}

/** Before everything else, and never in its way: without the packages that check it, it is one fault among others. */
async function readConfiguration(
  file: string | null,
): Promise<{ config: StationConfig | null; findings: readonly Finding[] }> {
  try {
    const { examineConfiguration } = await import('./configuration.ts');
    return await examineConfiguration(file);
  } catch (error) {
    const isPackageMissing = /MODULE_NOT_FOUND/.test(systemCode(error) ?? '');
    const remedy = isPackageMissing ? command('npm ci') : deed('Report this line.');
    const finding = fault('configuration', `Not examined: ${reasonOf(error)}.`, remedy);
    return { config: null, findings: [finding] };
  }
}

function surveyOnce(): () => Promise<PcscSurvey> {
  let survey: Promise<PcscSurvey> | null = null;
  const ask = async () => {
    const { surveyPcsc } = await import('../../../hardware/reader/pcsc-survey.ts');
    return surveyPcsc(systemClock, pcscDeadlineMs);
  };
  return () => {
    survey ??= ask();
    return survey;
  };
}

function ownVersion(): string {
  const about = new URL('../../../package.json', import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(about, 'utf8'));
  return version;
}

/** Null for a command line that is not understood. */
function readOrder(args: readonly string[]): Order | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const configFile = values.config === undefined ? null : path.resolve(values.config);
    return { configFile, json: values.json };
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n\n`);
    return null;
  }
}

const args = process.argv.slice(2);
const asksForHelp = args.includes('--help') || args.includes('-h');
const order = asksForHelp ? null : readOrder(args);
// "npm run doctor | head" closes the pipe early.
process.stdout.on('error', () => process.exit(exitCodes.unusable));
if (asksForHelp) {
  process.stdout.write(usage);
} else if (order === null) {
  process.stderr.write(usage);
  process.exitCode = exitCodes.unusable;
} else {
  // At once: what was given up at its deadline would keep the process alive.
  process.exit(await examineStation(order));
}
