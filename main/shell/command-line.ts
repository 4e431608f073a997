import { type OptionsAnswer, readOptions, type StartOptions, usage } from './options.ts';
import { endRefused } from './start-refused.ts';

/** Start what the command line of this process asks for; or say why not (exit code 2), or how it is used (0). */
export async function startAsAsked(
  start: (options: StartOptions) => Promise<void>,
  read: (args: readonly string[]) => OptionsAnswer = readOptions,
): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage);
    return;
  }
  const answer = read(args);
  if (answer.kind === 'done') {
    await start(answer.options).catch(endRefused);
  } else {
    process.stderr.write(`${answer.why}\n\n${usage}`);
    process.exitCode = 2;
  }
}
