import { systemClock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { composeStation } from './compose.ts';
import { parseProductionConfig, termsOf } from './config.ts';
import { readConfigFile } from './config-file.ts';
import type { StartOptions } from './options.ts';
import { openRealPorts } from './real-ports.ts';
import type { Station } from './station.ts';
import { unconfiguredStation } from './unconfigured.ts';

const usualConfigFile = '/etc/addvalue/station.json';

/**
 * The station with its real devices, as its configuration describes it; out of service, with the reasons, where the
 * configuration is missing or wrong. This is what is packaged: nothing simulated can be reached from here.
 */
export function openProduction(
  options: Pick<StartOptions, 'configFile' | 'journalFile'>,
  log: Log,
): Station {
  const file = options.configFile ?? process.env.ADDVALUE_CONFIG ?? usualConfigFile;
  const answer = readConfigFile(file, parseProductionConfig);
  if (answer.kind === 'refused') {
    for (const problem of answer.problems) log.error({}, problem);
    return unconfiguredStation(answer.problems);
  }
  const { config } = answer;
  return composeStation({
    terms: termsOf(config),
    ports: openRealPorts(config, systemClock, log),
    journalFile: options.journalFile ?? config.journal,
    journalKey: config.journalKey,
    printClosings: config.printClosings,
    clock: systemClock,
    log,
  });
}
