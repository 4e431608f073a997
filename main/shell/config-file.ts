import { readFileSync } from 'node:fs';
import type { ConfigAnswer } from './config.ts';

/** Read a configuration file and check it; a file that cannot be read is a problem like any other. */
export function readConfigFile<Config>(
  file: string,
  parse: (file: string, source: string) => ConfigAnswer<Config>,
): ConfigAnswer<Config> {
  let source: string;
  try {
    source = readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? error.code : error;
    const problem = `${file}: the configuration cannot be read (${why}). Write it there, or name it with --config (docs/configuration.md).`;
    return { kind: 'refused', problems: [problem] };
  }
  return parse(file, source);
}
