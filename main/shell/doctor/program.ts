import { fileURLToPath } from 'node:url';
import { command, deed, type Finding, fault, ok } from './finding.ts';
import { runProgram } from './run-program.ts';

/** Everything runs on this one; Electron brings the same. */
const nodeMajor = 24;

/**
 * Node, and the journal's SQLite in a process of its own: a native part that does not fit ends the process that loads it
 * (better-sqlite3 does so on Node 20).
 */
export async function examineProgram(late: AbortSignal): Promise<readonly Finding[]> {
  return [nodeFinding(process.version), await sqliteFinding(late)];
}

export function nodeFinding(version: string): Finding {
  const found = `${version.slice(1)} on ${process.platform} ${process.arch}.`;
  return version.startsWith(`v${nodeMajor}.`)
    ? ok('Node', found)
    : fault(
        'Node',
        `${found} This program runs on Node ${nodeMajor}.`,
        deed('It comes with the packages, and npm scripts find it by themselves:'),
        command('npm ci'),
      );
}

async function sqliteFinding(late: AbortSignal): Promise<Finding> {
  const program = fileURLToPath(new URL('ask-sqlite.ts', import.meta.url));
  const answer = await runProgram(process.execPath, [program], late);
  if (answer.kind === 'ended' && answer.code === 0) {
    return ok('SQLite', `${answer.out.trim()}.`);
  }
  const said = answer.kind === 'ended' ? firstError(answer.err) : '';
  return fault(
    'SQLite',
    `It does not work here${said === '' ? '' : ` (${said})`}: no journal can be written.`,
    command('npm ci'),
  );
}

/** Of a stack trace, the line that says what is wrong. */
function firstError(text: string): string {
  return text.split('\n').find((line) => /Error/.test(line)) ?? '';
}
