import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { campusDesfire, transitDesfire } from '../../hardware/card/desfire/profiles.ts';
import { campusCard, cityCard, tUnionCard } from '../../hardware/card/pboc/profiles.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { type Bench, startBench } from './bench.ts';
import { type BenchConfig, parseBenchConfig } from './config.ts';
import { readConfigFile } from './config-file.ts';
import type { StartOptions } from './options.ts';
import { StartRefused } from './start-refused.ts';

/** What `npm start` runs when nothing is said: a city's machine that takes bank cards and mobile payments. */
const builtIn = {
  stationName: { 'zh-Hans': '示范站', 'zh-Hant': '示範站', en: 'Demo station' },
  terminalId: '0000000000A1',
  helpLine: '400-000-0000',
  currency: 'CNY',
  defaultLanguage: 'zh-Hans',
  amounts: {
    presetsMinor: [2000, 5000, 10_000, 20_000, 30_000, 50_000],
    fillToMinor: [20_000],
    minimumMinor: 1000,
    stepMinor: 1000,
  },
  devices: {
    reader: { driver: 'simulated' },
    sams: [{ driver: 'simulated' }],
    printer: { driver: 'simulated' },
    terminals: [
      { id: 'bank-card', kind: 'bank-card', phases: 'two', driver: 'simulated' },
      { id: 'mobile', kind: 'mobile', phases: 'one', driver: 'simulated' },
    ],
  },
  cards: { pboc: [cityCard, campusCard, tUnionCard], desfire: [campusDesfire, transitDesfire] },
};

const usualFolder = fileURLToPath(new URL('../../out/station', import.meta.url));

/** A station with a bench beside it. Throws StartRefused with every problem of a configuration. */
export function openSimulated(options: StartOptions, log: Log): Bench {
  const config = benchConfig(options.configFile);
  return startBench({
    config,
    clock: systemClock,
    log,
    journalPath: path.resolve(
      options.journalFile ?? config.journal ?? usualJournal('journal', options.configFile),
    ),
  });
}

/**
 * One for each configuration: what one station has begun, another with other terminals could not finish. `name` is that of
 * the built-in configuration's.
 */
export function usualJournal(name: string, configFile: string | null): string {
  const base = configFile === null ? name : path.parse(configFile).name;
  return path.join(usualFolder, `${base}.sqlite`);
}

/** What a file says, or the built-in configuration. Throws StartRefused with every problem. */
export function benchConfig(file: string | null): BenchConfig {
  const answer =
    file === null
      ? parseBenchConfig('the built-in configuration', JSON.stringify(builtIn))
      : readConfigFile(file, parseBenchConfig);
  if (answer.kind === 'done') return answer.config;
  throw new StartRefused(answer.problems.join('\n'));
}
