import { existsSync } from 'node:fs';
import { readConfigFile } from '../config-file.ts';
import { command, deed, type Finding, fault, note, ok } from './finding.ts';
import type { StationConfig } from './patient.ts';

const usualFile = '/etc/addvalue/station.json';
const examined = 'configuration';

export type ConfigurationAnswer = {
  readonly config: StationConfig | null;
  readonly findings: readonly Finding[];
};

/** Read the configuration that the other examinations go by. Each problem is a fault, in the station's own words. */
export async function examineConfiguration(file: string | null): Promise<ConfigurationAnswer> {
  if (file === null) return { config: null, findings: [withoutFile()] };
  const { namesSimulated, parseBenchConfig, parseProductionConfig } = await import('../config.ts');
  const isForBench = readConfigFile(file, namesSimulated);
  if (isForBench.kind === 'refused') return refused(isForBench.problems);
  const answer = isForBench.config
    ? readConfigFile(file, parseBenchConfig)
    : readConfigFile(file, parseProductionConfig);
  if (answer.kind === 'refused') return refused(answer.problems);
  if (isForBench.config) {
    const found = `${file} is whole, but names simulated devices: it is for the bench, and takes no real money.`;
    return { config: answer.config, findings: [note(examined, found)] };
  }
  return { config: answer.config, findings: [ok(examined, `${file} is whole.`)] };
}

function withoutFile(): Finding {
  const found = 'None was given, so no device is compared with what it should be.';
  return existsSync(usualFile)
    ? note(examined, found, command(`npm run doctor -- --config ${usualFile}`))
    : note(examined, found, deed('Give it with --config FILE (docs/configuration.md).'));
}

function refused(problems: readonly string[]): ConfigurationAnswer {
  const faults = problems.map((problem) => {
    // Each sentence ends with its remedy, which is a sentence of its own.
    const [, found = problem, remedy = ''] = problem.match(/^(.*[.:)]) ([A-Z].*)$/) ?? [];
    return fault(examined, found, deed(remedy));
  });
  const rest = note(examined, 'What follows was examined without it.');
  return { config: null, findings: [...faults, rest] };
}
